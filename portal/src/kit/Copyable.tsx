import { IconCopy } from '@tabler/icons-react';
import { copy } from './copy';
import { marks as words } from '@/words/marks';
import css from './copyable.module.css';

/** A text in mono that people take elsewhere: an address, a command, a token. */
export function Copyable({ value, label }: { value: string; label: string }) {
  return (
    <span className={css.copyable}>
      <code>{value}</code>
      <button
        type="button"
        aria-label={`${words.copy} ${label}`}
        title={`${words.copy} ${label}`}
        onClick={() => void copy(value, words.copied)}
      >
        <IconCopy size={14} stroke={1.75} aria-hidden />
      </button>
    </span>
  );
}
