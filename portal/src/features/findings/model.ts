/** How bad a finding is, as the API says it. */
export type Gravity = 'block' | 'warn' | 'note';

/** What a finding says of one definition. */
export interface FoundFinding {
  key: string;
  rule: string;
  severity: Gravity;
  title: string;
  text: string;
  step: string;
  pointer: string;
  line: number;
  why: string;
  /** What belongs to the rule, as names and texts. */
  evidence: readonly (readonly [string, string])[];
  refs: readonly string[];
  /** Where the rule is described; empty when nowhere. */
  help: string;
  fix: { text: string; mechanical: boolean; checked: boolean } | null;
  /** Key of the leak that it tells of. */
  leak: string;
}

/** A leak of one definition. */
export interface OwnLeak {
  key: string;
  /** What travels, in a word. */
  tag: string;
  what: string;
  dataClass: string;
  destination: string;
  why: string;
  implicit: boolean;
  path: readonly string[];
  cut: { step: string; before: string; text: string } | null;
}

const GRAVITIES: readonly Gravity[] = ['block', 'warn', 'note'];

/** Findings by how bad they are, worst first; a severity without any is left out. */
export function byGravity(findings: readonly FoundFinding[]): readonly (readonly [Gravity, readonly FoundFinding[]])[] {
  return GRAVITIES.map((gravity) => [gravity, findings.filter((each) => each.severity === gravity)] as const).filter(
    ([, some]) => some.length > 0,
  );
}

export function countsOf(findings: readonly FoundFinding[]): Record<Gravity, number> {
  const counts = { block: 0, warn: 0, note: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Where one stands in a list after going up or down; stays at its ends. */
export function stepped<T>(items: readonly T[], here: T | null, by: 1 | -1): T | null {
  if (items.length === 0) return null;
  const at = here === null ? -1 : items.indexOf(here);
  if (at === -1) return items[by === 1 ? 0 : items.length - 1]!;
  return items[Math.max(0, Math.min(items.length - 1, at + by))]!;
}
