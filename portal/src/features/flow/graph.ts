/**
 * A flow's graph as the API stores it, read into types. Every text in it comes from somebody's file: it is cut, and
 * without characters that could hide or turn around what stands beside it.
 */
export type StepKind =
  'trigger' | 'action' | 'logic' | 'code' | 'http' | 'llm' | 'subnode' | 'subflow' | 'comment' | 'config';

export interface FlowStep {
  id: string;
  name: string;
  kind: StepKind;
  type: string;
  connector: string;
  operation: string;
  /** The address as written, with its expressions. */
  url: string;
  hosts: readonly string[];
  method: string;
  /** Path of the address; `{}` stands for an expression. */
  path: string;
  /** The hub's connection that it calls; empty when it calls none, or the address cannot tell. */
  connection: string;
  credentialRefs: readonly string[];
  errorPolicy: string;
  disabled: boolean;
  /** The tab or sub-flow it lies in; empty where the platform has none. */
  parent: string;
  /** JSON pointer into the source. */
  pointer: string;
}

export interface FlowEdge {
  source: string;
  target: string;
  port: string;
  kind: string;
}

export interface FlowCredential {
  type: string;
  name: string;
  key: string;
}

export interface Subflow {
  reference: string;
  name: string;
  steps: readonly string[];
  included: boolean;
}

export interface FlowGraph {
  platform: string;
  name: string;
  steps: readonly FlowStep[];
  edges: readonly FlowEdge[];
  credentials: readonly FlowCredential[];
  subflows: readonly Subflow[];
  unknown: readonly string[];
}

const KINDS: ReadonlySet<string> = new Set<StepKind>([
  'trigger',
  'action',
  'logic',
  'code',
  'http',
  'llm',
  'subnode',
  'subflow',
  'comment',
  'config',
]);
/** Control characters, marks that turn writing around, and what has no width. */
const HIDDEN = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/gu;
const LONGEST = 600;

/** A text of a stranger's file as one visible line. */
export function plain(value: unknown, longest: number = LONGEST): string {
  if (typeof value !== 'string') return '';
  const line = value
    .slice(0, longest * 4)
    .replace(HIDDEN, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

type Json = Readonly<Record<string, unknown>>;

const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
/** Ids are compared with those of layouts and changes: they stay as they are. */
const id = (value: unknown): string => (typeof value === 'string' ? value : '');

function step(given: Json): FlowStep {
  const kind = id(given['kind']);
  return {
    id: id(given['id']),
    name: plain(given['name'], 200) || plain(given['id'], 200),
    kind: KINDS.has(kind) ? (kind as StepKind) : 'action',
    type: plain(given['type'], 200),
    connector: plain(given['connector'], 100),
    operation: plain(given['operation'], 100),
    url: plain(given['url']),
    hosts: texts(given['hosts']).map((host) => plain(host, 255)),
    method: plain(given['method'], 20),
    path: plain(given['path']),
    connection: '',
    credentialRefs: texts(given['credential_refs']),
    errorPolicy: plain(given['error_policy'], 60),
    disabled: given['disabled'] === true,
    parent: id(given['parent']),
    pointer: plain(given['pointer']),
  };
}

/** Return what a version's `graph` holds; an empty graph for an app without steps. */
export function readGraph(given: Json): FlowGraph {
  return {
    platform: plain(given['platform'], 60),
    name: plain(given['name'], 200),
    steps: objects(given['steps'])
      .map(step)
      .filter((each) => each.id !== ''),
    edges: objects(given['edges']).map((edge) => ({
      source: id(edge['source']),
      target: id(edge['target']),
      port: typeof edge['port'] === 'string' ? edge['port'] : '0',
      kind: typeof edge['kind'] === 'string' ? edge['kind'] : 'main',
    })),
    credentials: objects(given['credentials']).map((held) => ({
      type: plain(held['type'], 100),
      name: plain(held['name'], 200),
      key: `${id(held['type'])}/${id(held['name'])}`,
    })),
    subflows: objects(given['subflows']).map((flow) => ({
      reference: id(flow['reference']),
      name: plain(flow['name'], 200) || plain(flow['reference'], 200),
      steps: texts(flow['steps']),
      included: flow['included'] === true,
    })),
    unknown: texts(given['unknown']).map((text) => plain(text, 300)),
  };
}

/** Names of a graph's steps, by their ids. */
export const namesOf = (given: Json): ReadonlyMap<string, string> =>
  new Map(readGraph(given).steps.map((each) => [each.id, each.name]));

/** Whether a step does something: no note, no shared setting. */
export const works = (each: FlowStep): boolean => each.kind !== 'comment' && each.kind !== 'config';

/** Whether an edge says only that its target hears of everything in a tab: drawn, it would lead from every step. */
export const isCatchAll = (edge: FlowEdge): boolean => edge.port === 'any';

/** The part of a platform's node type that people know: `n8n-nodes-base.slack` is `slack`. */
export const shortType = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
