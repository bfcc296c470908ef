import { shortDigest } from '@/kit/format';
import { copy as take } from '@/kit/copy';
import { marks as words } from '@/words/marks';
import css from './marks.module.css';

/** A digest as people compare it, or the `whole` of it; a click copies all of it. */
export function Digest({ value, copy = false, whole = false }: { value: string; copy?: boolean; whole?: boolean }) {
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
      className={`${css.copy} ${css.digest} ${whole ? css.whole : ''}`}
      title={value}
      aria-label={words.copyDigest(whole ? value : shortDigest(value))}
      onClick={() => {
        void take(value, words.copied);
      }}
    >
      {whole ? value : shortDigest(value)}
    </button>
  );
}
