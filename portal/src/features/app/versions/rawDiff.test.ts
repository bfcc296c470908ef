import { expect, it } from 'vitest';
import { rawDiff } from './rawDiff';

const show = (before: string[], after: string[]) =>
  rawDiff(before.join('\n'), after.join('\n')).map((line) =>
    line.kind === 'skip' ? `… ${line.lines}` : `${{ same: ' ', added: '+', removed: '-' }[line.kind]}${line.text}`,
  );

it('shows what went and what came, with a few lines around', () => {
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const after = ['a', 'b', 'c', 'd', 'E', 'f', 'g', 'h', 'i'];
  expect(show(before, after)).toEqual(['… 1', ' b', ' c', ' d', '-e', '+E', ' f', ' g', ' h', '… 1']);
});

it('keeps what stayed between two changes', () => {
  expect(show(['a', 'x', 'b'], ['a2', 'x', 'b', 'c'])).toEqual(['-a', '+a2', ' x', ' b', '+c']);
});

it('folds what is the same, and says nothing else', () => {
  expect(show(['a', 'b'], ['a', 'b'])).toEqual(['… 2']);
});

it('gives up on telling lines apart in very large stretches', () => {
  const before = Array.from({ length: 2_100 }, (_, line) => `old ${line}`);
  const after = Array.from({ length: 2_100 }, (_, line) => `new ${line}`);
  const found = rawDiff(before.join('\n'), after.join('\n'));
  expect(found).toHaveLength(4_200);
  expect(found[0]?.kind).toBe('removed');
});
