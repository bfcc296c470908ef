import type { ConnectionCallsView, CredentialView } from '@/api';

export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export type FlowState = 'failing' | 'troubled' | 'refused' | 'limited' | 'flowing' | 'silent';

const order: readonly FlowState[] = ['failing', 'troubled', 'refused', 'limited', 'flowing', 'silent'];

/** How a connection does, from its calls alone: no call says nothing about it, so that is a state of its own. */
export function stateOf(calls: Pick<ConnectionCallsView, 'calls' | 'errors' | 'refused' | 'limited'>): FlowState {
  if (calls.calls === 0) return 'silent';
  // Refused calls never reached the upstream.
  const passed = calls.calls - calls.refused;
  if (share(calls.errors, passed) >= 0.5) return 'failing';
  if (share(calls.errors, passed) >= 0.05) return 'troubled';
  if (share(calls.refused, calls.calls) >= 0.5) return 'refused';
  if (share(calls.limited, passed) >= 0.1) return 'limited';
  return 'flowing';
}

/** Trouble first, then the busiest. */
export function byNeed(items: readonly ConnectionCallsView[]): ConnectionCallsView[] {
  return items.toSorted(
    (a, b) =>
      order.indexOf(stateOf(a)) - order.indexOf(stateOf(b)) ||
      b.calls - a.calls ||
      a.connection.localeCompare(b.connection),
  );
}

export type KeyAge = { kind: 'none' | 'missing' } | { kind: 'set'; days: number; old: boolean };

export const OLD_DAYS = 90;

/** How old a connection's credential is. */
export function keyAgeOf(
  connection: { credential: string | null; environment: string },
  credentials: readonly CredentialView[],
  now: number,
): KeyAge {
  if (connection.credential === null) return { kind: 'none' };
  const found = credentials.find(
    (each) => each.name === connection.credential && each.environment === connection.environment,
  );
  if (!found) return { kind: 'missing' };
  const days = Math.max(0, Math.floor((now - Date.parse(found.createdAt)) / 86_400_000));
  return { kind: 'set', days, old: days > OLD_DAYS };
}
