import { type FlowGraph, type FlowStep, works } from './graph';
import type { Way } from './ways';
import { flow as words } from './words';

export interface Listed {
  step: FlowStep;
  /** Counted through all groups; null for what hangs below another step. */
  number: number | null;
  /** How deep below another step: models, memories and tools hang below their agent. */
  depth: number;
  /** By which outputs one gets here, where there is a choice. */
  reached: readonly { from: string; label: string }[];
}

export interface Group {
  key: string;
  /** Empty when the whole flow is one. */
  title: string;
  items: readonly Listed[];
}

/** Ways that go on to the next step, by their source; `ai_*` run from a sub-node to what it hangs below. */
function goingOn(ways: readonly Way[], within: ReadonlySet<string>): Map<string, string[]> {
  const after = new Map<string, string[]>([...within].map((id) => [id, []]));
  for (const way of ways) {
    if (way.kind.startsWith('ai_') || way.source === way.target || !within.has(way.target)) continue;
    const targets = after.get(way.source);
    if (targets && !targets.includes(way.target)) targets.push(way.target);
  }
  return after;
}

/** Drop what leads back to a step that one came from, so that a loop has a first step. */
function withoutCircles(after: Map<string, string[]>, starts: readonly string[]): Map<string, string[]> {
  const state = new Map<string, 1 | 2>();
  const kept = new Map<string, string[]>([...after.keys()].map((id) => [id, []]));
  for (const start of starts) {
    if (state.has(start)) continue;
    state.set(start, 1);
    const path: { id: string; next: number }[] = [{ id: start, next: 0 }];
    while (path.length > 0) {
      const here = path.at(-1)!;
      const target = after.get(here.id)?.[here.next];
      if (target === undefined) {
        state.set(here.id, 2);
        path.pop();
        continue;
      }
      here.next += 1;
      if (state.get(target) === 1) continue;
      kept.get(here.id)?.push(target);
      if (!state.has(target)) {
        state.set(target, 1);
        path.push({ id: target, next: 0 });
      }
    }
  }
  return kept;
}

/** Return ids so that each stands before what it leads to, and one branch is told to its end before the next. */
export function inOrder(steps: readonly FlowStep[], ways: readonly Way[]): readonly string[] {
  const ids = new Set(steps.map((step) => step.id));
  const all = goingOn(ways, ids);
  const reached = new Set([...all.values()].flat());
  const starts = steps.filter((step) => step.kind === 'trigger' || !reached.has(step.id)).map((step) => step.id);
  const after = withoutCircles(all, [...starts, ...ids]);
  const missing = new Map<string, number>([...ids].map((id) => [id, 0]));
  for (const targets of after.values()) for (const id of targets) missing.set(id, (missing.get(id) ?? 0) + 1);
  const ready = [...ids].filter((id) => missing.get(id) === 0).toReversed();
  const order: string[] = [];
  while (ready.length > 0) {
    const id = ready.pop()!;
    order.push(id);
    for (const target of (after.get(id) ?? []).toReversed()) {
      const rest = (missing.get(target) ?? 0) - 1;
      missing.set(target, rest);
      if (rest === 0) ready.push(target);
    }
  }
  return order;
}

/** Return each sub-node's parent; one that takes part in the flow itself hangs below nothing. */
export function hanging(ways: readonly Way[]): ReadonlyMap<string, string> {
  const inFlow = new Set<string>();
  for (const way of ways) {
    if (!way.kind.startsWith('ai_')) {
      inFlow.add(way.source);
      inFlow.add(way.target);
    }
  }
  const parents = new Map<string, string>();
  for (const way of ways) {
    if (!way.kind.startsWith('ai_') || way.source === way.target) continue;
    if (inFlow.has(way.source) || parents.has(way.source)) continue;
    let above: string | undefined = way.target;
    while (above !== undefined && above !== way.source) above = parents.get(above);
    if (above === undefined) parents.set(way.source, way.target);
  }
  return parents;
}

/** Return the steps as one reads them: by tab or sub-flow, each before what it leads to. */
export function grouped(graph: FlowGraph, ways: readonly Way[]): readonly Group[] {
  const steps = graph.steps.filter(works);
  const parents = hanging(ways);
  const below = new Map<string, FlowStep[]>();
  for (const step of steps) {
    const parent = parents.get(step.id);
    if (parent !== undefined) below.set(parent, [...(below.get(parent) ?? []), step]);
  }
  const byId = new Map(steps.map((step) => [step.id, step]));
  const reached = new Map<string, { from: string; label: string }[]>();
  for (const way of ways) {
    const from = byId.get(way.source);
    if (!from || !way.label || way.kind.startsWith('ai_')) continue;
    reached.set(way.target, [...(reached.get(way.target) ?? []), { from: from.name, label: way.label }]);
  }
  const tabs = new Map<string, FlowStep[]>();
  for (const step of steps) {
    const tab = tabs.get(step.parent);
    if (tab) tab.push(step);
    else tabs.set(step.parent, [step]);
  }
  const names = new Map(graph.subflows.map((flow) => [flow.reference, flow.name]));
  let tab = 0;
  let number = 0;
  return [...tabs].map(([key, members]) => {
    const items: Listed[] = [];
    const add = (step: FlowStep, depth: number): void => {
      if (depth === 0) number += 1;
      items.push({ step, number: depth === 0 ? number : null, depth, reached: reached.get(step.id) ?? [] });
      for (const each of below.get(step.id) ?? []) add(each, depth + 1);
    };
    for (const id of inOrder(
      members.filter((step) => !parents.has(step.id)),
      ways,
    )) {
      const step = byId.get(id);
      if (step) add(step, 0);
    }
    const called = names.get(key);
    if (called === undefined) tab += 1;
    const title = called === undefined ? words.tab(tab, items[0]?.step.name ?? '') : words.subflowTitle(called);
    return { key, title: tabs.size > 1 ? title : '', items };
  });
}
