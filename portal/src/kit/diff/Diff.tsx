import { diff as words } from '@/words/diff';
import css from './diff.module.css';
import { readDiff } from './unified';

const signs = { same: '', added: '+', removed: '-' } as const;

/** A unified diff, line by line; what it adds and takes away is said by sign, colour and word. */
export function Diff({ text, label }: { text: string; label: string }) {
  const hunks = readDiff(text);
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.wrap} tabIndex={0} role="region" aria-label={label}>
      {hunks.length === 0 ? (
        <p className="sm t2">{words.nothing}</p>
      ) : (
        <table className={css.table}>
          <thead className="sr">
            <tr>
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
              <th scope="col">{words.line}</th>
            </tr>
          </thead>
          {hunks.map((hunk, index) => (
            // Hunks stand where they stand.
            // oxlint-disable-next-line react/no-array-index-key
            <tbody key={index}>
              {hunk.skipped > 0 && (
                <tr data-kind="gap">
                  <td colSpan={3}>{words.skipped(hunk.skipped)}</td>
                </tr>
              )}
              {hunk.lines.map((line) => (
                <tr key={`${line.before}/${line.after}`} data-kind={line.kind}>
                  <td className={css.n}>{line.before}</td>
                  <td className={css.n}>{line.after}</td>
                  <td className={css.text}>
                    {line.kind !== 'same' && <span className="sr">{words[line.kind]}</span>}
                    <span className={css.sign} aria-hidden="true">
                      {signs[line.kind]}
                    </span>
                    <span>{line.text}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      )}
    </div>
  );
}
