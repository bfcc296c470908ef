import type { Edge, Node } from '@xyflow/react';
import type { StepMark } from './Flow';
import type { FlowGraph, FlowStep } from './graph';
import { type Carried, cutsStep, type Lit, litWays, type Part, partOf } from './lit';
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
  /** What it is on the lit way, and what travels there. */
  part: Part | undefined;
  travels: string;
  /** The change that ends the lit way is made in it. */
  cut: boolean;
}
export type StepNode = Node<StepData, 'step'>;

export interface WayData extends Record<string, unknown> {
  label: string;
  kind: string;
  /** It is new, as the step it leads to or from is. */
  added: boolean;
  /** It leads to or from the chosen step. */
  near: boolean;
  /** It is of the lit way; `back` when data goes against the arrow. */
  lit: 'along' | 'back' | undefined;
  /** The lit way would be cut here. */
  cut: boolean;
  /** What its source's output carries. */
  carries: Carried | undefined;
}
export type WayEdge = Edge<WayData, 'way'>;

/** Known without measuring, so that everything is drawn at once. */
const SIZE = { width: WIDTH, height: HEIGHT };

export interface Look {
  graph: FlowGraph;
  places: Places;
  marks: ReadonlyMap<string, StepMark>;
  severities: ReadonlyMap<string, Severity>;
  /** The chosen step. */
  focus: string | null;
  /** The step that Tab leads to. */
  stop: string | null;
  /** Id of the text that says which keys do what. */
  hint: string;
  lit?: Lit | null;
}

/** The boxes of a drawing. One that did not change stays the same object, so that it is not rendered again. */
export class Boxes {
  private held = new Map<string, StepNode>();

  /** Return a box for each step that has a place. */
  of(look: Look): StepNode[] {
    const nodes = look.graph.steps.flatMap((step) => {
      const place = look.places[step.id];
      if (!place) return [];
      const data: StepData = {
        step,
        system: systemOf(step),
        mark: look.marks.get(step.id),
        severity: look.severities.get(step.id),
        chosen: step.id === look.focus,
        part: partOf(look.lit ?? null, step.id),
        travels: look.lit?.what ?? '',
        cut: cutsStep(look.lit ?? null, step.id),
      };
      const tabIndex = step.id === look.stop ? 0 : -1;
      const old = this.held.get(step.id);
      const sameData =
        old !== undefined && (Object.keys(data) as (keyof StepData)[]).every((key) => old.data[key] === data[key]);
      if (
        sameData &&
        old.position.x === place.x &&
        old.position.y === place.y &&
        old.domAttributes?.tabIndex === tabIndex
      )
        return [old];
      return [
        {
          id: step.id,
          type: 'step' as const,
          position: { x: place.x, y: place.y },
          ...SIZE,
          measured: SIZE,
          ariaRole: 'button' as const,
          domAttributes: {
            tabIndex,
            'aria-roledescription': words.details.title,
            'aria-describedby': look.hint,
            'aria-pressed': data.chosen,
          },
          data: sameData ? old.data : data,
        },
      ];
    });
    this.held = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  }
}

const NOTHING_CARRIED: ReadonlyMap<string, Carried> = new Map();

/** Return an arrow for each way between two steps that have a place; lit ones last, above the others. */
export function edgesOf(
  ways: readonly Way[],
  places: Places,
  marks: ReadonlyMap<string, StepMark>,
  lit: Lit | null = null,
  carried: ReadonlyMap<string, Carried> = NOTHING_CARRIED,
): WayEdge[] {
  const shining = litWays(ways, lit);
  const edges = [...ways, ...shining.jumps]
    .filter((way) => places[way.source] && places[way.target] && way.source !== way.target)
    .map((way) => {
      const light = shining.byWay.get(way.id);
      return {
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
          lit: light ? (light.back ? ('back' as const) : ('along' as const)) : undefined,
          cut: light?.cut ?? false,
          carries: carried.get(way.source),
        },
      };
    });
  return edges.toSorted((one, other) => Number(one.data.lit !== undefined) - Number(other.data.lit !== undefined));
}
