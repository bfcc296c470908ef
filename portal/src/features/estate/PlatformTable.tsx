import { Link } from '@tanstack/react-router';
import type { PlatformView } from '@/api';
import { plain } from '@/features/flow/graph';
import { number, percent } from '@/kit/format';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { Card } from '@/kit/page/Parts';
import { type Column, Table } from '@/kit/Table';
import css from './estate.module.css';
import { words } from './words';

const said = words.platforms;

/** A number, or a dash that says none. */
const orNone = (value: number) => (value > 0 ? number(value) : <span className="t3">{said.none}</span>);

const columns: readonly Column<PlatformView>[] = [
  {
    key: 'platform',
    head: said.head.platform,
    cell: (row) => (
      <span className={css.platform}>
        <BuiltOn platform={row.platform} />
        <span className="xs t3">{row.origins.map((origin) => plain(origin, 60)).join(', ')}</span>
      </span>
    ),
  },
  {
    key: 'found',
    head: said.head.found,
    right: true,
    cell: (row) => (
      <Link
        to="/estate/definitions"
        search={{ platform: row.platform }}
        className="nm"
        aria-label={said.see(row.platform, row.found)}
      >
        {number(row.found)}
      </Link>
    ),
  },
  {
    key: 'registered',
    head: said.head.registered,
    width: '34%',
    cell: (row) => (
      <span className={css.share}>
        <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={said.bar(row.registered, row.found)}>
          <rect className={css.part} width={row.found > 0 ? (row.registered / row.found) * 100 : 0} height="8" />
        </svg>
        <span className="xs t3 num hide-n">{said.registered(row.registered, row.found)}</span>
      </span>
    ),
  },
  { key: 'keys', head: said.head.ownKeys, right: true, wide: true, cell: (row) => orNone(row.ownKeys) },
  { key: 'restricted', head: said.head.restricted, right: true, wide: true, cell: (row) => orNone(row.restricted) },
  {
    key: 'leaks',
    head: said.head.leaks,
    right: true,
    cell: (row) =>
      row.leaks > 0 ? (
        <Link to="/estate/definitions" search={{ platform: row.platform, risk: 'leak' }}>
          <b className="c-leak">{number(row.leaks)}</b>
        </Link>
      ) : (
        orNone(0)
      ),
  },
  {
    key: 'readable',
    head: said.head.readable,
    right: true,
    wide: true,
    cell: (row) =>
      row.readable === null ? (
        <span className="t3">{said.none}</span>
      ) : (
        <span className={row.readable < 1 ? 'c-warn' : 't2'}>{percent(row.readable)}</span>
      ),
  },
];

/** What was found by builder, and how much of it is registered. */
export function PlatformTable({ rows }: { rows: readonly PlatformView[] }) {
  return (
    <Card>
      <Table label={said.title} columns={columns} rows={rows} id={(row) => row.platform} tall />
    </Card>
  );
}
