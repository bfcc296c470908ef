import { type FlowEdge, type FlowGraph, type FlowStep, isCatchAll, shortType } from './graph';
import { flow as words } from './words';

/** Outputs whose names are the same in every release of the platform. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  if: words.ports.if,
  compareDatasets: words.ports.compare,
};

/** A way that is drawn: all edges of one kind between two steps. */
export interface Way {
  id: string;
  source: string;
  target: string;
  kind: string;
  /** What leaves there: `true`, `error`, `2`; empty where there is only one way out. */
  label: string;
}

/** What an edge leaves by, in a word; empty when its source has but one way out. */
function portName(edge: FlowEdge, source: FlowStep, outputs: ReadonlySet<string>): string {
  if (edge.kind.startsWith('ai_')) return words.subNode(edge.kind);
  if (edge.kind === 'error' || edge.port === 'error') return words.ports.error;
  if (edge.kind === 'status' || edge.kind === 'complete') return words.ports[edge.kind];
  if (edge.kind !== 'main' || !/^\d+$/.test(edge.port)) return '';
  const index = Number(edge.port);
  const named = NAMED[shortType(source.type)]?.[index];
  if (named !== undefined) return named;
  return outputs.size > 1 ? String(index + 1) : '';
}

/** Return the ways of a flow, in the order of the source. */
export function waysOf(graph: FlowGraph): readonly Way[] {
  const steps = new Map(graph.steps.map((step) => [step.id, step]));
  const outputs = new Map<string, Set<string>>();
  for (const edge of graph.edges) {
    if (edge.kind !== 'main') continue;
    const held = outputs.get(edge.source);
    if (held) held.add(edge.port);
    else outputs.set(edge.source, new Set([edge.port]));
  }
  const found = new Map<string, { edge: FlowEdge; labels: Set<string> }>();
  for (const edge of graph.edges) {
    const source = steps.get(edge.source);
    if (!source || !steps.has(edge.target) || isCatchAll(edge)) continue;
    const key = JSON.stringify([edge.source, edge.target, edge.kind]);
    const label = portName(edge, source, outputs.get(edge.source) ?? new Set());
    const way = found.get(key);
    if (way) way.labels.add(label);
    else found.set(key, { edge, labels: new Set([label]) });
  }
  return [...found].map(([key, { edge, labels }]) => ({
    id: key,
    source: edge.source,
    target: edge.target,
    kind: edge.kind,
    label: [...labels].filter(Boolean).join(', '),
  }));
}
