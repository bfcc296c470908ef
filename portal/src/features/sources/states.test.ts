import { describe, expect, it } from 'vitest';
import type { SourceView } from '@/api';
import { byNeed, stateOf } from './states';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const before = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
const source = (name: string, some: Partial<SourceView> = {}) =>
  ({ name, state: 'ok', readAt: before(3), intervalS: 5, bindings: [{ state: 'ok' }], ...some }) as SourceView;

describe('a source', () => {
  it('fails when it cannot be read, or one of its parts', () => {
    expect(stateOf(source('a'), NOW)).toBe('ok');
    expect(stateOf(source('a', { state: 'unreachable' }), NOW)).toBe('failing');
    expect(stateOf(source('a', { bindings: [{ state: 'missing' }] as SourceView['bindings'] }), NOW)).toBe('failing');
    expect(stateOf(source('a', { state: 'waiting', readAt: null }), NOW)).toBe('waiting');
  });

  it('is late when nobody has looked for long, whatever the last look found', () => {
    expect(stateOf(source('a', { readAt: before(39) }), NOW)).toBe('ok');
    expect(stateOf(source('a', { readAt: before(41) }), NOW)).toBe('late');
  });

  it('stands above the others when it needs a look', () => {
    const items = [
      source('b'),
      source('a'),
      source('c', { state: 'unauthorised' }),
      source('d', { readAt: before(99) }),
    ];
    expect(byNeed(items, NOW).map((each) => each.name)).toEqual(['c', 'd', 'a', 'b']);
  });
});
