import type { FlowGraph, FlowStep } from './graph';

/** A connection of the hub, as far as a step's address tells that it is used. */
export interface HubConnection {
  name: string;
  connector: string;
  /** Where apps call it. */
  address: string;
  operations: readonly { name: string; method: string; path: string }[];
}

const segments = (path: string): readonly string[] => path.split('?')[0]!.split('/').filter(Boolean);
const open = (segment: string): boolean => /^\{.*\}$/.test(segment);

/** The operation that a method and a path belong to; the most exact one when several fit. */
function operationOf(connection: HubConnection, step: FlowStep): string {
  const path = segments(step.path).slice(1);
  let best = '';
  let most = -1;
  for (const { name, method, path: template } of connection.operations) {
    const parts = segments(template);
    if (parts.length !== path.length || (step.method && method.toUpperCase() !== step.method)) continue;
    if (!parts.every((part, index) => open(part) || part === path[index])) continue;
    const exact = parts.filter((part) => !open(part)).length;
    if (exact > most) [best, most] = [name, exact];
  }
  return best;
}

/**
 * Say of each step that calls the hub which connection that is. Only the hub's own address counts: a path that looks
 * like a connection on another host is another host.
 */
export function throughHub(graph: FlowGraph, connections: readonly HubConnection[]): FlowGraph {
  if (connections.length === 0) return graph;
  return {
    ...graph,
    steps: graph.steps.map((step) => {
      const used = connections.find(
        ({ address }) => address && (step.url === address || step.url.startsWith(`${address}/`)),
      );
      if (!used) return step;
      return {
        ...step,
        connection: used.name,
        connector: used.connector,
        operation: step.operation || operationOf(used, step),
      };
    }),
  };
}
