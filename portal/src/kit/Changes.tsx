import type { ChangeView } from '@/api';
import { changes as words } from '@/words/changes';
import css from './changes.module.css';

const signs: Record<string, [string, string]> = {
  added: ['+', 'acc'],
  removed: ['-', 'acc'],
  changed: ['~', 'acc'],
};

function signOf(kind: string): [string, string] {
  const family = /add/.test(kind) ? 'added' : /remov|gone/.test(kind) ? 'removed' : 'changed';
  return signs[family] ?? ['~', 'acc'];
}

/** The API's words begin where a sentence may go on. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What differs, in sentences; what may do more than before is marked. */
export function Changes({ items }: { items: readonly ChangeView[] }) {
  if (items.length === 0) return <p className={`sm t2 ${css.none}`}>{words.none}</p>;
  return (
    <ol className={css.list}>
      {items.map((item, index) => {
        const [sign, tone] = signOf(item.kind);
        return (
          // Two changes may read the same.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={`${item.pointer}${item.text}${index}`}>
            <span className={`mono c-${tone}`} aria-hidden="true">
              {sign}
            </span>
            <div>
              <p>{sentence(item.text)}</p>
              {item.severity === 'widens' && <p className="xs c-warn">{words.widens}</p>}
              {item.severity === 'narrows' && <p className="xs t3">{words.narrows}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
