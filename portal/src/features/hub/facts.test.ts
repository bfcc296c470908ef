import { describe, expect, it } from 'vitest';
import type { ConnectionCallsView, PointView } from '@/api';
import { headlineOf, totalsOf, windowOf } from './facts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const point = (some: Partial<PointView>): PointView => ({
  at: before(5),
  known: true,
  calls: 0,
  answered: 0,
  refused: 0,
  limited: 0,
  errors: 0,
  ...some,
});

const connection = (name: string, some: Partial<ConnectionCallsView>): ConnectionCallsView => ({
  connection: name,
  environment: 'production',
  calls: 0,
  answered: 0,
  refused: 0,
  limited: 0,
  errors: 0,
  p95Ms: null,
  lastAt: null,
  series: [],
  ...some,
});

const live = { seenAt: before(0), problems: [], behind: false };

describe('the title', () => {
  const calls = (some: Partial<PointView>, state = 'ok') => ({ totals: totalsOf([point(some)]), state });

  it('says the worst that is known', () => {
    const down = connection('crm', { calls: 4, errors: 4 });
    const away = { ...live, seenAt: before(4), problems: ['x'] };
    expect(headlineOf({ ...live, seenAt: null }, undefined, [], NOW)).toEqual({ kind: 'never' });
    expect(headlineOf(away, undefined, [down], NOW)).toEqual({ kind: 'away', since: away.seenAt });
    expect(headlineOf({ ...live, problems: ['x'] }, undefined, [down], NOW)).toEqual({
      kind: 'failing',
      connections: ['crm'],
    });
    expect(headlineOf({ ...live, problems: ['x'] }, undefined, [], NOW)).toEqual({ kind: 'problems', count: 1 });
    expect(headlineOf(live, calls({ calls: 100, refused: 8, limited: 4 }), [], NOW)).toEqual({
      kind: 'refuses',
      share: 0.12,
    });
    expect(headlineOf(live, calls({ calls: 100, errors: 7, refused: 50 }), [], NOW)).toEqual({
      kind: 'errors',
      share: 0.07,
    });
  });

  it('never calls silence flowing', () => {
    expect(headlineOf(live, calls({}, 'no_data'), [], NOW).kind).toBe('unreported');
    expect(headlineOf(live, calls({}), [], NOW).kind).toBe('quiet');
    expect(headlineOf(live, calls({ calls: 5, answered: 5 }), [], NOW).kind).toBe('flows');
    expect(headlineOf({ ...live, behind: true }, calls({ calls: 5 }), [], NOW).kind).toBe('behind');
  });
});

describe('sums', () => {
  it('leaves out what is not known', () => {
    const totals = totalsOf([point({ calls: 3, answered: 3 }), point({ known: false, calls: 9 }), point({ calls: 7 })]);
    expect([totals.calls, totals.unknown, totals.busiest?.calls]).toEqual([10, 1, 7]);
  });

  it('reads the window from the address', () => {
    expect([windowOf('7d'), windowOf('28d'), windowOf(undefined)]).toEqual(['7d', '24h', '24h']);
  });
});
