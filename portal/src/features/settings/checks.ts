import type { ExaminationView, SigningKeyView } from '@/api';

export type Check = ExaminationView['checks'][number];

const order = ['failed', 'warning', 'ok'];

/** What is wrong first; otherwise as they ran. */
export const byNeed = (checks: readonly Check[]): Check[] =>
  checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));

export interface Counts {
  failed: number;
  warning: number;
  all: number;
}

export function countsOf(checks: readonly Check[]): Counts {
  const count = (state: string) => checks.filter((check) => check.state === state).length;
  return { failed: count('failed'), warning: count('warning'), all: checks.length };
}

const states = ['active', 'next', 'retired', 'dropped'];

/** Keys of one kind: what signs now, what comes, what ended; the newest of each first. */
export const keysOf = (keys: readonly SigningKeyView[], kind: string): SigningKeyView[] =>
  keys
    .filter((key) => key.kind === kind)
    .toSorted((a, b) => states.indexOf(a.state) - states.indexOf(b.state) || b.createdAt.localeCompare(a.createdAt));

/** Where hubs are called, from any connection's address: all of them begin alike. */
export function hubAddress(connections: readonly { name: string; address: string }[]): string | null {
  const first = connections[0];
  if (!first) return null;
  return first.address.endsWith(`/${first.name}`) ? first.address.slice(0, -first.name.length - 1) : first.address;
}
