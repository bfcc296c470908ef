import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AppDetailView } from '@/api';
import { listConnectionsOptions } from '@/api/@tanstack/react-query.gen';
import { Age } from '@/kit/Age';
import { number } from '@/kit/format';
import { DataClass, Operation } from '@/kit/marks/Marks';
import { Card, Section } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { Table } from '@/kit/Table';
import { useMay } from '@/session/me';
import { classesOf, type OperationUse } from '../model';
import { overview as words } from '../words';
import css from './overview.module.css';
import type { Uses } from './uses';

const named = (uses: readonly OperationUse[]) => uses.filter((use) => use.operation !== '');
const usedOf = (uses: readonly OperationUse[]) => named(uses).filter((use) => use.calls > 0).length;
const lastOf = (uses: readonly OperationUse[]) =>
  uses
    .flatMap((use) => use.lastAt ?? [])
    .toSorted()
    .at(-1);
const toneOf = (use: OperationUse) => (use.calls > 0 && !use.granted ? 'warn' : use.calls === 0 ? 'quiet' : undefined);

/** What was asked for and granted beside what is used, by connection. */
export function Operations({ app, uses }: { app: AppDetailView; uses: Uses }) {
  const may = useMay();
  const connections = useQuery({ ...listConnectionsOptions(), enabled: may('connector:read') });
  const rows = [...uses.byConnection];
  const classes = (name: string) =>
    classesOf(connections.data?.items.find((connection) => connection.name === name)?.dataClasses ?? []);
  return (
    <Section
      title={words.connections}
      note={words.window}
      right={
        rows.length > 0 && (
          <Link to={`/apps/${app.name}/connections`} className="lk sm">
            {words.connect}
          </Link>
        )
      }
    >
      <Card>
        <Table
          label={words.connections}
          rows={rows}
          id={([name]) => name}
          empty={
            app.versions.length === 0 ? (
              <Empty title={words.noneYet}>{words.noneYetText}</Empty>
            ) : (
              <Empty title={words.noConnections}>{words.noConnectionsText}</Empty>
            )
          }
          columns={[
            { key: 'name', head: words.connection, cell: ([name]) => <b>{name}</b> },
            {
              key: 'ops',
              head: uses.granted ? words.operations : words.operationsAsked,
              cell: ([, found]) => (
                <div className={css.ops}>
                  {found.map((use) => (
                    <Use key={use.operation} use={use} measured={uses.measured} granted={uses.granted} />
                  ))}
                </div>
              ),
            },
            {
              key: 'class',
              head: words.dataClass,
              wide: true,
              cell: ([name]) => (connections.data ? <DataClass {...classes(name)} /> : <span className="t3">–</span>),
            },
            {
              key: 'used',
              head: words.used,
              right: true,
              wide: true,
              cell: ([, found]) =>
                uses.measured ? (
                  <span className={`${css.nowrap} ${usedOf(found) === 0 ? 't3' : ''}`}>
                    {words.usedOf(usedOf(found), named(found).length)}
                  </span>
                ) : (
                  '–'
                ),
            },
            {
              key: 'last',
              head: words.last,
              right: true,
              wide: true,
              cell: ([, found]) => <Last at={lastOf(found)} measured={uses.measured} />,
            },
            {
              key: 'calls',
              head: words.callsHead,
              right: true,
              cell: ([, found]) => (uses.measured ? number(found.reduce((sum, use) => sum + use.calls, 0)) : '–'),
            },
          ]}
        />
      </Card>
    </Section>
  );
}

function Last({ at, measured }: { at: string | undefined; measured: boolean }) {
  return (
    <span className={css.nowrap}>
      {at ? <Age at={at} /> : <span className="t3">{measured ? words.neverUsed : '–'}</span>}
    </span>
  );
}

function Use({ use, measured, granted }: { use: OperationUse; measured: boolean; granted: boolean }) {
  if (use.operation === '')
    return (
      <span className="xs c-warn">
        {words.refusedBefore(use.refused)} <code>{Object.keys(use.refusals).join(', ')}</code>
      </span>
    );
  const tone = measured ? toneOf(use) : undefined;
  const said =
    tone === 'warn'
      ? words.notGranted(use.calls)
      : granted && !use.granted
        ? words.asked
        : tone === 'quiet'
          ? words.unused
          : '';
  return (
    <span className={css.op} title={said}>
      <Operation name={use.operation} {...(tone ? { tone } : {})} />
      {tone === 'warn' ? (
        <span className="xs c-warn">{said}</span>
      ) : granted && !use.granted ? (
        <span className="xs t3">{said}</span>
      ) : (
        said && <span className="sr">{said}</span>
      )}
    </span>
  );
}
