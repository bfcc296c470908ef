import type { ChangeView } from '@/api';
import { changes as words } from '@/words/changes';
import css from './changes.module.css';
import { pieces, sentence } from './pieces';

function signOf(kind: string): string {
  return /add|first/.test(kind) ? '+' : /remov|gone/.test(kind) ? '-' : '~';
}

/** One difference as a sentence; values that were replaced are struck and underlined. */
function Told({ text }: { text: string }) {
  return pieces(sentence(text)).map(({ text: part, kind }) =>
    kind === 'was' ? (
      <del key="was" className={css.was}>
        {part}
      </del>
    ) : kind === 'is' ? (
      <ins key="is" className={css.is}>
        {part}
      </ins>
    ) : (
      <span key={part}>{part}</span>
    ),
  );
}

/** What differs, in sentences; what may do more than before is marked, unless the list is `grouped` by that already. */
export function Changes({ items, grouped = false }: { items: readonly ChangeView[]; grouped?: boolean }) {
  if (items.length === 0) return <p className={`sm t2 ${css.none}`}>{words.none}</p>;
  return (
    <ol className={css.list}>
      {items.map((item, index) => (
        // Two changes may read the same.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={`${item.pointer}${item.text}${index}`}>
          <span className={`mono c-acc ${css.sign}`} aria-hidden="true">
            {signOf(item.kind)}
          </span>
          <div>
            <p>
              <Told text={item.text} />
            </p>
            {!grouped && item.severity === 'widens' && <p className="xs c-warn">{words.widens}</p>}
            {!grouped && item.severity === 'narrows' && <p className="xs t3">{words.narrows}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
