import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hubTailOptions, listHubsOptions } from '@/api/@tanstack/react-query.gen';
import { Age } from '@/kit/Age';
import { number } from '@/kit/format';
import { Card, Section } from '@/kit/page/Parts';
import { type Column, Table } from '@/kit/Table';
import { type Caller, callersOf } from './callers';
import css from './connectors.module.css';
import { connection as says } from './words';

const columns: readonly Column<Caller>[] = [
  {
    key: 'app',
    head: says.caller.app,
    cell: (row) =>
      row.app ? <Link to={`/apps/${row.app}`}>{row.app}</Link> : <span className="t3">{says.unknownApp}</span>,
  },
  { key: 'calls', head: says.caller.calls, right: true, cell: (row) => number(row.calls) },
  {
    key: 'failed',
    head: says.caller.failed,
    right: true,
    cell: (row) => (row.failed === 0 ? '–' : <span className="c-warn">{number(row.failed)}</span>),
  },
  { key: 'last', head: says.caller.last, right: true, cell: (row) => <Age at={row.last} /> },
];

const HUBS = 5;

/** Which apps called lately, from the hubs' newest calls; for whoever may see those. */
export function Callers({ name }: { name: string }) {
  const hubs = useQuery(listHubsOptions());
  const tails = useQueries({
    queries: (hubs.data?.items ?? []).slice(0, HUBS).map((hub) => hubTailOptions({ path: { name: hub.name } })),
  });
  const newest = tails.flatMap((tail) => tail.data?.items ?? []);
  if (newest.length === 0) return null;
  const found = callersOf(newest, name);
  return (
    <Section title={says.callers} note={says.callersNote(newest.length)}>
      <Card>
        <Table
          label={says.callers}
          columns={columns}
          rows={found}
          id={(row) => row.app}
          empty={<p className={`sm t3 ${css.none}`}>{says.callersNone}</p>}
        />
      </Card>
    </Section>
  );
}
