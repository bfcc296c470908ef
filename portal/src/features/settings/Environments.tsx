import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { EnvironmentView } from '@/api';
import { listConnectionsOptions, listEnvironmentsOptions } from '@/api/@tanstack/react-query.gen';
import { Card, Section } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { words } from './words';

/** The environments with how much is set up in each. */
export function Environments() {
  const query = useQuery(listEnvironmentsOptions());
  const connections = useQuery(listConnectionsOptions());
  const says = words.environment;
  const columns: Column<EnvironmentView>[] = [
    { key: 'name', head: says.name, cell: (row) => <b>{row.name}</b> },
    { key: 'kind', head: says.kind, cell: (row) => words.kinds[row.kind] ?? row.kind },
    { key: 'region', head: says.region, wide: true, cell: (row) => row.region },
    {
      key: 'connections',
      head: says.connections,
      right: true,
      cell: (row) =>
        connections.data ? (
          <Link to="/connectors" search={{ environment: row.name } as never} className="lk">
            {connections.data.items.filter((each) => each.environment === row.name).length}
          </Link>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <Section title={words.environments} note={words.environmentsNote}>
      <Card>
        <Loaded query={query} what={words.readEnvironments} lines={3}>
          {(found) => <Table label={words.environments} columns={columns} rows={found.items} id={(row) => row.id} />}
        </Loaded>
      </Card>
    </Section>
  );
}
