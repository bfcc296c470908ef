import type { TailCallView } from '@/api';

export interface Caller {
  app: string;
  calls: number;
  /** Failed, or refused by the hub. */
  failed: number;
  last: string;
}

/** Apps among some calls of a connection, most calls first. */
export function callersOf(calls: readonly TailCallView[], connection: string): Caller[] {
  const byApp = new Map<string, Caller>();
  for (const call of calls) {
    if (call.connection !== connection) continue;
    const found = byApp.get(call.app) ?? { app: call.app, calls: 0, failed: 0, last: call.at };
    found.calls += 1;
    if (call.code !== '' || call.status === 0 || call.status >= 500) found.failed += 1;
    if (call.at > found.last) found.last = call.at;
    byApp.set(call.app, found);
  }
  return [...byApp.values()].toSorted((a, b) => b.calls - a.calls || a.app.localeCompare(b.app));
}
