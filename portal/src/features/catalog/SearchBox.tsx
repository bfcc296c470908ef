import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTyped } from '@/kit/list/typed';
import css from './catalog.module.css';
import { SearchHelp } from './SearchHelp';
import { words } from './words';

const WAIT_MS = 150;

interface Props {
  /** What the address says. */
  q: string;
  onSearch: (q: string) => void;
  /** Arrow down goes to what was found. */
  onDown: () => void;
}

/** What is typed is kept here and asked for when the person pauses; the address follows. */
export function SearchBox({ q, onSearch, onDown }: Props) {
  const { input, text, setText, send } = useTyped(q, onSearch, WAIT_MS);
  return (
    <search className={css.search}>
      <TextInput
        ref={input}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        aria-label={words.search}
        placeholder={words.placeholder}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            onDown();
          } else if (event.key === 'Enter') {
            send(text);
          } else if (event.key === 'Escape' && text) {
            event.preventDefault();
            setText('');
          }
        }}
        leftSection={<IconSearch size={14} stroke={1.75} aria-hidden />}
        rightSectionWidth={62}
        rightSection={
          <span className={css.inBox}>
            {text ? (
              <CloseButton
                size="sm"
                aria-label={words.clearSearch}
                onClick={() => {
                  setText('');
                  input.current?.focus();
                }}
              />
            ) : (
              <kbd className="hide-n">/</kbd>
            )}
            <SearchHelp
              onPick={(example) => {
                setText((had) => (had.trim() ? `${had.trim()} ${example}` : example));
                input.current?.focus();
              }}
            />
          </span>
        }
      />
    </search>
  );
}
