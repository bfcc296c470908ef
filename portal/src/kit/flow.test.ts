import { describe, expect, it } from 'vitest';
import type { ConnectionCallsView } from '@/api';
import { byNeed, keyAgeOf, stateOf } from './flow';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

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
