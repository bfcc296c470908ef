import { Button, Menu } from '@mantine/core';
import { IconArrowsSort, IconColumns3 } from '@tabler/icons-react';
import { Glyph } from '@/kit/marks/Glyph';
import { type Choice, CHOICES } from './columns';
import { type Sort, SORTS } from './filters';
import { words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

export function SortMenu({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconArrowsSort {...ICON} />} aria-label={`${words.order}: ${words.sort[sort]}`}>
          {words.sort[sort]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {SORTS.map((each) => (
          <Menu.Item
            key={each}
            role="menuitemradio"
            aria-checked={each === sort}
            rightSection={each === sort ? <Glyph name="ok" /> : null}
            onClick={() => onSort(each)}
          >
            {words.sort[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function ColumnsMenu({
  choices,
  onChoose,
}: {
  choices: readonly Choice[];
  onChoose: (choices: readonly Choice[]) => void;
}) {
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button leftSection={<IconColumns3 {...ICON} />} className="hide-n">
          {words.columns}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map((choice) => {
          const on = choices.includes(choice);
          return (
            <Menu.Item
              key={choice}
              role="menuitemcheckbox"
              aria-checked={on}
              rightSection={on ? <Glyph name="ok" /> : null}
              onClick={() => onChoose(on ? choices.filter((each) => each !== choice) : [...choices, choice])}
            >
              {words.head[choice]}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
