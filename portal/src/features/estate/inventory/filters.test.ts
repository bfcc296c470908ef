import { describe, expect, it } from 'vitest';
import { facetCount, fromSearch, isAll, NOBODY, NOTHING, toAsked, toggled, toSearch } from './filters';

describe('the filters of the inventory', () => {
  it('stand in the address and come back from it', () => {
    const filters = { ...NOTHING, q: 'invoice', risk: ['leak'], owner: [NOBODY], registered: 'false' as const };
    expect(toSearch(filters)).toEqual({ q: 'invoice', risk: ['leak'], owner: ['none'], registered: 'false' });
    expect(fromSearch(toSearch(filters))).toEqual(filters);
  });
  it('leave out what nobody knows', () => {
    expect(fromSearch({ risk: ['leak', 'doom'], registered: 'maybe', gone: 'x', q: 'a\u0000b' })).toEqual({
      ...NOTHING,
      risk: ['leak'],
      q: 'a b',
    });
  });
  it('are what the overview links to', () => {
    expect(fromSearch({ registered: 'true', owner: 'none' })).toEqual({
      ...NOTHING,
      registered: 'true',
      owner: [NOBODY],
    });
  });
  it('ask the API only what was asked', () => {
    expect(toAsked(NOTHING, '', 50)).toEqual({ limit: 50 });
    expect(toAsked({ ...NOTHING, owner: [NOBODY], registered: 'false', gone: true }, 'c', 50)).toEqual({
      owner: ['none'],
      registered: false,
      gone: true,
      cursor: 'c',
      limit: 50,
    });
  });
  it('are switched on and off', () => {
    const on = toggled(NOTHING, 'platform', 'n8n');
    expect(on.platform).toEqual(['n8n']);
    expect(facetCount(on)).toBe(1);
    expect(isAll(on)).toBe(false);
    expect(isAll(toggled(on, 'platform', 'n8n'))).toBe(true);
  });
});
