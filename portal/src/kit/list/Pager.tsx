import { Button } from '@mantine/core';
import css from './list.module.css';
import { PAGE } from './paged';

interface Props {
  page: number;
  rows: number;
  total: number;
  more: boolean;
  knowsPrevious: boolean;
  busy: boolean;
  words: {
    pages: string;
    range: (from: number, to: number, total: number) => string;
    previous: string;
    first: string;
    next: string;
  };
  onTurn: (forward: boolean) => void;
}

export function Pager({ page, rows, total, more, knowsPrevious, busy, words, onTurn }: Props) {
  const from = (page - 1) * PAGE + 1;
  return (
    <nav className={css.pager} aria-label={words.pages}>
      <span className="t3 xs num">{words.range(from, from + rows - 1, total)}</span>
      {(page > 1 || more) && (
        <span className={`${css.group} no-print`}>
          <Button size="xs" disabled={page === 1 || busy} onClick={() => onTurn(false)}>
            {knowsPrevious ? words.previous : words.first}
          </Button>
          <Button size="xs" disabled={!more || busy} onClick={() => onTurn(true)}>
            {words.next}
          </Button>
        </span>
      )}
    </nav>
  );
}
