/** A stop of a leak's way. */
export interface Stop {
  label: string;
  detail: string;
  /** What it is, for its icon: a system's or a step's kind. */
  kind: string;
}

/** Stops in between that stand for others count those. */
export interface ShownStop extends Stop {
  left?: number;
}

/** As many as can be read side by side. */
export const STOPS_MAX = 6;

/** Keep both ends and what is next to them; one stop stands for those between. */
export function shortened(stops: readonly Stop[], most = STOPS_MAX): readonly ShownStop[] {
  if (stops.length <= most) return stops;
  const before = Math.ceil((most - 1) / 2);
  const after = most - 1 - before;
  const left = stops.length - before - after;
  return [...stops.slice(0, before), { label: '', detail: '', kind: '', left }, ...stops.slice(-after)];
}
