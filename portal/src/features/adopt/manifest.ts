import type { ConnectionView, DraftView } from '@/api';

/** What a person adds to a draft. */
export interface Answers {
  name: string;
  title: string;
  team: string;
  owner: string;
  deputy: string;
  purpose: string;
  dataClasses: readonly string[];
  /** Operations by connection; a connection without any is declared all the same. */
  uses: Readonly<Record<string, readonly string[]>>;
}

export interface Declared {
  connection: string;
  operations?: readonly string[];
}

type Json = Record<string, unknown>;

const asJson = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** The connections that a draft's calls go through, with the operations that were recognised. */
export function declaredIn(manifest: DraftView['manifest']): Declared[] {
  const found = asJson(asJson(manifest)['spec'])['connections'];
  return Array.isArray(found) ? (found as Declared[]) : [];
}

/** Begin answers with what the file tells. */
export function answersOf(draft: DraftView, me: string, team: string): Answers {
  return {
    name: draft.name,
    title: draft.title,
    team,
    owner: me,
    deputy: '',
    purpose: '',
    dataClasses: [],
    uses: Object.fromEntries(declaredIn(draft.manifest).map((each) => [each.connection, [...(each.operations ?? [])]])),
  };
}

/** Why a connection stands in the list: it is called, or it leads where the flow goes by itself. */
export type Reason = { kind: 'called' } | { kind: 'system' | 'host'; of: string };

export interface Offer {
  connection: ConnectionView;
  reason: Reason;
  /** Others lead to the same place, so a person must choose. */
  rivals: readonly string[];
}

function hostOf(address: string): string {
  try {
    return new URL(address).hostname.toLowerCase();
  } catch {
    return '';
  }
}

/** The connections of an environment that a flow calls or could call, those it calls first. */
export function offersOf(draft: DraftView, connections: readonly ConnectionView[], environment: string): Offer[] {
  const called = new Set(declaredIn(draft.manifest).map((each) => each.connection));
  const reasonFor = (connection: ConnectionView): Reason | null => {
    if (called.has(connection.name)) return { kind: 'called' };
    const host = hostOf(connection.upstream);
    if (host && draft.egress.includes(host)) return { kind: 'host', of: host };
    if (draft.connectors.includes(connection.connector)) return { kind: 'system', of: connection.connector };
    return null;
  };
  const found = connections
    .filter((connection) => connection.environment === environment)
    .flatMap((connection) => {
      const reason = reasonFor(connection);
      return reason ? [{ connection, reason }] : [];
    });
  const target = (reason: Reason) => (reason.kind === 'called' ? '' : `${reason.kind} ${reason.of}`);
  return found
    .map((offer) => ({
      ...offer,
      rivals: found
        .filter(
          (other) => other !== offer && target(offer.reason) !== '' && target(other.reason) === target(offer.reason),
        )
        .map((other) => other.connection.name),
    }))
    .toSorted((one, other) => Number(other.reason.kind === 'called') - Number(one.reason.kind === 'called'));
}

/** Lay answers over a draft's manifest: what is empty is left out, what the file told stays. */
export function completeManifest(draft: DraftView, answers: Answers): Json {
  const manifest = asJson(draft.manifest);
  const spec: Json = { ...asJson(manifest['spec']), title: answers.title.trim() };
  for (const field of ['team', 'owner', 'deputy', 'purpose'] as const) spec[field] = answers[field].trim();
  spec['dataClasses'] = [...answers.dataClasses];
  spec['connections'] = Object.entries(answers.uses)
    .map(([connection, operations]) => ({ connection, operations: [...operations].toSorted() }))
    .toSorted((one, other) => one.connection.localeCompare(other.connection));
  return {
    ...manifest,
    metadata: { ...asJson(manifest['metadata']), name: answers.name },
    spec: Object.fromEntries(
      Object.entries(spec).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0)),
    ),
  };
}

/** Data classes come as a level and tags: one of the first four, any of the others. */
export const LEVELS = ['public', 'internal', 'confidential', 'restricted'] as const;
export const TAGS = ['pii', 'phi', 'pci', 'secret'] as const;

/** Choose a level in place of the one before; choosing it again takes it away. */
export function withLevel(classes: readonly string[], level: string): string[] {
  const rest = classes.filter((each) => !(LEVELS as readonly string[]).includes(each));
  return classes.includes(level) ? rest : [level, ...rest];
}
