import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ConnectionView, DossierView, OperationView } from '@/api';
import { readConnectionOptions } from '@/api/@tanstack/react-query.gen';
import { money } from '@/kit/format';
import { DataClass, Operation, Tag } from '@/kit/marks/Marks';
import { Card, Section } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { useMay } from '@/session/me';
import { type Asked, dataClassOf, grantsAsked } from './reading';
import css from './review.module.css';
import { useClosures } from './useClosures';
import { sections as words } from './words';

interface Row extends Asked {
  found: ConnectionView | undefined;
  gone: boolean;
  details: OperationView | undefined;
}

function State({ row }: { row: Row }) {
  const text = words.grantStates[row.state];
  if (row.state === 'new') return <Tag tone="acc">{text}</Tag>;
  if (row.state === 'changed') return <Tag tone="warn">{text}</Tag>;
  return <span className="t3">{text}</span>;
}

function Call({ details }: { details: OperationView | undefined }) {
  if (!details) return null;
  return (
    <code className={css.call}>
      <span className={css.method}>{details.method}</span>{' '}
      {details.path.split('/').map((part, index) => (
        // Segments repeat; a path never changes its order.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={`${part}${index}`}>
          {index > 0 && '/'}
          <wbr />
          {part}
        </span>
      ))}
    </code>
  );
}

function DataOf({ row }: { row: Row }) {
  const own = row.details?.dataClasses ?? [];
  const { level, tags } = dataClassOf(own.length > 0 ? own : row.found?.dataClasses);
  return row.found ? <DataClass level={level} tags={tags} /> : null;
}

function columns(priced: boolean, since: number): Column<Row>[] {
  return [
    {
      key: 'operation',
      head: words.grantColumns.operation,
      cell: (row) => (
        <span className={css.operation} data-gone={row.state === 'gone' || undefined}>
          <span>
            <Operation name={row.operation} />
          </span>
          {row.details && <span className="xs t3">{row.details.title}</span>}
          <span className={`only-n xs t3 ${css.tight}`}>
            {row.connection} <Call details={row.details} />
          </span>
        </span>
      ),
    },
    {
      key: 'connection',
      head: words.grantColumns.connection,
      cell: (row) =>
        row.gone ? (
          <span>
            {row.connection} <span className="c-bad">{words.connectionGone}</span>
          </span>
        ) : (
          <Link to={`/connections/${row.connection}`} className="lk">
            {row.connection}
          </Link>
        ),
      wide: true,
    },
    { key: 'data', head: words.grantColumns.data, cell: (row) => <DataOf row={row} />, wide: true },
    { key: 'call', head: words.grantColumns.call, cell: (row) => <Call details={row.details} />, wide: true },
    ...(priced
      ? [
          {
            key: 'price',
            head: words.grantColumns.price,
            cell: (row: Row) => (row.details?.price ? money(row.details.price) : null),
            right: true,
            wide: true,
          },
        ]
      : []),
    { key: 'state', head: words.since(since), cell: (row) => <State row={row} /> },
  ];
}

/** Every operation that an approval would allow, against what is allowed now. */
export function Grants({ dossier }: { dossier: DossierView }) {
  const may = useMay();
  const { now, before } = useClosures(dossier);
  const asked = grantsAsked(dossier.grants, now.data?.closure, before.data?.closure);
  const names = [...new Set(asked.map((row) => row.connection))];
  const read = may('connector:read');
  const found = useQueries({
    queries: names.map((name) => ({ ...readConnectionOptions({ path: { name } }), enabled: read })),
  });
  const rows = asked.map((row): Row => {
    const answer = found[names.indexOf(row.connection)];
    const details = answer?.data?.operations.find((operation) => operation.name === row.operation);
    return { ...row, found: answer?.data, gone: answer?.error?.status === 404, details };
  });
  const first = dossier.comparedWith === 0;
  // Without the version before, everything would look new.
  const known = first || (before.data !== undefined && now.data !== undefined);
  const all = columns(
    rows.some((row) => row.details?.price),
    dossier.comparedWith,
  ).filter((column) => column.key !== 'state' || (known && !first));
  const countOf = (state: string) => rows.filter((row) => row.state === state).length;
  return (
    <Section title={words.grants} note={known && words.grantsNote(countOf('new'), countOf('gone'), first)}>
      <Card>
        <Table
          label={words.grantsTable}
          columns={all}
          rows={rows}
          id={(row) => `${row.connection} ${row.operation}`}
          tall
          empty={<Empty title={words.grantsNone}>{words.grantsNoneText}</Empty>}
        />
      </Card>
    </Section>
  );
}
