import type { BindingView, SourceView } from '@/api';

export type SourceState = 'ok' | 'late' | 'waiting' | 'failing';

/** After so many looks that should have gone well, a source is late. */
const SILENT_INTERVALS = 5;
const SLACK_MS = 15_000;

/** How a source does: the last look's state, and whether one was made lately at all. */
export function stateOf(
  source: Pick<SourceView, 'state' | 'readAt' | 'intervalS'> & { bindings: readonly Pick<BindingView, 'state'>[] },
  now: number,
): SourceState {
  if (source.state === 'waiting') return 'waiting';
  if (source.state !== 'ok') return 'failing';
  if (source.bindings.some((each) => each.state !== 'ok' && each.state !== 'waiting')) return 'failing';
  if (source.readAt !== null && lagOf(source.readAt, now) > source.intervalS * 1000 * SILENT_INTERVALS + SLACK_MS) {
    return 'late';
  }
  return 'ok';
}

/** How old what is known is (milliseconds). */
export const lagOf = (readAt: string, now: number): number => Math.max(0, now - Date.parse(readAt));

const order: readonly SourceState[] = ['failing', 'late', 'waiting', 'ok'];

/** Those that need a look first. */
export const byNeed = (sources: readonly SourceView[], now: number): SourceView[] =>
  sources.toSorted(
    (a, b) => order.indexOf(stateOf(a, now)) - order.indexOf(stateOf(b, now)) || a.name.localeCompare(b.name),
  );
