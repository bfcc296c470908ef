import { describe, expect, it } from 'vitest';
import { pieces, sentence } from './pieces';

describe('what changed, word by word', () => {
  it('finds what it was and what it is', () => {
    expect(pieces('constant limit changed from "5000" to "10000"')).toEqual([
      { text: 'constant limit changed from ' },
      { text: '"5000"', kind: 'was' },
      { text: ' to ' },
      { text: '"10000"', kind: 'is' },
    ]);
    expect(pieces('its data class rose from internal to confidential').map((piece) => piece.kind)).toEqual([
      undefined,
      'was',
      undefined,
      'is',
    ]);
    expect(pieces('a changed from "go to \\"x\\"" to "y"')[1]).toEqual({ text: '"go to \\"x\\""', kind: 'was' });
  });

  it('marks nothing that it is not sure of', () => {
    for (const text of [
      "wire from 'a' to 'b' removed",
      'x changed from …go to a… to b',
      'x changed from "a to b',
      'y',
    ]) {
      expect(pieces(text)).toEqual([{ text }]);
    }
  });

  it('begins large', () => {
    expect(sentence('it may now use x')).toBe('It may now use x');
  });
});
