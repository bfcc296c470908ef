import { expect, it } from 'vitest';
import { callersOf } from './callers';

it('counts who calls a connection, and what of it failed', () => {
  const call = (app: string, connection: string, at: string, status = 200, code = '') => ({
    id: 1,
    at,
    app,
    environment: 'production',
    connection,
    operation: 'x',
    status,
    code,
    ms: 1,
    requestId: null,
  });
  const calls = [
    call('b', 'crm', '2026-03-10T12:00:02Z', 403),
    call('a', 'crm', '2026-03-10T12:00:03Z', 403, 'grant_missing'),
    call('a', 'crm', '2026-03-10T12:00:01Z', 0),
    call('a', 'mail', '2026-03-10T12:00:09Z'),
  ];
  expect(callersOf(calls, 'crm')).toEqual([
    { app: 'a', calls: 2, failed: 2, last: '2026-03-10T12:00:03Z' },
    { app: 'b', calls: 1, failed: 0, last: '2026-03-10T12:00:02Z' },
  ]);
});
