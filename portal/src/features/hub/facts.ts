import type { ConnectionCallsView, HubDetailView, PointView } from '@/api';
import { share, stateOf } from '@/kit/flow';

export const windows = ['1h', '24h', '7d'] as const;
export type Window = (typeof windows)[number];

/** How finely each window is drawn: the hub's bars, and the connections' lines. */
export const steps = {
  '1h': { bars: '1m', lines: '5m' },
  '24h': { bars: '15m', lines: '1h' },
  '7d': { bars: '1h', lines: '6h' },
} as const;

export const windowOf = (text: string | undefined): Window => windows.find((each) => each === text) ?? '24h';

export interface Totals {
  calls: number;
  answered: number;
  refused: number;
  limited: number;
  errors: number;
  /** Steps of which nothing is known. */
  unknown: number;
  busiest: PointView | null;
}

export function totalsOf(points: readonly PointView[]): Totals {
  const totals: Totals = { calls: 0, answered: 0, refused: 0, limited: 0, errors: 0, unknown: 0, busiest: null };
  for (const point of points) {
    if (!point.known) {
      totals.unknown += 1;
      continue;
    }
    totals.calls += point.calls;
    totals.answered += point.answered;
    totals.refused += point.refused;
    totals.limited += point.limited;
    totals.errors += point.errors;
    if (point.calls > (totals.busiest?.calls ?? 0)) totals.busiest = point;
  }
  return totals;
}

const AWAY_MS = 90_000;

/** Whether a hub has not been heard of for longer than its reports are apart. */
export const isAway = (seenAt: string | null, now: number): boolean =>
  seenAt !== null && now - Date.parse(seenAt) > AWAY_MS;

/** What stands in the title; the worst that is known wins. */
export type Headline =
  | { kind: 'never' }
  | { kind: 'away'; since: string }
  | { kind: 'failing'; connections: string[] }
  | { kind: 'problems'; count: number }
  | { kind: 'errors' | 'refuses'; share: number }
  | { kind: 'unreported' | 'quiet' | 'behind' | 'flows' };

export function headlineOf(
  hub: Pick<HubDetailView, 'seenAt' | 'problems' | 'behind'>,
  calls: { totals: Totals; state: string } | undefined,
  connections: readonly ConnectionCallsView[],
  now: number,
): Headline {
  if (hub.seenAt === null) return { kind: 'never' };
  if (isAway(hub.seenAt, now)) return { kind: 'away', since: hub.seenAt };
  const failing = connections.filter((each) => stateOf(each) === 'failing').map((each) => each.connection);
  if (failing.length > 0) return { kind: 'failing', connections: failing };
  if (hub.problems.length > 0) return { kind: 'problems', count: hub.problems.length };
  if (calls !== undefined) {
    const { totals, state } = calls;
    if (state === 'no_data') return { kind: 'unreported' };
    if (share(totals.errors, totals.calls) >= 0.05) return { kind: 'errors', share: totals.errors / totals.calls };
    const refused = totals.refused + totals.limited;
    if (share(refused, totals.calls) >= 0.05) return { kind: 'refuses', share: refused / totals.calls };
    if (hub.behind) return { kind: 'behind' };
    if (totals.calls === 0) return { kind: 'quiet' };
  }
  return { kind: hub.behind ? 'behind' : 'flows' };
}
