import { CloseButton, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
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
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  // What was asked for and may not stand in the address yet, the newest last.
  const sent = useRef([q]);
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  useEffect(() => {
    const at = sent.current.indexOf(q);
    if (at >= 0) {
      sent.current = sent.current.slice(at);
      return;
    }
    // The back button or a view changed it, not the typing.
    sent.current = [q];
    setText(q);
  }, [q]);
  const send = useCallback((value: string) => {
    if (value === sent.current.at(-1)) return;
    sent.current.push(value);
    search.current(value);
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => send(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text, send]);
  useHotkeys([
    [
      '/',
      () => {
        input.current?.focus();
        input.current?.select();
      },
    ],
  ]);
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
