import type { TailCallView } from '@/api';

/** How many calls stay in view; older ones are in the figures. */
export const KEPT = 400;

/** Calls by id, newest first, each once. */
export function merged(had: readonly TailCallView[], came: readonly TailCallView[], kept = KEPT): TailCallView[] {
  const byId = new Map(had.map((call) => [call.id, call]));
  for (const call of came) byId.set(call.id, call);
  return [...byId.values()].toSorted((a, b) => b.id - a.id).slice(0, kept);
}

export type Outcome = 'answered' | 'refused' | 'limited' | 'failed';

/** How a call ended: `code` is the hub's own word, so an upstream's 403 is an answer like any other. */
export function outcomeOf(call: Pick<TailCallView, 'status' | 'code'>): Outcome {
  if (call.status === 429) return 'limited';
  if (call.status === 0 || call.status >= 500) return 'failed';
  return call.code === '' ? 'answered' : 'refused';
}

export interface Filter {
  app: string;
  connection: string;
  outcome: string;
}

/** Narrow calls; `outcome` is one of the four, or a code. */
export function narrowed(calls: readonly TailCallView[], filter: Filter): TailCallView[] {
  return calls.filter(
    (call) =>
      (filter.app === '' || call.app === filter.app) &&
      (filter.connection === '' || call.connection === filter.connection) &&
      (filter.outcome === '' || outcomeOf(call) === filter.outcome || call.code === filter.outcome),
  );
}

/** The values that one may filter by, in order. */
export function choices(calls: readonly TailCallView[], key: 'app' | 'connection' | 'code'): string[] {
  return [...new Set(calls.map((call) => call[key]))].filter(Boolean).toSorted();
}
