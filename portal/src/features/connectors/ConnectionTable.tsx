import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ConnectionCallsView, ConnectionView } from '@/api';
import { connectionCallsOptions, listCredentialsOptions } from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { Spark } from '@/kit/Bars';
import { byNeed, keyAgeOf, share, stateOf } from '@/kit/flow';
import { number, percent } from '@/kit/format';
import { Flow } from '@/kit/marks/Flow';
import { type Column, Table } from '@/kit/Table';
import css from './connectors.module.css';
import { words } from './words';

/** The window that connections are shown over. */
export const OVER = { query: { since: '24h', step: '1h' } } as const;

/** Connections with how they do, trouble first. */
export function ConnectionTable({ connections, empty }: { connections: readonly ConnectionView[]; empty: ReactNode }) {
  const now = useNow();
  const calls = useQuery(connectionCallsOptions(OVER));
  const credentials = useQuery(listCredentialsOptions());
  const byName = new Map(calls.data?.items.map((each) => [each.connection, each]));
  const says = words.columns;
  const rank = new Map(byNeed(calls.data?.items ?? []).map((each, index) => [each.connection, index]));
  const rows = connections.toSorted(
    (a, b) => (rank.get(a.name) ?? rank.size) - (rank.get(b.name) ?? rank.size) || a.name.localeCompare(b.name),
  );
  const of = (row: ConnectionView, show: (found: ConnectionCallsView) => ReactNode) => {
    const found = byName.get(row.name);
    return found ? show(found) : '–';
  };
  const columns: Column<ConnectionView>[] = [
    {
      key: 'name',
      head: says.connection,
      cell: (row) => (
        <span className={css.name}>
          <Link to={`/connections/${row.name}`}>{row.name}</Link>
          <span className={css.second}>
            {row.connector} {row.version}, {row.environment}
          </span>
        </span>
      ),
    },
    { key: 'state', head: says.state, cell: (row) => of(row, (found) => <Flow state={stateOf(found)} />) },
    {
      key: 'shape',
      head: says.lately,
      wide: true,
      cell: (row) =>
        of(row, (found) =>
          found.calls === 0 ? null : <Spark values={found.series} label={words.shape(row.name, found.calls)} />,
        ),
    },
    { key: 'calls', head: says.calls, right: true, cell: (row) => of(row, (found) => number(found.calls)) },
    {
      key: 'failed',
      head: says.failed,
      right: true,
      wide: true,
      cell: (row) => of(row, (found) => (found.calls === 0 ? '–' : percent(share(found.errors, found.calls)))),
    },
    {
      key: 'upstream',
      head: says.upstream,
      wide: true,
      cell: (row) => (
        <code className={css.upstream} title={row.upstream}>
          {row.upstream.replace(/^https?:\/\//, '')}
        </code>
      ),
    },
    {
      key: 'credential',
      head: says.credential,
      wide: true,
      right: true,
      cell: (row) => {
        if (!credentials.data) return '–';
        const age = keyAgeOf(row, credentials.data.items, now);
        if (age.kind === 'set') {
          return <span className={age.old ? 'c-warn' : 't2'}>{words.credentialSet(age.days)}</span>;
        }
        return age.kind === 'none' ? (
          <span className="t3">{words.noKey}</span>
        ) : (
          <span className="c-bad">{words.missingKey}</span>
        );
      },
    },
  ];
  return <Table label={words.connections} columns={columns} rows={rows} id={(row) => row.id} tall empty={empty} />;
}
