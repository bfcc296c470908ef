import { describe, expect, it } from 'vitest';
import { dropDraft, KEEP_CHARACTERS, readDraft, type Store, writeDraft } from './draft';

function memory(refuse = false): Store & { held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => {
      if (refuse) throw new Error('quota');
      held.set(key, value);
    },
    removeItem: (key) => void held.delete(key),
  };
}

describe('what of a page is kept', () => {
  const initial = { name: '', purpose: '' };

  it('comes back over what a page begins with', () => {
    const store = memory();
    expect(writeDraft('new', { name: 'standup' }, store)).toBe(true);
    expect(readDraft('new', initial, store)).toEqual({ name: 'standup', purpose: '' });
    dropDraft('new', store);
    expect(readDraft('new', initial, store)).toEqual(initial);
  });

  it.each(['{', '[1]', '"text"', '3'])('is nothing when it cannot be read: %s', (text) => {
    const store = memory();
    store.held.set('handrail.draft.new', text);
    expect(readDraft('new', initial, store)).toEqual(initial);
  });

  it('is not an older state when the newest one is too large or refused', () => {
    const store = memory();
    writeDraft('adopt', { name: 'old' }, store);
    expect(writeDraft('adopt', { name: 'x'.repeat(KEEP_CHARACTERS) }, store)).toBe(false);
    expect(readDraft('adopt', initial, store)).toEqual(initial);
    expect(writeDraft('adopt', { name: 'new' }, memory(true))).toBe(false);
    expect(writeDraft('adopt', { name: 'new' }, null)).toBe(false);
  });
});
