import type { CatalogItem } from '@/api';

/** Columns of an export: names as the API has them, so that a script finds them. */
export const COLUMNS = [
  'name',
  'title',
  'purpose',
  'team',
  'owner',
  'ownerName',
  'ownerActive',
  'deputy',
  'deputyName',
  'stage',
  'platform',
  'dataClass',
  'dataTags',
  'runs',
  'runningNumber',
  'seenAt',
  'inReview',
  'quarantined',
  'connectors',
  'createdAt',
] as const satisfies readonly (keyof CatalogItem)[];

/** Spreadsheets run what begins like a formula, behind a tab or a line's end too. */
const FORMULA = /^[\s]*[=+\-@]|^[\t\r]/;

export function cell(value: unknown): string {
  const plain = Array.isArray(value) ? value.join(' ') : value === null || value === undefined ? '' : String(value);
  const safe = typeof value !== 'number' && FORMULA.test(plain) ? `'${plain}` : plain;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const line = (values: readonly unknown[]): string => `${values.map(cell).join(',')}\r\n`;

/** Apps as CSV with a row of names. */
export function toCsv(apps: readonly CatalogItem[]): string {
  return line(COLUMNS) + apps.map((app) => line(COLUMNS.map((column) => app[column]))).join('');
}
