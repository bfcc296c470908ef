import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { DefinitionView } from '@/api';
import rows from '@/features/catalog/rows.module.css';
import { plain } from '@/features/flow/graph';
import { number } from '@/kit/format';
import { arrows } from '@/kit/list/rows';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { Glyph } from '@/kit/marks/Glyph';
import { DataClass, Status } from '@/kit/marks/Marks';
import { Card } from '@/kit/page/Parts';
import { type Column, Table } from '@/kit/Table';
import { useNames } from '@/session/names';
import { inventory as words } from '../words';
import css from './inventory.module.css';

const address = (item: DefinitionView) => `/estate/definitions/${item.id}`;

/** How many findings of each kind, as glyphs with numbers; a leak is said beside it. */
export function Findings({ item }: { item: Pick<DefinitionView, 'blocks' | 'warns' | 'notes'> }) {
  const counts = [
    ['blocker', 'bad', item.blocks],
    ['warning', 'warn', item.warns],
    ['note', 'acc', item.notes],
  ] as const;
  if (counts.every(([, , n]) => n === 0)) return <span className="t3">{words.clean}</span>;
  return (
    <span className={css.findings}>
      <span className="sr">{words.findings(item.blocks, item.warns, item.notes)}</span>
      {counts.map(
        ([glyph, tone, n]) =>
          n > 0 && (
            <span key={glyph} aria-hidden="true" className="num">
              <span className={`c-${tone}`}>
                <Glyph name={glyph} />
              </span>
              {number(n)}
            </span>
          ),
      )}
    </span>
  );
}

function Leaks({ n }: { n: number }) {
  return n > 0 ? <b className="c-leak">{number(n)}</b> : <span className="t3">–</span>;
}

function State({ item }: { item: DefinitionView }) {
  const nameOf = useNames();
  if (item.goneAt) return <span className="t3">{words.gone}</span>;
  if (!item.app) return <span className="t3">{words.unregistered}</span>;
  return (
    <span className={css.name}>
      <Link to={`/apps/${item.app}`} className="lk">
        {item.app}
      </Link>
      <span className="xs t3">{item.owner ? nameOf(item.owner).displayName : words.nobodyAnswers}</span>
    </span>
  );
}

const columns: readonly Column<DefinitionView>[] = [
  {
    key: 'name',
    head: words.head.name,
    cell: (item) => (
      <span className={css.name}>
        <Link to={address(item)} data-row>
          {plain(item.name, 120) || plain(item.path, 120)}
        </Link>
        <span className={`xs t3 ${css.path}`} title={plain(item.path)}>
          {plain(item.origin, 60)}/{plain(item.path, 160)}
        </span>
      </span>
    ),
  },
  { key: 'platform', head: words.head.platform, cell: (item) => <BuiltOn platform={item.platform} /> },
  { key: 'class', head: words.head.dataClass, cell: (item) => <DataClass level={item.dataClass} /> },
  { key: 'findings', head: words.head.findings, cell: (item) => <Findings item={item} /> },
  { key: 'leaks', head: words.head.leaks, right: true, cell: (item) => <Leaks n={item.leaks} /> },
  { key: 'state', head: words.head.state, cell: (item) => <State item={item} /> },
];

function Line({ item }: { item: DefinitionView }) {
  return (
    <li>
      <Link to={address(item)} data-row>
        <span className={rows.l1}>
          <b>{plain(item.name, 120) || plain(item.path, 120)}</b>
          <BuiltOn platform={item.platform} />
        </span>
        <span className={`xs t3 ${rows.what}`}>{plain(item.path, 160)}</span>
        <span className={rows.l2}>
          <Findings item={item} />
          {item.leaks > 0 ? (
            <Status tone="mute">
              <b className="c-leak">{words.leakCount(item.leaks)}</b>
            </Status>
          ) : (
            <DataClass level={item.dataClass} />
          )}
        </span>
      </Link>
    </li>
  );
}

interface Props {
  items: readonly DefinitionView[];
  old: boolean;
  onUp: () => void;
}

export function Rows({ items, old, onUp }: Props) {
  const narrow = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
  return (
    // Only the arrows between its links; each stays a link.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={`${rows.rows} ${css.rows}`} data-old={old || undefined} aria-busy={old} onKeyDown={arrows(onUp)}>
      {narrow ? (
        <ul className={rows.lines}>
          {items.map((item) => (
            <Line key={item.id} item={item} />
          ))}
        </ul>
      ) : (
        <Card>
          <Table label={words.list} columns={columns} rows={items} id={(item) => item.id} tall />
        </Card>
      )}
    </div>
  );
}
