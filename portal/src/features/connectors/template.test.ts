import { describe, expect, it } from 'vitest';
import { lineIn, mistakesOf } from './template';

describe('mistakes of a manifest', () => {
  it('come in the order of the lines, the first of a refusal alone too', () => {
    const problems = [
      { place: 'crm.yaml:7:13', detail: 'b', fix: '' },
      { place: 'crm.yaml:2:1', detail: 'a', fix: 'do it' },
    ];
    const none = { place: '', detail: '', fix: '' };
    expect(mistakesOf({ ...none, problems }).map((each) => [each.line, each.text])).toEqual([
      [2, 'a do it'],
      [7, 'b'],
    ]);
    expect(mistakesOf({ place: 'spec.credential', detail: 'There is none.', fix: '', problems: [] })).toEqual([
      { line: 0, place: 'spec.credential', text: 'There is none.' },
    ]);
  });

  it('knows where a line lies', () => {
    expect(lineIn('a\nbcd\ne', 2)).toEqual([2, 5]);
    expect(lineIn('a\nbcd\ne', 1)).toEqual([0, 1]);
    expect(lineIn('a', 9)).toEqual([2, 2]);
  });
});
