import { describe, expect, it } from 'vitest';
import type { ConnectionCallsView, PointView } from '@/api';
import { byNeed, headlineOf, keyAgeOf, stateOf, totalsOf, windowOf } from './facts';

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

describe('how a connection does', () => {
  it('tells silence from flowing, and counts errors among the calls that were passed on', () => {
    expect(stateOf(connection('a', {}))).toBe('silent');
    expect(stateOf(connection('a', { calls: 100, errors: 1 }))).toBe('flowing');
    expect(stateOf(connection('a', { calls: 100, errors: 6 }))).toBe('troubled');
    expect(stateOf(connection('a', { calls: 100, refused: 90, errors: 6 }))).toBe('failing');
    expect(stateOf(connection('a', { calls: 100, refused: 60 }))).toBe('refused');
    expect(stateOf(connection('a', { calls: 100, limited: 20 }))).toBe('limited');
  });

  it('puts trouble first, then the busiest', () => {
    const items = [
      connection('silent', {}),
      connection('busy', { calls: 900 }),
      connection('down', { calls: 3, errors: 3 }),
      connection('calm', { calls: 9 }),
    ];
    expect(byNeed(items).map((each) => each.connection)).toEqual(['down', 'busy', 'calm', 'silent']);
  });
});

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

describe('the age of a key', () => {
  const credential = {
    name: 'bot',
    environment: 'production',
    version: 1,
    fields: ['token'],
    usedBy: [],
    createdAt: before(91 * 24 * 60),
    createdBy: 'tomas',
    lastUsedAt: null,
  };

  it('belongs to the environment, and is old after 90 days', () => {
    expect(keyAgeOf({ credential: 'bot', environment: 'production' }, [credential], NOW)).toEqual({
      kind: 'set',
      days: 91,
      old: true,
    });
    expect(keyAgeOf({ credential: 'bot', environment: 'sandbox' }, [credential], NOW)).toEqual({ kind: 'missing' });
    expect(keyAgeOf({ credential: null, environment: 'sandbox' }, [credential], NOW)).toEqual({ kind: 'none' });
  });
});
