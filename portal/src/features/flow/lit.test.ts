import { describe, expect, it } from 'vitest';
import { cutsStep, type Lit, litWays, partOf } from './lit';
import type { Way } from './ways';

const way = (source: string, target: string, kind = 'main'): Way => ({
  id: `${source}>${target}`,
  source,
  target,
  kind,
  label: '',
});
const lit = (path: string[], cut: Lit['cut'] = null): Lit => ({ path, what: 'pii', cut });

describe('a lit way', () => {
  it('follows the wires between its steps', () => {
    const found = litWays([way('a', 'b'), way('b', 'c'), way('b', 'd')], lit(['a', 'b', 'c']));
    expect([...found.byWay.keys()]).toEqual(['a>b', 'b>c']);
    expect(found.jumps).toEqual([]);
  });
  it('goes against the arrow from a tool to its agent', () => {
    const found = litWays([way('model', 'agent', 'ai_languageModel')], lit(['agent', 'model']));
    expect(found.byWay.get('model>agent')).toEqual({ back: true, cut: false });
  });
  it('does not go against a wire: what is taken beside the wires is an arrow of its own', () => {
    const found = litWays([way('b', 'a')], lit(['a', 'b']));
    expect(found.jumps.map((jump) => [jump.source, jump.target, jump.kind])).toEqual([['a', 'b', 'data']]);
    expect(found.byWay.has(found.jumps[0]!.id)).toBe(true);
  });
  it('is cut on a wire or on a step', () => {
    const onWire = lit(['a', 'b', 'c'], { step: 'b', before: 'c' });
    expect(litWays([way('a', 'b'), way('b', 'c')], onWire).byWay.get('b>c')?.cut).toBe(true);
    expect(cutsStep(onWire, 'b')).toBe(false);
    // Named by the step that takes the data in, it is the same wire.
    const before = lit(['a', 'b', 'c'], { step: 'c', before: 'b' });
    expect(litWays([way('a', 'b'), way('b', 'c')], before).byWay.get('b>c')?.cut).toBe(true);
    expect(cutsStep(before, 'c')).toBe(false);
    const onStep = lit(['a', 'b', 'c'], { step: 'c', before: '' });
    expect(cutsStep(onStep, 'c')).toBe(true);
    expect(cutsStep(onStep, 'a')).toBe(false);
    // A cut on a wire that the way does not use stays visible.
    expect(cutsStep(lit(['a', 'b'], { step: 'a', before: 'z' }), 'a')).toBe(true);
  });
  it('tells what each step is on it', () => {
    const three = lit(['a', 'b', 'c']);
    expect(['a', 'b', 'c', 'd'].map((id) => partOf(three, id))).toEqual(['enters', 'passes', 'leaves', undefined]);
    expect(partOf(lit(['a']), 'a')).toBe('leaves');
    expect(partOf(null, 'a')).toBeUndefined();
  });
  it('is nothing when nothing is lit', () => {
    expect(litWays([way('a', 'b')], null).byWay.size).toBe(0);
  });
});
