import { useHotkeys } from '@mantine/hooks';
import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * What is typed into a search box is kept here and asked for when the person pauses; the address follows.
 *
 * @param q What the address says.
 * @param onSearch Ask for something else.
 * @param waitMs How long a pause is.
 */
export function useTyped(q: string, onSearch: (q: string) => void, waitMs: number) {
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
    const timer = setTimeout(() => send(text), waitMs);
    return () => clearTimeout(timer);
  }, [text, send, waitMs]);
  useHotkeys([
    [
      '/',
      () => {
        input.current?.focus();
        input.current?.select();
      },
    ],
  ]);
  return { input, text, setText, send };
}
