import { describe, expect, it } from 'vitest';
import { byGravity, countsOf, type FoundFinding, stepped } from './model';
import { carriedOf, litOf, severitiesOf } from './lighting';

const finding = (key: string, severity: FoundFinding['severity'], step = 'a'): FoundFinding => ({
  key,
  rule: 'r',
  severity,
  title: '',
  text: '',
  step,
  pointer: '',
  line: 0,
  why: '',
  evidence: [],
  refs: [],
  help: '',
  fix: null,
  leak: '',
});

describe('what a drawing shows of findings', () => {
  it('is the worst of each step', () => {
    const found = severitiesOf([
      finding('1', 'note'),
      finding('2', 'block'),
      finding('3', 'warn'),
      finding('4', 'warn', ''),
    ]);
    expect([...found]).toEqual([['a', 'blocker']]);
  });
  it('is what leaves a step, the most sensitive first', () => {
    const labels = {
      a: [
        { dataClass: 'confidential', tag: 'business' },
        { dataClass: 'restricted', tag: 'pii' },
        { dataClass: 'restricted', tag: 'pii' },
      ],
      b: [{ dataClass: 'restricted', tag: 'pci' }],
      c: [],
    };
    expect([...carriedOf(labels)]).toEqual([
      ['a', { level: 'restricted', text: 'pii +1' }],
      ['b', { level: 'restricted', text: 'pci' }],
    ]);
  });
  it('lights nothing without a leak', () => {
    expect(litOf(undefined)).toBeNull();
  });
});

describe('a list of findings', () => {
  const findings = [finding('1', 'note'), finding('2', 'block'), finding('3', 'block')];
  it('begins with the worst', () => {
    expect(byGravity(findings).map(([gravity, some]) => [gravity, some.length])).toEqual([
      ['block', 2],
      ['note', 1],
    ]);
    expect(countsOf(findings)).toEqual({ block: 2, warn: 0, note: 1 });
  });
  it('is walked up and down, and ends at its ends', () => {
    expect(stepped(['a', 'b'], null, 1)).toBe('a');
    expect(stepped(['a', 'b'], null, -1)).toBe('b');
    expect(stepped(['a', 'b'], 'a', 1)).toBe('b');
    expect(stepped(['a', 'b'], 'b', 1)).toBe('b');
    expect(stepped(['a', 'b'], 'a', -1)).toBe('a');
    expect(stepped([], null, 1)).toBeNull();
  });
});
