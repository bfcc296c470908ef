import { describe, expect, it } from 'vitest';
import { readGraph } from './graph';
import { grouped } from './order';
import { waysOf } from './ways';

const flow = (steps: readonly object[], edges: readonly (readonly string[])[], more: object = {}) =>
  readGraph({
    steps,
    edges: edges.map(([source, target, port = '0', kind = 'main']) => ({ source, target, port, kind })),
    ...more,
  });
const ids = (graph: ReturnType<typeof flow>) =>
  grouped(graph, waysOf(graph)).map((group) => group.items.map((item) => item.step.id).join(' '));

describe('the list of steps', () => {
  it('tells one branch to its end before the next, and a join after both', () => {
    const graph = flow(
      ['end', 'no', 'yes', 'ask', 'start'].map((id) => ({
        id,
        kind: id === 'start' ? 'trigger' : 'logic',
        type: 'if',
      })),
      [
        ['start', 'ask'],
        ['ask', 'yes', '0'],
        ['ask', 'no', '1'],
        ['yes', 'end'],
        ['no', 'end'],
      ],
    );
    expect(ids(graph)).toEqual(['start ask yes no end']);
    const items = grouped(graph, waysOf(graph))[0]!.items;
    expect(items.map((item) => item.number)).toEqual([1, 2, 3, 4, 5]);
    expect(items[2]!.reached).toEqual([{ from: 'ask', label: 'true' }]);
  });

  it('begins a loop where one enters it', () => {
    const graph = flow(
      [{ id: 'c' }, { id: 'b' }, { id: 'a', kind: 'trigger' }],
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'b'],
      ],
    );
    expect(ids(graph)).toEqual(['a b c']);
  });

  it('has a circle without a start, and a step that leads to itself', () => {
    const graph = flow(
      [{ id: 'a' }, { id: 'b' }],
      [
        ['a', 'b'],
        ['b', 'a'],
        ['a', 'a'],
      ],
    );
    expect(ids(graph)).toEqual(['a b']);
  });

  it('puts models and tools below their agent, at any depth', () => {
    const graph = flow(
      [{ id: 'start', kind: 'trigger' }, { id: 'model' }, { id: 'tool' }, { id: 'agent' }, { id: 'inner' }],
      [
        ['start', 'agent'],
        ['model', 'agent', '0', 'ai_languageModel'],
        ['tool', 'agent', '0', 'ai_tool'],
        ['inner', 'tool', '0', 'ai_languageModel'],
      ],
    );
    const items = grouped(graph, waysOf(graph))[0]!.items;
    expect(items.map((item) => [item.step.id, item.depth, item.number])).toEqual([
      ['start', 0, 1],
      ['agent', 0, 2],
      ['model', 1, null],
      ['tool', 1, null],
      ['inner', 2, null],
    ]);
  });

  it('is grouped by tab and sub-flow; notes and settings are no steps', () => {
    const graph = flow(
      [
        { id: 'a', name: 'Every morning', kind: 'trigger', parent: 't1' },
        { id: 'n', kind: 'comment', parent: 't1' },
        { id: 's', kind: 'config' },
        { id: 'b', name: 'Look', parent: 'sub' },
        { id: 'c', name: 'Mail in', kind: 'trigger', parent: 't2' },
      ],
      [],
      { subflows: [{ reference: 'sub', name: 'Look it up', steps: ['a'], included: true }] },
    );
    expect(grouped(graph, waysOf(graph)).map((group) => [group.title, group.items.length])).toEqual([
      ['Flow 1, from “Every morning”', 1],
      ['Sub-flow “Look it up”', 1],
      ['Flow 2, from “Mail in”', 1],
    ]);
  });

  it('takes 10,000 steps in a row', () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => ({ id: `s${index}` }));
    const edges = steps.slice(1).map((step, index) => [`s${index}`, step.id]);
    expect(ids(flow(steps, edges))[0]?.split(' ').at(-1)).toBe('s9999');
  });
});
