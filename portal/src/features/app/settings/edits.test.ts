import { describe, expect, it } from 'vitest';
import { changedFields, clashesOf, currentOf, editOf, merged, type Values } from './edits';

const before: Values = { name: 'a', title: 'A', purpose: 'p', owner: 'mara', deputy: '', team: 'finance' };

it('sends only what differs, a rename under its own name', () => {
  expect(editOf(before, { ...before, name: 'b', deputy: 'jonas ' })).toEqual({ newName: 'b', deputy: 'jonas' });
  expect(changedFields(before, { ...before, title: ' A ' })).toEqual([]);
});

describe('two people at once', () => {
  const mine = { ...before, purpose: 'mine', deputy: 'jonas' };
  const theirs = { ...before, purpose: 'theirs', title: 'B' };

  it('asks only where both changed the same field', () => {
    const found = clashesOf(before, mine, theirs);
    expect(found.map((clash) => [clash.field, clash.both])).toEqual([
      ['title', false],
      ['purpose', true],
      ['deputy', false],
    ]);
  });

  it('keeps mine unless I choose theirs, and theirs where I changed nothing', () => {
    expect(merged(before, mine, theirs, {})).toEqual({ ...before, purpose: 'mine', title: 'B', deputy: 'jonas' });
    expect(merged(before, mine, theirs, { purpose: 'theirs', deputy: 'theirs' })).toEqual(theirs);
  });

  it('reads what the refusal tells', () => {
    const told = {
      current: { ...before, title: 'B' },
      etag: 'x',
      changedBy: 'jonas',
      changedAt: '2026-11-01T00:00:00Z',
    };
    expect(currentOf(told)).toMatchObject({ etag: 'x', by: 'jonas', values: { title: 'B' } });
    expect(currentOf({})).toBeUndefined();
  });
});
