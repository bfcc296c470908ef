import { describe, expect, it } from 'vitest';
import type { AppPointView, OperationCallsView } from '@/api';
import { axisOf, costsOf, exceptionOf, totalsOf } from './series';

const point = (more: Partial<AppPointView> = {}): AppPointView => ({
  at: '2026-11-01T00:00:00Z',
  known: true,
  calls: 0,
  answered: 0,
  refused: 0,
  limited: 0,
  errors: 0,
  p95Ms: null,
  cost: [],
  ...more,
});

describe('what a window comes to', () => {
  it('counts limited calls among the refused, and steps of which nothing is known', () => {
    const points = [
      point({ calls: 10, answered: 6, refused: 1, limited: 1, errors: 2 }),
      point({ known: false }),
      point({ known: false, calls: 1, answered: 1 }),
    ];
    expect(totalsOf(points)).toEqual({ calls: 11, answered: 7, refused: 2, failed: 2, unknown: 1 });
  });

  it('points at the worst step, and at none while few calls fail', () => {
    const points = [point({ calls: 200, errors: 9 }), point({ calls: 20, errors: 5 }), point({ calls: 9, errors: 2 })];
    expect(exceptionOf(points, (each) => each.errors)).toEqual({ index: 1, value: 5 });
    expect(exceptionOf([point({ calls: 100, errors: 4 })], (each) => each.errors)).toBeUndefined();
  });

  it('labels first and last step', () => {
    const points = Array.from({ length: 29 }, (_, day) => ({ at: String(day) }));
    expect(axisOf(points, (at) => at)).toEqual(['0', '7', '14', '21', '28']);
  });
});

it('adds up costs by currency, and puts small ones together', () => {
  const item = (operation: string, micros: number, currency = 'EUR') =>
    ({ connection: 'ledger', operation, cost: [{ micros, currency }] }) as OperationCallsView;
  const found = costsOf(
    [item('a', 5), item('b', 9), item('c', 1), item('d', 2), item('e', 0), item('f', 4, 'USD')],
    'the rest',
    2,
  );
  expect(found).toEqual([
    {
      total: { currency: 'EUR', micros: 17 },
      parts: [
        { name: 'ledger b', micros: 9 },
        { name: 'ledger a', micros: 5 },
        { name: 'the rest', micros: 3 },
      ],
    },
    { total: { currency: 'USD', micros: 4 }, parts: [{ name: 'ledger f', micros: 4 }] },
  ]);
});
