import type { Edge, Node } from '@xyflow/react';
import type { StepMark } from './Flow';
import type { FlowGraph, FlowStep } from './graph';
import { HEIGHT, type Places, WIDTH } from './places';
import { systemOf } from './system';
import type { Way } from './ways';
import { flow as words } from './words';

/** How grave the gravest finding of a step is. */
export type Severity = 'blocker' | 'warning' | 'note';

export interface StepData extends Record<string, unknown> {
  step: FlowStep;
  system: string;
  mark: StepMark | undefined;
  severity: Severity | undefined;
  chosen: boolean;
}
export type StepNode = Node<StepData, 'step'>;

export interface WayData extends Record<string, unknown> {
  label: string;
  kind: string;
  /** It is new, as the step it leads to or from is. */
  added: boolean;
  /** It leads to or from the chosen step. */
  near: boolean;
}
export type WayEdge = Edge<WayData, 'way'>;

/** What somebody hears who cannot see the box. */
function labelOf(step: FlowStep, mark: StepMark | undefined): string {
  return words.nodeLabel([
    step.name,
    systemOf(step),
    step.kind === 'trigger' ? words.start : '',
    mark ? words.flags[mark] : '',
    step.disabled ? words.off : '',
    step.errorPolicy ? words.failure(step.errorPolicy) : '',
  ]);
}

/** Return a box for each step that has a place. */
export function nodesOf(
  graph: FlowGraph,
  places: Places,
  marks: ReadonlyMap<string, StepMark>,
  severities: ReadonlyMap<string, Severity>,
): StepNode[] {
  return graph.steps.flatMap((step) => {
    const place = places[step.id];
    if (!place) return [];
    const mark = marks.get(step.id);
    return [
      {
        id: step.id,
        type: 'step' as const,
        position: { x: place.x, y: place.y },
        width: WIDTH,
        height: HEIGHT,
        ariaLabel: labelOf(step, mark),
        ariaRole: 'button' as const,
        data: { step, system: systemOf(step), mark, severity: severities.get(step.id), chosen: false },
      },
    ];
  });
}

/** Return an arrow for each way between two steps that have a place. */
export function edgesOf(ways: readonly Way[], places: Places, marks: ReadonlyMap<string, StepMark>): WayEdge[] {
  return ways
    .filter((way) => places[way.source] && places[way.target] && way.source !== way.target)
    .map((way) => ({
      id: way.id,
      type: 'way' as const,
      source: way.source,
      target: way.target,
      focusable: false,
      selectable: false,
      // Arrows are told in words by the list and by each step's details.
      domAttributes: { 'aria-hidden': true },
      data: {
        label: way.label,
        kind: way.kind,
        added: marks.get(way.source) === 'added' || marks.get(way.target) === 'added',
        near: false,
      },
    }));
}
