import type { DefinitionDetailView } from '@/api';
import { type FlowGraph, readGraph } from '@/features/flow/graph';
import type { Carried } from '@/features/flow/lit';
import { carriedOf } from '@/features/findings/lighting';
import type { FoundFinding, OwnLeak } from '@/features/findings/model';
import { readFindings } from '@/features/findings/read';
import { ownLeakOf } from '../leakRow';

export interface Opened {
  graph: FlowGraph;
  findings: readonly FoundFinding[];
  leaks: readonly OwnLeak[];
  carried: ReadonlyMap<string, Carried>;
}

/** A definition as its page shows it. */
export function opened(view: DefinitionDetailView): Opened {
  const { findings, leaks } = readFindings(view.findings, view.leakPaths.map(ownLeakOf));
  const labels = Object.fromEntries(
    Object.entries(view.labels).map(([step, held]) => [
      step,
      held.map((label) => {
        const [dataClass = '', ...tag] = label.split(' ');
        return { dataClass, tag: tag.join(' ') };
      }),
    ]),
  );
  return {
    graph: readGraph(view.graph),
    findings,
    leaks,
    carried: carriedOf(labels),
  };
}
