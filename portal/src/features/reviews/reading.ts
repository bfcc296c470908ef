import type { BarView, ChangeView } from '@/api';
import type { StepMark } from '@/features/flow/Flow';

export interface Group<Name extends string> {
  name: Name;
  items: ChangeView[];
}

const bySeverity = { widens: 'more', neutral: 'other', narrows: 'less' } as const;
export type Effect = (typeof bySeverity)[keyof typeof bySeverity];

/** Changes by what they let an app do: more first, because that is what a reviewer answers for. */
export function byEffect(changes: readonly ChangeView[]): Group<Effect>[] {
  return (['more', 'other', 'less'] as const)
    .map((name) => ({
      name,
      // What no rule has judged is not called harmless: it stands with what differs.
      items: changes.filter((change) => (bySeverity[change.severity as keyof typeof bySeverity] ?? 'other') === name),
    }))
    .filter((group) => group.items.length > 0);
}

export type Part = 'steps' | 'calls' | 'data' | 'fixed' | 'rest';

function partOf({ kind }: ChangeView): Part {
  if (/^(step|comment)_/.test(kind)) return 'steps';
  if (/^(operation|connection|scope|egress|subflow|unknown|credential)_/.test(kind)) return 'calls';
  if (kind.startsWith('data_class_')) return 'data';
  return kind.startsWith('constant_') ? 'fixed' : 'rest';
}

/** A change's words where there is nothing to compare with: nothing is new, because all of it is. */
function asFirst(change: ChangeView, constants: Readonly<Record<string, unknown>>): ChangeView {
  const text = change.text
    .replace(/^it may now /, 'it may ')
    .replace(/^it now /, 'it ')
    .replace(/^new (?=step|comment|configuration)/, '')
    .replace(/^constant (.+) was added$/, (_, name: string) =>
      name in constants
        ? `constant ${name} is fixed at ${JSON.stringify(constants[name])}`
        : `constant ${name} is fixed`,
    );
  return { ...change, text };
}

/**
 * What a first version consists of: everything about it is new, so it is told by kind. What it may call at connections
 * is left to the list of its grants.
 */
export function byPart(changes: readonly ChangeView[], closure?: Closure): Group<Part>[] {
  const fixed = closure?.['constants'];
  const constants = (typeof fixed === 'object' && fixed !== null ? fixed : {}) as Readonly<Record<string, unknown>>;
  const told = changes
    .filter(({ kind }) => !/^(first_version|operation_added|connection_added)$/.test(kind))
    .map((change) => asFirst(change, constants));
  return (['calls', 'data', 'fixed', 'steps', 'rest'] as const)
    .map((name) => ({ name, items: told.filter((change) => partOf(change) === name) }))
    .filter((group) => group.items.length > 0);
}

/** Which steps to mark in the drawing. Comments are no steps, and of a first version nothing stands out. */
export function marksOf(changes: readonly ChangeView[], comparedWith: number): Map<string, StepMark> {
  const marks = new Map<string, StepMark>();
  if (comparedWith === 0) return marks;
  for (const { step, kind } of changes) {
    if (step === '' || kind.startsWith('comment_')) continue;
    if (kind === 'step_added') marks.set(step, 'added');
    else if (kind === 'step_removed') marks.set(step, 'removed');
    else if (!marks.has(step)) marks.set(step, 'changed');
  }
  return marks;
}

/** A version's closure, as far as pages read it. */
export type Closure = Readonly<Record<string, unknown>>;

interface Named {
  connection: string;
  operation: string;
}

const keyOf = ({ connection, operation }: Named): string => `${connection} ${operation}`;

/** The operations of a closure with the digest of the interface that each had. */
function operationsOf(closure: Closure | undefined): Map<string, Named & { interface: string }> {
  const found = new Map<string, Named & { interface: string }>();
  const listed = closure?.['operations'];
  for (const item of Array.isArray(listed) ? (listed as unknown[]) : []) {
    if (!Array.isArray(item)) continue;
    const [connection, operation, digest] = item.map(String);
    const named = { connection: connection ?? '', operation: operation ?? '' };
    found.set(keyOf(named), { ...named, interface: digest ?? '' });
  }
  return found;
}

export type GrantState = 'new' | 'changed' | 'gone' | 'kept';

export interface Asked extends Named {
  state: GrantState;
}

const RANK: Record<GrantState, number> = { new: 0, changed: 1, gone: 2, kept: 3 };

/** The grants that are asked for, against those of the approval in force: what needs a look first. */
export function grantsAsked(asked: readonly Named[], now?: Closure, before?: Closure): Asked[] {
  const old = operationsOf(before);
  const current = operationsOf(now);
  const rows: Asked[] = asked.map(({ connection, operation }) => {
    const key = keyOf({ connection, operation });
    const was = old.get(key);
    const is = current.get(key);
    const state = !was ? 'new' : is && is.interface !== was.interface ? 'changed' : 'kept';
    return { connection, operation, state };
  });
  const kept = new Set(asked.map(keyOf));
  for (const [key, { connection, operation }] of old) {
    if (!kept.has(key)) rows.push({ connection, operation, state: 'gone' });
  }
  return rows.toSorted(
    (a, b) =>
      RANK[a.state] - RANK[b.state] ||
      a.connection.localeCompare(b.connection) ||
      a.operation.localeCompare(b.operation),
  );
}

const LADDER = ['restricted', 'confidential', 'internal', 'public'];

/** The highest class among data classes and tags, and the tags beside it. */
export function dataClassOf(classes: unknown): { level: string; tags: string[] } {
  const named = Array.isArray(classes) ? classes.map(String) : [];
  return {
    level: LADDER.find((level) => named.includes(level)) ?? '',
    tags: named.filter((name) => !LADDER.includes(name)),
  };
}

const PARTS = ['owner', 'author', 'submitter', 'uploader'];

/** Who may not decide, each person once, with all their parts. */
export function barredPeople(bars: readonly BarView[]): { name: string; parts: string[] }[] {
  const byName = new Map<string, Set<string>>();
  for (const { name, part } of bars) byName.set(name, (byName.get(name) ?? new Set()).add(part));
  return [...byName].map(([name, parts]) => ({
    name,
    parts: [...parts].toSorted((a, b) => PARTS.indexOf(a) - PARTS.indexOf(b)),
  }));
}

interface Checked {
  name: string;
  passed: boolean;
}

/** The checklist in a few lines: each kind of line once, with how many of it fail. */
export function checksInShort(checks: readonly Checked[]): { name: string; total: number; failed: number }[] {
  const byName = new Map<string, { name: string; total: number; failed: number }>();
  for (const { name, passed } of checks) {
    const line = byName.get(name) ?? { name, total: 0, failed: 0 };
    byName.set(name, { name, total: line.total + 1, failed: line.failed + (passed ? 0 : 1) });
  }
  return [...byName.values()].toSorted((a, b) => Number(b.failed > 0) - Number(a.failed > 0));
}

export interface Neighbours {
  /** From 1; 0 when it isn't in the queue (any more). */
  place: number;
  previous?: string;
  next?: string;
}

/** Where a review stands in a queue; for one that has left it, the most urgent one comes next. */
export function neighbours(queue: readonly string[], id: string): Neighbours {
  const index = queue.indexOf(id);
  const previous = index > 0 ? queue[index - 1] : undefined;
  const next = index < 0 ? queue[0] : queue[index + 1];
  return { place: index + 1, ...(previous ? { previous } : {}), ...(next ? { next } : {}) };
}

interface Findable {
  app: string;
  team: string;
  environment: string;
  note: string;
  reason: string;
}

/** Whether a review has every word that is looked for. */
export function fits(review: Findable, wanted: string, people: readonly string[] = []): boolean {
  const heap = [review.app, review.team, review.environment, review.note, review.reason, ...people]
    .join(' ')
    .toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => heap.includes(word));
}
