import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ConnectionCallsView, ConnectionView } from '@/api';
import { listCredentialsOptions } from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { Spark } from '@/kit/Bars';
import { byNeed, type FlowState, keyAgeOf, share, stateOf } from '@/kit/flow';
import { milliseconds, number, percent } from '@/kit/format';
import { Flow } from '@/kit/marks/Flow';
import { Card } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { useMay } from '@/session/me';
import css from './hub.module.css';
import { words } from './words';

const tones: Partial<Record<FlowState, string>> = { failing: 'c-bad', troubled: 'c-warn' };

/** Every connection with how it does, trouble first. */
export function Connections({
  calls,
  connections,
}: {
  calls: readonly ConnectionCallsView[];
  connections: readonly ConnectionView[] | undefined;
}) {
  const may = useMay();
  const now = useNow();
  const credentials = useQuery(listCredentialsOptions());
  const byName = new Map(connections?.map((each) => [each.name, each]));
  const says = words.connections;
  const key = (row: ConnectionCallsView) => {
    const connection = byName.get(row.connection);
    if (!connection || !credentials.data) return '–';
    const age = keyAgeOf(connection, credentials.data.items, now);
    if (age.kind === 'set') return <span className={age.old ? 'c-warn' : 't2'}>{says.days(age.days)}</span>;
    if (age.kind === 'none') return <span className="t3">{says.noKey}</span>;
    return <span className="c-bad">{says.missing}</span>;
  };
  const columns: Column<ConnectionCallsView>[] = [
    {
      key: 'name',
      head: says.name,
      cell: (row) => (
        <span className={css.name}>
          <Link to={`/connections/${row.connection}`}>{row.connection}</Link>{' '}
          <span className="t3 hide-n">{row.environment}</span>
        </span>
      ),
    },
    { key: 'state', head: says.state, cell: (row) => <Flow state={stateOf(row)} /> },
    {
      key: 'shape',
      head: says.lately,
      wide: true,
      cell: (row) =>
        row.calls === 0 ? null : <Spark values={row.series} label={says.shape(row.connection, row.calls)} />,
    },
    { key: 'calls', head: says.calls, right: true, wide: true, cell: (row) => number(row.calls) },
    { key: 'p95', head: says.p95, right: true, wide: true, cell: (row) => milliseconds(row.p95Ms) },
    {
      key: 'limited',
      head: says.limited,
      right: true,
      wide: true,
      cell: (row) => (row.limited === 0 ? '–' : number(row.limited)),
    },
    {
      key: 'failed',
      head: says.failed,
      right: true,
      cell: (row) =>
        row.calls === 0 ? (
          '–'
        ) : (
          <span className={tones[stateOf(row)] ?? ''}>{percent(share(row.errors, row.calls))}</span>
        ),
    },
    { key: 'key', head: says.key, right: true, wide: true, cell: key },
  ];
  return (
    <Card>
      <Table
        label={says.title}
        columns={columns}
        rows={byNeed(calls)}
        id={(row) => row.connection}
        empty={
          <Empty
            title={says.empty}
            action={
              may('connector:write') && (
                <Button component={Link} to="/connectors">
                  {says.add}
                </Button>
              )
            }
          >
            {says.emptyText}
          </Empty>
        }
      />
    </Card>
  );
}
