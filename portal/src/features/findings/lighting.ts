import { plain } from '@/features/flow/graph';
import type { Severity } from '@/features/flow/drawn';
import type { Carried, Lit } from '@/features/flow/lit';
import type { FoundFinding, Gravity, OwnLeak } from './model';

const LEVELS: readonly string[] = ['public', 'internal', 'confidential', 'restricted'];

/** Data of one kind, as a step's output carries it. */
export interface DataLabel {
  dataClass: string;
  tag: string;
}

/** What each step's output carries, in as few letters as an arrow has room for: `pii`, `pii +1`. */
export function carriedOf(labels: Readonly<Record<string, readonly DataLabel[]>>): ReadonlyMap<string, Carried> {
  return new Map(
    Object.entries(labels).flatMap(([step, held]) => {
      const worst = held.toSorted((one, other) => LEVELS.indexOf(other.dataClass) - LEVELS.indexOf(one.dataClass));
      const tags = [...new Set(worst.map((label) => plain(label.tag, 20)))].filter(Boolean);
      if (tags.length === 0 || !worst[0]) return [];
      return [
        [step, { level: worst[0].dataClass, text: tags.length > 1 ? `${tags[0]} +${tags.length - 1}` : tags[0]! }],
      ];
    }),
  );
}

/** What the drawing lights for a leak. */
export const litOf = (leak: OwnLeak | undefined): Lit | null =>
  leak ? { path: leak.path, what: plain(leak.tag, 20), cut: leak.cut } : null;

const SEVERITIES: Record<Gravity, Severity> = { block: 'blocker', warn: 'warning', note: 'note' };
const ORDER: readonly Severity[] = ['note', 'warning', 'blocker'];

/** How bad the worst finding of each step is. */
export function severitiesOf(findings: readonly FoundFinding[]): ReadonlyMap<string, Severity> {
  const found = new Map<string, Severity>();
  for (const { step, severity } of findings) {
    const next = SEVERITIES[severity];
    const held = found.get(step);
    if (step && (!held || ORDER.indexOf(next) > ORDER.indexOf(held))) found.set(step, next);
  }
  return found;
}

/** A step's findings as its details tell them. */
export const toldOf = (findings: readonly FoundFinding[], step: string) =>
  findings
    .filter((finding) => finding.step === step)
    .map((finding) => ({ step, severity: SEVERITIES[finding.severity], text: plain(finding.text) }));
