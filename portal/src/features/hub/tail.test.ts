import { describe, expect, it } from 'vitest';
import type { TailCallView } from '@/api';
import { choices, merged, narrowed, outcomeOf } from './tail';

const call = (id: number, some: Partial<TailCallView> = {}): TailCallView => ({
  id,
  at: '2026-03-10T12:00:00Z',
  app: 'lead-router',
  environment: 'production',
  connection: 'crm',
  operation: 'leads.list',
  status: 200,
  code: '',
  ms: 12,
  requestId: null,
  ...some,
});

describe('the live tail', () => {
  it('keeps every call once, newest first, and forgets the oldest', () => {
    const first = merged([], [call(3), call(2), call(1)], 3);
    expect(merged(first, [call(4), call(3)], 3).map((each) => each.id)).toEqual([4, 3, 2]);
  });

  it('tells what the hub refused from what the upstream answered', () => {
    expect(outcomeOf(call(1, { status: 403 }))).toBe('answered');
    expect(outcomeOf(call(1, { status: 403, code: 'grant_missing' }))).toBe('refused');
    expect(outcomeOf(call(1, { status: 429, code: 'quota_exceeded' }))).toBe('limited');
    expect(outcomeOf(call(1, { status: 503, code: 'upstream_unavailable' }))).toBe('failed');
    expect(outcomeOf(call(1, { status: 0 }))).toBe('failed');
  });

  it('narrows by app, connection, outcome or code', () => {
    const calls = [
      call(1),
      call(2, { app: 'mailer', connection: 'mail' }),
      call(3, { status: 403, code: 'grant_missing' }),
    ];
    const none = { app: '', connection: '', outcome: '' };
    expect(narrowed(calls, none)).toHaveLength(3);
    expect(narrowed(calls, { ...none, app: 'mailer' }).map((each) => each.id)).toEqual([2]);
    expect(narrowed(calls, { ...none, outcome: 'refused' }).map((each) => each.id)).toEqual([3]);
    expect(narrowed(calls, { ...none, outcome: 'grant_missing', connection: 'mail' })).toEqual([]);
    expect(choices(calls, 'app')).toEqual(['lead-router', 'mailer']);
    expect(choices(calls, 'code')).toEqual(['grant_missing']);
  });
});
