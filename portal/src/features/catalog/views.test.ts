import { expect, test } from 'vitest';
import { NOTHING, toQuery } from './filters';
import { keptView, tabsOf } from './views';

const counts = { all: 115, mine: 6, inReview: 7, drifted: 2, quarantined: 1, noOwner: 4, noDeputy: 19 };
const kept = { name: 'Restricted', query: 'dataClass=restricted&stage=operating', createdAt: '' };
const open = (items: { label: string; active: boolean }[]) =>
  items.filter((item) => item.active).map((item) => item.label);

test('a tab stays open while its view is narrowed', () => {
  expect(open(tabsOf(NOTHING, counts, [kept]).items)).toEqual(['Not retired']);
  expect(open(tabsOf({ ...NOTHING, flag: ['drifted'], q: 'a', platform: ['n8n'] }, counts, []).items)).toEqual([
    'Drifted',
  ]);
  const other = tabsOf({ ...NOTHING, owner: 'mara' }, counts, []);
  expect(open(other.items)).toEqual([]);
  expect(other.own).toBe(false);
});

test('a kept view is found whatever the order of its words', () => {
  const filters = { ...NOTHING, stage: ['operating'], dataClass: ['restricted'] };
  expect(keptView(filters, [kept])).toBe(kept);
  expect(keptView({ ...filters, sort: 'name' }, [kept])).toBeUndefined();
  expect(open(tabsOf(filters, counts, [kept]).items)).toEqual(['Restricted']);
  expect(toQuery(filters)).toBe('stage=operating&dataClass=restricted');
});
