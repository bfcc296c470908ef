import { describe, expect, it } from 'vitest';
import { Boxes, edgesOf } from './drawn';
import { readGraph } from './graph';
import { throughHub } from './hub';
import { changesByStep, marksOf } from './marks';
import { arrow, boundsOf, firstView, heightOf, nextIn } from './places';
import { waysOf } from './ways';

const graph = readGraph({
  platform: 'n8n',
  steps: [
    { id: 'start', kind: 'trigger', type: 'n8n-nodes-base.manualTrigger' },
    { id: 'ask', kind: 'logic', type: 'n8n-nodes-base.if' },
    {
      id: 'call',
      kind: 'http',
      url: 'http://hub:8800/crm/v1/deals/{{ $json.id }}',
      path: '/crm/v1/deals/{}',
      method: 'GET',
    },
    { id: 'other', kind: 'http', url: 'http://evil.example/crm/v1/deals/1', path: '/crm/v1/deals/1', method: 'GET' },
    { id: 'note', kind: 'comment' },
    { id: 'catch', kind: 'logic' },
  ],
  edges: [
    { source: 'start', target: 'ask' },
    { source: 'ask', target: 'call' },
    { source: 'ask', target: 'other', port: '1' },
    { source: 'call', target: 'other', port: 'error', kind: 'error' },
    { source: 'start', target: 'catch', port: 'any', kind: 'error' },
    { source: 'ask', target: 'nowhere' },
  ],
});
const ways = waysOf(graph);
const places = { start: { x: 0, y: 0 }, ask: { x: 210, y: 0 }, call: { x: 420, y: 0 }, other: { x: 420, y: 110 } };
const look = { graph, places, marks: new Map(), severities: new Map(), focus: null, stop: 'start', hint: 'keys' };

describe('ways', () => {
  it('say what leaves there where there is a choice', () => {
    expect(ways.map((way) => [way.source, way.target, way.label])).toEqual([
      ['start', 'ask', ''],
      ['ask', 'call', 'true'],
      ['ask', 'other', 'false'],
      ['call', 'other', 'error'],
    ]);
  });

  it('are one line for two outputs to the same step', () => {
    const both = readGraph({
      steps: [{ id: 'a', type: 'switch' }, { id: 'b' }],
      edges: [
        { source: 'a', target: 'b' },
        { source: 'a', target: 'b', port: '2' },
      ],
    });
    expect(waysOf(both).map((way) => way.label)).toEqual(['1, 3']);
  });
});

describe('boxes', () => {
  it('stand for the steps that have a place', () => {
    expect(new Boxes().of(look).map((node) => node.id)).toEqual(['start', 'ask', 'call', 'other']);
    expect(edgesOf(ways, places, new Map([['call', 'added' as const]])).map((edge) => edge.data?.added)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('stay the same object while nothing of theirs changes', () => {
    const boxes = new Boxes();
    const before = boxes.of(look);
    const after = boxes.of({ ...look, focus: 'ask', stop: 'ask', places: { ...places, call: { x: 430, y: 0 } } });
    expect(after.map((node, index) => node === before[index])).toEqual([false, false, false, true]);
    expect(after[2]?.data).toBe(before[2]?.data);
  });
});

describe('places', () => {
  it('show all when it can be read, else the beginning', () => {
    const small = { x: 0, y: 0, width: 360, height: 58 };
    expect(firstView(small, 1000, 240)).toEqual({ x: 320, y: 91, zoom: 1 });
    const long = { x: -100, y: 0, width: 5000, height: 58 };
    expect(firstView(long, 1000, 240)).toMatchObject({ x: 112, zoom: 0.8 });
    expect(heightOf({ x: 0, y: 0, width: 100, height: 9000 }, 1000)).toBe(560);
    expect(boundsOf([])).toEqual({ x: 0, y: 0, width: 150, height: 58 });
  });

  it('lie in a direction', () => {
    expect(nextIn(places, 'ask', 'right')).toBe('call');
    expect(nextIn(places, 'call', 'down')).toBe('other');
    expect(nextIn(places, 'start', 'left')).toBeNull();
    expect(nextIn(places, 'gone', 'left')).toBeNull();
  });

  it('are joined by arrows that end at the box, however the boxes lie', () => {
    for (const [x, y] of [
      [210, 0],
      [210, 110],
      [210, -110],
      [-420, 0],
      [0, 110],
      [0, 0],
      [160, 3],
    ] as const) {
      const { path } = arrow({ x: 0, y: 0 }, { x, y }, false);
      expect(path).not.toContain('NaN');
      expect(path.startsWith('M150,29')).toBe(true);
      expect(path.endsWith(`L${x - 2},${y + 29}`)).toBe(true);
    }
    expect(arrow({ x: 24, y: 82 }, { x: 0, y: 0 }, true).path).toMatch(/^M24,111.*L12,60$/);
  });
});

describe('the hub', () => {
  const crm = {
    name: 'crm',
    connector: 'hubspot',
    address: 'http://hub:8800/crm',
    operations: [
      { name: 'deals.list', method: 'GET', path: '/v1/deals' },
      { name: 'deals.get', method: 'GET', path: '/v1/deals/{id}' },
      { name: 'deals.put', method: 'PUT', path: '/v1/deals/{id}' },
    ],
  };

  it('is recognised by its address alone, and the operation by method and path', () => {
    const steps = throughHub(graph, [crm]).steps;
    expect(steps[2]).toMatchObject({ connection: 'crm', connector: 'hubspot', operation: 'deals.get' });
    expect(steps[3]).toMatchObject({ connection: '', connector: '', operation: '' });
  });

  it('is not what only begins like it', () => {
    const tricky = readGraph({ steps: [{ id: 'a', url: 'http://hub:8800/crm.evil.example/v1', kind: 'http' }] });
    expect(throughHub(tricky, [crm]).steps[0]?.connection).toBe('');
  });
});

describe('marks', () => {
  const change = (kind: string, step: string, text = kind) => ({ kind, step, text, pointer: '', severity: 'neutral' });

  it('come from changes', () => {
    const changes = [
      change('field_changed', 'a', 'one'),
      change('step_added', 'b'),
      change('call_changed', 'b'),
      change('step_removed', 'c'),
      change('operation_added', ''),
      change('wire_added', 'a', 'two'),
    ];
    expect([...marksOf(changes)]).toEqual([
      ['a', 'changed'],
      ['b', 'added'],
      ['c', 'removed'],
    ]);
    expect(changesByStep(changes).get('a')).toEqual(['one', 'two']);
  });
});
