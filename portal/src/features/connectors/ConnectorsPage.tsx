import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConnectorSummaryView } from '@/api';
import {
  connectionCallsOptions,
  listConnectionsOptions,
  listConnectorsOptions,
  listEnvironmentsOptions,
} from '@/api/@tanstack/react-query.gen';
import { stateOf } from '@/kit/flow';
import { Page } from '@/kit/page/Page';
import { Card, Section } from '@/kit/page/Parts';
import { Segments } from '@/kit/Segments';
import { useAddress } from '@/kit/search';
import { Empty, Loaded } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { useMay } from '@/session/me';
import { useRolesWith } from '@/session/roles';
import { ConnectionForm } from './ConnectionForm';
import { ConnectionTable, OVER } from './ConnectionTable';
import css from './connectors.module.css';
import { ManifestEditor } from './ManifestEditor';
import { blank } from './manifest';
import { words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** Connectors and the connections made of them. */
export default function ConnectorsPage() {
  const may = useMay();
  const roles = useRolesWith('connector:write');
  const [address, change] = useAddress();
  const [dialog, setDialog] = useState<'new' | 'connector' | 'connection' | null>(null);
  const connections = useQuery(listConnectionsOptions());
  const connectors = useQuery(listConnectorsOptions());
  const environments = useQuery(listEnvironmentsOptions());
  const calls = useQuery(connectionCallsOptions(OVER));
  const environment = address['environment'] ?? '';
  const writes = may('connector:write');
  const uses = (connector: string) => connections.data?.items.filter((each) => each.connector === connector).length;
  const failing = (calls.data?.items ?? [])
    .filter((each) => stateOf(each) === 'failing')
    .map((each) => each.connection);
  const says = words.columns;
  const columns: Column<ConnectorSummaryView>[] = [
    {
      key: 'name',
      head: says.connector,
      cell: (row) => (
        <span className={css.name}>
          <Link to={`/connectors/${row.name}`}>{row.title}</Link>
          <span className={css.second}>{row.name}</span>
        </span>
      ),
    },
    { key: 'version', head: says.version, cell: (row) => <span className="num">{row.version}</span> },
    { key: 'operations', head: says.operations, right: true, cell: (row) => row.operations },
    { key: 'data', head: says.data, wide: true, cell: (row) => row.dataClasses.join(', ') || '–' },
    {
      key: 'key',
      head: says.key,
      wide: true,
      cell: (row) => <span className="t2">{words.kinds[row.credentialKind] ?? row.credentialKind}</span>,
    },
    { key: 'uses', head: says.uses, right: true, wide: true, cell: (row) => uses(row.name) ?? '–' },
  ];
  return (
    <Page
      name={words.name}
      title={connections.data ? words.title(connections.data.items.length, failing) : words.name}
      lead={words.lead}
      below={!writes && roles !== '' && <span className="xs t3">{words.mayNot(roles)}</span>}
      actions={
        writes && (
          <span className="hide-n">
            <Button size="xs" variant="subtle" onClick={() => setDialog('connection')}>
              {words.applyConnection}
            </Button>
          </span>
        )
      }
      buttons={
        writes && (
          <>
            <Button onClick={() => setDialog('connector')}>{words.applyConnector}</Button>
            <Button variant="filled" leftSection={<IconPlus {...ICON} />} onClick={() => setDialog('new')}>
              {words.newConnection}
            </Button>
          </>
        )
      }
    >
      <Section
        title={words.connections}
        note={
          connections.data &&
          words.connectionsNote(
            connections.data.items.filter((each) => environment === '' || each.environment === environment).length,
            may('signal:read', '*'),
          )
        }
        right={
          environments.data &&
          environments.data.items.length > 1 && (
            <Segments
              label={words.environment}
              items={[
                { value: '', label: words.every },
                ...environments.data.items.map((each) => ({ value: each.name, label: each.name })),
              ]}
              value={environment}
              onChange={(value) => change({ environment: value })}
            />
          )
        }
      >
        <Card>
          <Loaded query={connections} what={words.readConnections} lines={6}>
            {(found) => (
              <ConnectionTable
                connections={found.items.filter((each) => environment === '' || each.environment === environment)}
                empty={
                  <Empty title={environment ? words.noConnectionsHere(environment) : words.noConnections}>
                    {words.noConnectionsText}
                  </Empty>
                }
              />
            )}
          </Loaded>
        </Card>
      </Section>
      <Section title={words.connectors} note={words.connectorsNote}>
        <Card>
          <Loaded query={connectors} what={words.readConnectors} lines={6}>
            {(found) => (
              <Table
                label={words.connectors}
                columns={columns}
                rows={found.items}
                id={(row) => row.name}
                tall
                empty={<Empty title={words.noConnectors}>{words.noConnectorsText}</Empty>}
              />
            )}
          </Loaded>
        </Card>
      </Section>
      {dialog === 'new' && <ConnectionForm start={{ ...blank, environment }} onClose={() => setDialog(null)} />}
      {(dialog === 'connector' || dialog === 'connection') && (
        <ManifestEditor kind={dialog} onClose={() => setDialog(null)} />
      )}
    </Page>
  );
}
