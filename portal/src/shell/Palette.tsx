import { Modal } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { palette as words } from '@/words/palette';
import css from './palette.module.css';
import { type Found, type Item, usePaletteItems } from './paletteItems';

let opened = false;
const listeners = new Set<() => void>();

function setOpened(next: boolean): void {
  opened = next;
  listeners.forEach((listener) => listener());
}

export const openPalette = (): void => setOpened(true);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const idOf = (item: Item): string => `palette-${item.id}`;

interface ListProps {
  found: Found;
  active: Item | undefined;
  onActive: (item: Item) => void;
  onRun: (item: Item) => void;
}

function Results({ found, active, onActive, onRun }: ListProps) {
  return (
    <div
      id="palette-list"
      role="listbox"
      aria-label={words.found}
      className={css.list}
      data-old={!found.settled || undefined}
    >
      {found.groups.map((group) => (
        <div key={group.name} role="group" aria-label={group.name}>
          <div className={css.group} aria-hidden="true">
            {group.name}
          </div>
          {group.items.map((item) => (
            // The field holds the focus; its arrow keys and Enter do what a click does.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={item.id}
              id={idOf(item)}
              role="option"
              aria-selected={item === active}
              tabIndex={-1}
              className={css.item}
              onMouseMove={() => onActive(item)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onRun(item)}
            >
              <item.icon size={16} stroke={1.75} aria-hidden />
              <span className={css.label}>{item.label}</span>
              {item.note && <span className={css.note}>{item.note}</span>}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function Search({ onLeave }: { onLeave: () => void }) {
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState('');
  // Enter came before what it is about; it counts for the text that stood there.
  const [awaited, setAwaited] = useState(false);
  const found = usePaletteItems(query, true);
  const items = found.groups.flatMap((group) => group.items);
  const active = items.find((item) => item.id === chosen) ?? items[0];
  const count = items.length;

  const run = (item: Item) => {
    onLeave();
    void navigate({ to: item.to, search: item.search ?? {} });
  };
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (awaited && found.settled && active) latest.current(active);
  }, [awaited, found.settled, active]);
  useEffect(() => {
    if (chosen) document.querySelector(`#${CSS.escape(`palette-${chosen}`)}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const at = active ? items.indexOf(active) : -1;
    const to =
      event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : event.key === 'Tab' ? at : undefined;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (active && (found.settled || chosen)) run(active);
      else setAwaited(true);
    } else if (to !== undefined) {
      event.preventDefault();
      setChosen(items[(to + count) % count]?.id ?? '');
    }
  };

  return (
    <>
      <div className={css.field}>
        <IconSearch size={16} stroke={1.75} aria-hidden />
        <input
          type="text"
          role="combobox"
          aria-expanded={count > 0}
          aria-controls="palette-list"
          aria-activedescendant={active ? idOf(active) : undefined}
          aria-autocomplete="list"
          aria-label={words.placeholder}
          placeholder={words.placeholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          value={query}
          data-autofocus
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setChosen('');
            setAwaited(false);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Results found={found} active={active} onActive={(item) => setChosen(item.id)} onRun={run} />
      {count === 0 && <p className={css.say}>{found.settled ? words.nothing : words.searching}</p>}
      {found.failed && <p className={css.say}>{words.failed}</p>}
      <p className={`${css.keys} hide-n`} aria-hidden="true">
        {words.keys.map((key) => (
          <span key={key}>{key}</span>
        ))}
      </p>
      <span className="sr" role="status">
        {query && found.settled ? words.count(count) : ''}
      </span>
    </>
  );
}

/** Ctrl K: every app, page, person, connection, and what one may do; by keyboard alone. */
export default function Palette() {
  const shown = useSyncExternalStore(subscribe, () => opened);
  useHotkeys([['mod+K', () => setOpened(!opened)]], []);
  const leave = () => setOpened(false);
  return (
    <Modal.Root
      opened={shown}
      onClose={leave}
      size={600}
      yOffset="10vh"
      xOffset={16}
      classNames={{ content: css.content ?? '' }}
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label={words.label}>{shown && <Search onLeave={leave} />}</Modal.Content>
    </Modal.Root>
  );
}
