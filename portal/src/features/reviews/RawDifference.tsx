import type { DossierView } from '@/api';
import { Card } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import { folded, pretty, type Row, sideBySide } from './lines';
import css from './raw.module.css';
import { useClosures } from './useClosures';
import { sections as words } from './words';

function Lines({ rows, label, heads }: { rows: readonly Row[]; label: string; heads: readonly string[] }) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.wrap} tabIndex={0} role="region" aria-label={label}>
      <table className={css.table} data-single={heads.length === 1 || undefined}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // Lines repeat; their place is what tells them apart.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index} data-kind={row.kind}>
              {row.kind === 'gap' ? (
                <td colSpan={heads.length}>{words.gap(row.hidden ?? 0)}</td>
              ) : (
                <>
                  {heads.length > 1 && <td data-side={row.left === undefined ? 'none' : 'was'}>{row.left}</td>}
                  <td data-side={row.right === undefined ? 'none' : 'is'}>{row.right}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The closures as they are, line by line: what the digests are made of. */
export function RawDifference({ dossier }: { dossier: DossierView }) {
  const { now, before } = useClosures(dossier);
  const { number, comparedWith } = dossier;
  return (
    <Card>
      <Loaded query={now} what={words.rawFailed}>
        {(version) => {
          const lines = pretty(version.closure);
          if (comparedWith === 0) {
            const rows = lines.map((right): Row => ({ kind: 'same', right }));
            return <Lines rows={rows} label={words.rawOne(number)} heads={[words.version(number)]} />;
          }
          return (
            <Loaded query={before} what={words.rawFailed}>
              {(old) => (
                <Lines
                  rows={folded(sideBySide(pretty(old.closure), lines))}
                  label={words.rawLabel(comparedWith, number)}
                  heads={[words.version(comparedWith), words.version(number)]}
                />
              )}
            </Loaded>
          );
        }}
      </Loaded>
    </Card>
  );
}
