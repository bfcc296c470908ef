import { expect, test } from 'vitest';
import type { CatalogItem } from '@/api';
import { cell, COLUMNS, line, toCsv } from './csv';

test('no cell is a formula', () => {
  expect(cell('=1+1')).toBe(`"'=1+1"`);
  for (const bad of ['+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\n=1', '\rx']) expect(cell(bad)).toMatch(/^"'/);
  expect(cell('a=b')).toBe('a=b');
  expect(cell(-3)).toBe('-3');
});

test('commas, quotes and lines stay in their cell', () => {
  expect(line(['a,b', 'say "hi"', 'x\ny', null, ['pii', 'pci'], true])).toBe(
    '"a,b","say ""hi""","x\ny",,pii pci,true\r\n',
  );
});

test('each app is a row below the names', () => {
  const app = { name: 'a', purpose: '=HYPERLINK("x")', connectors: ['slack'] } as unknown as CatalogItem;
  const [names, row, end] = toCsv([app]).split('\r\n');
  expect(names).toBe(COLUMNS.join(','));
  expect(row).toContain(`"'=HYPERLINK(""x"")"`);
  expect(end).toBe('');
});
