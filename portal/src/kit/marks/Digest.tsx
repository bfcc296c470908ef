import { shortDigest } from '@/kit/format';
import { toast } from '@/kit/toast';
import { marks as words } from '@/words/marks';
import css from './marks.module.css';

/** A digest as people compare it; a click copies all of it. */
export function Digest({ value, copy = false }: { value: string; copy?: boolean }) {
  if (!copy) {
    return (
      <span className={css.digest} title={value}>
        {shortDigest(value)}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={`${css.copy} ${css.digest}`}
      title={value}
      aria-label={words.copyDigest(shortDigest(value))}
      onClick={() => {
        void navigator.clipboard.writeText(value).then(() => toast(words.copied));
      }}
    >
      {shortDigest(value)}
    </button>
  );
}
