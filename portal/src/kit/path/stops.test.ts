import { describe, expect, it } from 'vitest';
import { shortened } from './stops';

const stops = (n: number) => Array.from({ length: n }, (_, index) => ({ label: String(index), detail: '', kind: '' }));

describe('the stops of a leak', () => {
  it('are all shown while they fit', () => {
    expect(shortened(stops(6))).toHaveLength(6);
    expect(shortened([])).toEqual([]);
  });
  it('keep both ends; what is left out is counted', () => {
    const shown = shortened(stops(11));
    expect(shown.map((stop) => (stop.left ? `+${stop.left}` : stop.label))).toEqual(['0', '1', '2', '+6', '9', '10']);
  });
});
