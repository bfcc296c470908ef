import type { AppDetailView, ApprovalView, EventView, ReviewView, RunningView, VersionView } from '@/api';
import type { RunsKind } from '@/kit/marks/Runs';

/** What was approved, what runs and what may come next, in one environment. */
export interface Match {
  environment: string;
  /** The newest approval that holds. */
  approval: ApprovalView | undefined;
  running: RunningView | undefined;
  kind: RunsKind;
  /** What runs is allowed, but something newer was approved. */
  older: boolean;
  /** The version that waits for a reviewer. */
  review: ReviewView | undefined;
  /** The newest version that nobody has decided on. */
  draft: VersionView | undefined;
}

const PRODUCTION = 'production';

/** Environments in which there is anything of this app; production first, and at least one. */
export function environmentsOf(app: AppDetailView): readonly string[] {
  const found = new Set([
    ...app.versions.map((version) => version.environment),
    ...app.approvals.map((approval) => approval.environment),
    ...app.running.map((running) => running.environment),
  ]);
  if (found.size === 0) return [PRODUCTION];
  return [...found].toSorted(
    (left, right) => Number(right === PRODUCTION) - Number(left === PRODUCTION) || left.localeCompare(right),
  );
}

const newestFirst = (left: { number: number }, right: { number: number }): number => right.number - left.number;

/** Compare what was approved with what runs in an environment. */
export function matchOf(app: AppDetailView, environment: string): Match {
  const there = <T extends { environment: string }>(items: readonly T[]) =>
    items.filter((item) => item.environment === environment);
  const live = there(app.approvals).filter((approval) => approval.live);
  const approval = live.find((each) => each.supersededAt === null) ?? live[0];
  const running = there(app.running)[0];
  const allowed = running !== undefined && live.some((each) => each.digest === running.digest);
  const newest = there(app.versions).toSorted(newestFirst)[0];
  return {
    environment,
    approval,
    running,
    kind: running === undefined ? 'none' : allowed ? kindOf(running.source) : 'drifted',
    older: allowed && approval !== undefined && running.digest !== approval.digest,
    review: there(app.reviews).find((review) => review.outcome === 'open'),
    draft: newest !== undefined && (newest.status === 'draft' || newest.status === 'refused') ? newest : undefined,
  };
}

function kindOf(source: string): RunsKind {
  return source === 'executed' || source === 'observed' ? source : 'declared';
}

/** What of an app should be looked at first. */
export type Trouble = 'retired' | 'quarantined' | 'drifted' | 'ownerGone' | 'none';

export function troubleOf(app: AppDetailView, match: Match): Trouble {
  if (app.stage === 'retired') return 'retired';
  if (app.quarantine !== null) return 'quarantined';
  if (match.kind === 'drifted') return 'drifted';
  if (!app.ownerActive) return 'ownerGone';
  return 'none';
}

export const STAGES = ['idea', 'prototype', 'operating', 'retired'] as const;
export type StageName = (typeof STAGES)[number];

/** When each stage began, as far as it is known: registration, first version, first approval, and the events read. */
export function stageDates(app: AppDetailView, events: readonly EventView[]): Partial<Record<StageName, string>> {
  const found: Partial<Record<StageName, string>> = { idea: app.createdAt };
  const first = <T>(items: readonly T[], at: (item: T) => string): string | undefined => items.map(at).toSorted()[0];
  const version = first(app.versions, (item) => item.createdAt);
  const approval = first(
    app.approvals.filter((item) => item.environment === PRODUCTION),
    (item) => item.validFrom,
  );
  if (version !== undefined) found.prototype = version;
  if (approval !== undefined) found.operating = approval;
  for (const event of events) {
    if (event.action === 'app.retired') found.retired = event.at;
    const to = event.action === 'app.stage_moved' ? event.facts['to'] : undefined;
    if (to === 'prototype' || to === 'operating' || to === 'retired') found[to] = event.at;
  }
  return found;
}

/** A source's own name, as it signs what it saw: `source NAME`. */
export const sourceName = (actor: string): string => actor.replace(/^source /, '');

/** A version's number by its digest; undefined where it isn't known. */
export function numberOf(app: { versions: readonly VersionView[] }, digest: unknown): number | undefined {
  return app.versions.find((version) => version.digest === digest)?.number;
}

interface Closure {
  operations: [string, string][];
  egress: string[];
  unknown: string[];
  dataClasses: string[];
  constants: [string, string][];
  reachable: number;
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Read a closure's document; what is missing is empty. */
export function closureOf(document: Readonly<Record<string, unknown>>): Closure {
  const listed = Array.isArray(document['operations']) ? (document['operations'] as unknown[]) : [];
  const constants = document['constants'];
  return {
    operations: listed.filter(Array.isArray).map((item) => [String(item[0]), String(item[1])]),
    egress: texts(document['egress']),
    unknown: texts(document['unknown']),
    dataClasses: texts(document['dataClasses']),
    constants:
      typeof constants === 'object' && constants !== null
        ? Object.entries(constants).map(([name, value]) => [name, String(value)])
        : [],
    reachable: Array.isArray(document['reachable']) ? document['reachable'].length : 0,
  };
}

/** How many steps a flow has; comments and shared settings are none. */
export function stepsOf(graph: Readonly<Record<string, unknown>>): number {
  const steps = Array.isArray(graph['steps']) ? (graph['steps'] as { kind?: string }[]) : [];
  return steps.filter((step) => step.kind !== 'comment' && step.kind !== 'config').length;
}

const LEVELS = ['public', 'internal', 'confidential', 'restricted'];

/** The highest level among data classes, and the tags beside it. */
export function classesOf(classes: readonly string[]): { level: string; tags: string[] } {
  const levels = LEVELS.filter((level) => classes.includes(level));
  return { level: levels.at(-1) ?? '', tags: classes.filter((name) => !LEVELS.includes(name)) };
}

/** The version that an app's page shows by default: what runs, else what is approved, else the newest. */
export function shownVersion(app: AppDetailView, match: Match): VersionView | undefined {
  const there = app.versions.filter((version) => version.environment === match.environment).toSorted(newestFirst);
  const wanted = match.running?.digest ?? match.approval?.digest;
  return there.find((version) => version.digest === wanted) ?? there[0];
}

/** How an operation stands: asked for by the version, granted by the approval, and called. */
export interface OperationUse {
  connection: string;
  /** Empty for calls that were refused before an operation was known. */
  operation: string;
  asked: boolean;
  granted: boolean;
  calls: number;
  refused: number;
  errors: number;
  p95Ms: number | null;
  lastAt: string | null;
  /** Refused calls by the code of the refusal. */
  refusals: Readonly<Record<string, number>>;
}

interface Called {
  connection: string;
  operation: string;
  calls: number;
  refused: number;
  errors: number;
  p95Ms: number | null;
  lastAt: string;
  refusals: Readonly<Record<string, number>>;
}

/** Put what was asked for, granted and called side by side, by connection; the most called first. */
export function usesOf(
  asked: readonly (readonly [string, string])[],
  granted: readonly { connection: string; operation: string }[],
  called: readonly Called[],
): Map<string, OperationUse[]> {
  const found = new Map<string, OperationUse>();
  const use = (connection: string, operation: string): OperationUse => {
    const key = `${connection}\n${operation}`;
    const had = found.get(key);
    if (had) return had;
    const made = {
      connection,
      operation,
      asked: false,
      granted: false,
      calls: 0,
      refused: 0,
      errors: 0,
      p95Ms: null,
      lastAt: null,
      refusals: {},
    };
    found.set(key, made);
    return made;
  };
  for (const [connection, operation] of asked) use(connection, operation).asked = true;
  for (const item of granted) use(item.connection, item.operation).granted = true;
  for (const item of called) {
    if (!item.connection) continue;
    const entry = use(item.connection, item.operation);
    entry.calls += item.calls;
    entry.refused += item.refused;
    entry.errors += item.errors;
    entry.p95Ms = item.p95Ms;
    entry.lastAt = item.lastAt;
    entry.refusals = item.refusals;
  }
  const grouped = new Map<string, OperationUse[]>();
  for (const entry of found.values()) grouped.set(entry.connection, [...(grouped.get(entry.connection) ?? []), entry]);
  for (const entries of grouped.values())
    entries.sort((left, right) => right.calls - left.calls || left.operation.localeCompare(right.operation));
  const total = (entries: readonly OperationUse[]) => entries.reduce((sum, entry) => sum + entry.calls, 0);
  return new Map(
    [...grouped].toSorted((left, right) => total(right[1]) - total(left[1]) || left[0].localeCompare(right[0])),
  );
}
