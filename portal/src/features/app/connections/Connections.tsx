import { ActionIcon } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ConnectionView } from '@/api';
import { listConnectionsOptions } from '@/api/@tanstack/react-query.gen';
import { Age } from '@/kit/Age';
import { milliseconds, number } from '@/kit/format';
import { DataClass, Operation, Status, Tag } from '@/kit/marks/Marks';
import { Card, Facts, Section } from '@/kit/page/Parts';
import { Empty, Failed, Loading } from '@/kit/states/States';
import { Table } from '@/kit/Table';
import { copy } from '@/kit/copy';
import { useMay } from '@/session/me';
import { connections as words } from '../actWords';
import { classesOf, type OperationUse } from '../model';
import { useUses } from '../overview/uses';
import type { TabProps } from '../tabs';
import { Clients } from './Clients';
import css from './connections.module.css';

/** What an app may reach through the hub, what it does reach, and what it signs in with. */
export default function Connections({ app, match, rights }: TabProps) {
  const may = useMay();
  const reads = may('connector:read');
  const uses = useUses(app, match);
  const listed = useQuery({ ...listConnectionsOptions(), enabled: reads });
  const rows = [...uses.byConnection];
  return (
    <>
      <Section title={words.title} note={match.environment}>
        {uses.error && rows.length === 0 ? (
          <Card>
            <Failed what={words.read} error={uses.error} retry={uses.again} />
          </Card>
        ) : uses.loading ? (
          <Card>
            <Loading lines={6} />
          </Card>
        ) : rows.length === 0 ? (
          <Card>
            <Empty title={words.none}>{words.noneText}</Empty>
          </Card>
        ) : (
          <div className={css.list}>
            {rows.map(([name, found]) => (
              <Connection
                key={name}
                name={name}
                uses={found}
                measured={uses.measured}
                granted={uses.granted}
                connection={listed.data?.items.find((each) => each.name === name)}
                known={reads && listed.data !== undefined}
              />
            ))}
          </div>
        )}
        {listed.isError && (
          <Failed what={words.readConnections} error={listed.error} retry={() => void listed.refetch()} />
        )}
      </Section>
      <Clients app={app} rights={rights} environment={match.environment} />
    </>
  );
}

interface Props {
  name: string;
  uses: readonly OperationUse[];
  measured: boolean;
  granted: boolean;
  connection: ConnectionView | undefined;
  known: boolean;
}

function Connection({ name, uses, measured, granted, connection, known }: Props) {
  const { level, tags } = classesOf(connection?.dataClasses ?? []);
  return (
    <Card
      title={
        connection ? (
          <Link to={`/connections/${name}`} className={css.link}>
            {name}
          </Link>
        ) : (
          name
        )
      }
      right={connection && <DataClass level={level} tags={tags} />}
    >
      <div className={css.facts}>
        {connection ? (
          <Facts
            items={[
              [words.call, <Address key="address" name={name} address={connection.address} />],
              [words.connector, `${connection.connector} ${connection.version}`],
            ]}
          />
        ) : (
          <p className={`sm ${known ? 'c-bad' : 't3'}`}>{known ? words.gone : words.hiddenAddress}</p>
        )}
      </div>
      <Table
        label={name}
        rows={uses}
        id={(use) => use.operation}
        columns={[
          {
            key: 'operation',
            head: words.operation,
            width: '32%',
            cell: (use) =>
              use.operation ? <Operation name={use.operation} /> : <span className="t3">{words.noOperation}</span>,
          },
          { key: 'state', head: words.state, width: '30%', cell: (use) => <State use={use} granted={granted} /> },
          {
            key: 'calls',
            head: words.calls,
            right: true,
            cell: (use) =>
              !measured ? '–' : use.calls > 0 ? number(use.calls) : <span className="t3">{words.neverUsed}</span>,
          },
          {
            key: 'last',
            head: words.last,
            right: true,
            wide: true,
            cell: (use) => (use.lastAt ? <Age at={use.lastAt} /> : <span className="t3">–</span>),
          },
          { key: 'p95', head: words.p95, right: true, wide: true, cell: (use) => milliseconds(use.p95Ms) },
        ]}
      />
    </Card>
  );
}

/** How an operation stands, as a glyph and a word; boxed where one should look. */
function State({ use, granted }: { use: OperationUse; granted: boolean }) {
  if (use.operation === '')
    return (
      <span className="xs c-warn">
        {words.refused(use.refused)} <code>{Object.keys(use.refusals).join(', ')}</code>
      </span>
    );
  if (use.granted && use.asked)
    return (
      <Status tone="ok" glyph="ok">
        {words.granted}
      </Status>
    );
  if (use.granted)
    return (
      <Status tone="mute" glyph="ok">
        {words.notAsked}
      </Status>
    );
  if (use.calls > 0) return <Tag tone="warn">{words.notGranted}</Tag>;
  return (
    <Status tone={granted ? 'warn' : 'mute'} glyph="todo">
      {words.asked}
    </Status>
  );
}

function Address({ name, address }: { name: string; address: string }) {
  return (
    <span className={css.address}>
      <code>{address}</code>
      <ActionIcon
        variant="subtle"
        size={26}
        aria-label={words.copyAddress(name)}
        onClick={() => void copy(address, words.copied)}
      >
        <IconCopy size={14} stroke={1.75} aria-hidden />
      </ActionIcon>
    </span>
  );
}
