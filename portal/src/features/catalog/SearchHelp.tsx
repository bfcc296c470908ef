import { ActionIcon, Popover } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { useState } from 'react';
import css from './dialog.module.css';
import { help } from './words';

/** What can be typed, each with an example that goes into the search. */
export function SearchHelp({ onPick }: { onPick: (example: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={380} trapFocus returnFocus shadow="none">
      <Popover.Target>
        <ActionIcon variant="subtle" size="sm" aria-label={help.open} onClick={() => setOpen(!open)}>
          <IconHelp size={16} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={css.help} aria-label={help.title}>
        <p className="nm sm">{help.title}</p>
        <ul>
          {help.examples.map(([example, meaning]) => (
            <li key={example}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  onPick(example);
                }}
              >
                <code>{example}</code>
                <span className="t2">{meaning}</span>
              </button>
            </li>
          ))}
        </ul>
        <p className="xs t3">{help.note}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
