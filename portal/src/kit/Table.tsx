import type { ReactNode } from 'react';
import css from './table.module.css';

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  right?: boolean;
  /** Left out below 720 px. */
  wide?: boolean;
  width?: string;
}

interface Props<Row> {
  /** What the table holds, for whoever listens. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  id: (row: Row) => string;
  /** Rows of 50 px with a second line. */
  tall?: boolean;
  /** Shown in place of rows. */
  empty?: ReactNode;
}

/** Name first and bold, numbers right. The first column is each row's header. */
export function Table<Row>({ label, columns, rows, id, tall, empty }: Props<Row>) {
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.wrap} tabIndex={0} role="region" aria-label={label}>
      <table className={css.table} data-tall={tall || undefined}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={`${column.right ? css.right : ''} ${column.wide ? 'hide-n' : ''}`}
                style={column.width ? { width: column.width } : undefined}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)}>
              {columns.map((column, index) => {
                const names = `${column.right ? css.right : ''} ${column.wide ? 'hide-n' : ''}`;
                return index === 0 ? (
                  <th key={column.key} scope="row" className={`${css.name} ${names}`}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={names}>
                    {column.cell(row)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
