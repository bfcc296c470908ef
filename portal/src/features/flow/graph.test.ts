import { describe, expect, it } from 'vitest';
import { plain, readGraph } from './graph';

describe('texts of a stranger’s file', () => {
  it('lose what hides or turns around what stands beside them', () => {
    expect(plain('pay\u202egpj.exe')).toBe('pay gpj.exe');
    expect(plain('a\u0000\n\tb\u200b')).toBe('a b');
  });

  it('are cut', () => {
    expect(plain('x'.repeat(5000), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('are empty when they are no text', () => {
    expect(plain({ toString: () => 'no' })).toBe('');
  });
});

describe('a graph', () => {
  it('is read whatever is missing or wrong in it', () => {
    const graph = readGraph({
      steps: [{ id: 'a' }, { name: 'no id' }, null, 'text', { id: 'b', kind: 'spaceship', hosts: ['x.example', 3] }],
      edges: [{ source: 'a', target: 'b' }],
      unknown: ['the address', 7],
    });
    expect(graph.steps.map((step) => [step.id, step.name, step.kind])).toEqual([
      ['a', 'a', 'action'],
      ['b', 'b', 'action'],
    ]);
    expect(graph.steps[1]?.hosts).toEqual(['x.example']);
    expect(graph.edges).toEqual([{ source: 'a', target: 'b', port: '0', kind: 'main' }]);
    expect(graph.unknown).toEqual(['the address']);
  });

  it('is empty when there is none', () => {
    expect(readGraph({}).steps).toEqual([]);
  });
});
