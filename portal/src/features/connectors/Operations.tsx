import type { OperationView } from '@/api';
import { money } from '@/kit/format';
import { Operation } from '@/kit/marks/Marks';
import { type Column, Table } from '@/kit/Table';
import css from './connectors.module.css';
import { connector as says } from './words';

const columns: readonly Column<OperationView>[] = [
  {
    key: 'name',
    head: says.operation,
    cell: (operation) => (
      <>
        <Operation name={operation.name} />
        {operation.title !== operation.name && <span className={css.second}>{operation.title}</span>}
      </>
    ),
  },
  {
    key: 'call',
    head: says.call,
    cell: (operation) => (
      <span className={css.path}>
        <code>{operation.method}</code>
        <code>{operation.path}</code>
      </span>
    ),
  },
  { key: 'data', head: says.data, wide: true, cell: (operation) => operation.dataClasses.join(', ') || '–' },
  {
    key: 'again',
    head: says.again,
    wide: true,
    cell: (operation) => (
      <span title={operation.idempotent ? says.yesTitle : says.noTitle} className={operation.idempotent ? '' : 't3'}>
        {operation.idempotent ? says.yes : says.no}
      </span>
    ),
  },
  {
    key: 'price',
    head: says.price,
    right: true,
    wide: true,
    cell: (operation) =>
      operation.price === null ? says.free : money({ ...operation.price, micros: operation.price.micros * 1000 }),
  },
];

/** What may be called, each with its price and the data that passes. */
export function Operations({ operations }: { operations: readonly OperationView[] }) {
  return <Table label={says.operations} columns={columns} rows={operations} id={(each) => each.name} tall />;
}
