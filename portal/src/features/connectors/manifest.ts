import type { ConnectionView, ConnectorView, PlanView } from '@/api';
import type { Problem } from '@/kit/problem';

/** A connection as the form holds it: texts, so that nothing that was typed is lost. */
export interface Fields {
  name: string;
  connector: string;
  version: string;
  environment: string;
  upstream: string;
  region: string;
  network: string;
  credential: string;
  callsPerMinute: string;
  burst: string;
}

export type FieldName = keyof Fields;

export const blank: Fields = {
  name: '',
  connector: '',
  version: '',
  environment: '',
  upstream: '',
  region: '',
  network: 'public',
  credential: '',
  callsPerMinute: '',
  burst: '',
};

/**
 * What a connection changes of its connector's limits. The API shows what is in force; only what differs is the
 * connection's own, and a rate of its own brings a burst of the same size unless another is named.
 */
export function limitsOf(
  connection: Pick<ConnectionView, 'callsPerMinute' | 'burst'>,
  connector: Pick<ConnectorView, 'callsPerMinute' | 'burst'>,
): { callsPerMinute: string; burst: string } {
  const own = connection.callsPerMinute !== connector.callsPerMinute;
  const inherited = own ? connection.callsPerMinute : connector.burst;
  return {
    callsPerMinute: own ? String(connection.callsPerMinute) : '',
    burst: connection.burst === inherited ? '' : String(connection.burst),
  };
}

export function fieldsOf(connection: ConnectionView, connector: ConnectorView): Fields {
  return {
    name: connection.name,
    connector: connection.connector,
    version: connection.version,
    environment: connection.environment,
    upstream: connection.upstream,
    region: connection.region,
    network: connection.network,
    credential: connection.credential ?? '',
    ...limitsOf(connection, connector),
  };
}

// What is no number is sent as it was typed: the API says what is wrong with it, and where.
const numberOr = (text: string): number | string => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

/** The connection's manifest; JSON is YAML. Empty fields are left out. */
export function manifestOf(fields: Fields): string {
  const filled = (key: FieldName) => (fields[key].trim() === '' ? {} : { [key]: fields[key].trim() });
  const limits = {
    ...(fields.callsPerMinute.trim() ? { callsPerMinute: numberOr(fields.callsPerMinute) } : {}),
    ...(fields.burst.trim() ? { burst: numberOr(fields.burst) } : {}),
  };
  return JSON.stringify({
    apiVersion: 'handrail.dev/v1',
    kind: 'Connection',
    metadata: filled('name'),
    spec: {
      ...filled('connector'),
      ...filled('version'),
      ...filled('environment'),
      ...filled('upstream'),
      ...filled('region'),
      ...filled('network'),
      ...filled('credential'),
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
    },
  });
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Read a connection's manifest back, as a refusal of a late change brings it. */
export function fieldsOfDocument(document: unknown): Fields {
  const spec = record(record(document)['spec']);
  const limits = record(spec['limits']);
  return {
    name: text(record(record(document)['metadata'])['name']),
    connector: text(spec['connector']),
    version: text(spec['version']),
    environment: text(spec['environment']),
    upstream: text(spec['upstream']),
    region: text(spec['region']),
    network: text(spec['network']) || 'public',
    credential: text(spec['credential']),
    callsPerMinute: text(limits['callsPerMinute']),
    burst: text(limits['burst']),
  };
}

export interface Side {
  field: FieldName;
  /** When one began. */
  before: string;
  /** What one has typed. */
  mine: string;
  /** What somebody else has made of it meanwhile. */
  theirs: string;
}

/** Fields in which two people's changes of the same state differ from it or from each other. */
export function sides(before: Fields, mine: Fields, theirs: Fields): Side[] {
  return (Object.keys(before) as FieldName[])
    .map((field) => ({ field, before: before[field], mine: mine[field], theirs: theirs[field] }))
    .filter((side) => side.mine !== side.theirs || side.theirs !== side.before);
}

/** Both people's changes: mine where I changed something, theirs elsewhere. */
export function together(before: Fields, mine: Fields, theirs: Fields): Fields {
  const merged = { ...theirs };
  for (const field of Object.keys(before) as FieldName[]) {
    if (mine[field] !== before[field]) merged[field] = mine[field];
  }
  return merged;
}

const FIELD = /(?:^|[./])(name|connector|version|environment|upstream|region|network|credential|callsPerMinute|burst)$/;

/** What is wrong with which field; what belongs to none stays out. */
export function errorsOf(problem: Problem | null): Partial<Record<FieldName, string>> {
  if (problem === null) return {};
  const found: Partial<Record<FieldName, string>> = {};
  const listed: readonly { place: string; pointer?: string; detail: string; fix?: string }[] =
    problem.problems.length > 0 ? problem.problems : [problem];
  for (const item of listed) {
    const named = FIELD.exec(item.pointer ?? '') ?? FIELD.exec(item.place) ?? /There is no (\w+) /.exec(item.detail);
    const missing = /^(\w+) is missing/.exec(item.detail);
    const field = (missing?.[1] ?? named?.[1]) as FieldName | undefined;
    if (field === undefined || !(field in blank)) continue;
    // A form needs no advice to add a line.
    const needed = missing && /^Add \w+: (.)(.*)$/.exec(item.fix ?? '');
    found[field] ??= needed ? `${needed[1]?.toUpperCase()}${needed[2]}` : `${item.detail} ${item.fix ?? ''}`.trim();
  }
  return found;
}

export type Sign = '+' | '-' | '~';

/** A line of a plan with its sign. */
export function signOf(change: string): Sign {
  if (/ is added\b| is new\b| now also has /.test(change)) return '+';
  return / is removed\b| no longer has /.test(change) ? '-' : '~';
}

/** Whether a plan would change anything. */
export const changes = (plan: Pick<PlanView, 'outcome'>): boolean => plan.outcome !== 'unchanged';

/** A first connection's name: the connector's, with the environment where that is not production. */
export const nameFor = (connector: string, environment: string): string =>
  environment === 'production' || environment === '' ? connector : `${connector}-${environment}`;
