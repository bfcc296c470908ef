import { Button, Menu } from '@mantine/core';
import { IconArrowsSort, IconColumns3 } from '@tabler/icons-react';
import { type Choice, CHOICES } from './columns';
import { type Sort, SORTS } from './filters';
import { words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

export function SortMenu({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button leftSection={<IconArrowsSort {...ICON} />} aria-label={`${words.order}: ${words.sort[sort]}`}>
          <span className="hide-n">{words.sort[sort]}</span>
          <span className="only-n">{words.order}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={sort} onChange={(value) => onSort(value as Sort)}>
          {SORTS.map((each) => (
            <Menu.RadioItem key={each} value={each} closeMenuOnClick>
              {words.sort[each]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
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
    <Menu position="bottom-end" withinPortal={false} closeOnItemClick={false}>
      <Menu.Target>
        <Button leftSection={<IconColumns3 {...ICON} />} className="hide-n">
          {words.columns}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map((choice) => (
          <Menu.CheckboxItem
            key={choice}
            checked={choices.includes(choice)}
            onChange={(on) => onChoose(on ? [...choices, choice] : choices.filter((each) => each !== choice))}
          >
            {words.head[choice]}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
