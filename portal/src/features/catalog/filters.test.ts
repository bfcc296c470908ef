import { expect, test } from 'vitest';
import {
  type Filters,
  fromQuery,
  fromSearch,
  isAll,
  NOTHING,
  toAsked,
  toggled,
  toQuery,
  toSearch,
  typesStage,
} from './filters';

const some: Filters = {
  ...NOTHING,
  q: 'invoices "to pay"',
  stage: ['operating', 'retired'],
  dataClass: ['', 'restricted'],
  team: ['finance-ops'],
  owner: 'me',
  flag: ['drifted'],
  sort: 'name',
};

test('an address is read as it was written', () => {
  expect(fromSearch(toSearch(some))).toEqual(some);
  expect(fromSearch(toSearch(NOTHING))).toEqual(NOTHING);
  expect(toSearch(NOTHING)).toEqual({});
});

test('a value that is not known survives an address', () => {
  expect(toSearch(some)['dataClass']).toEqual(['-', 'restricted']);
});

test('what nobody knows is left out', () => {
  expect(
    fromSearch({ stage: ['operating', 'floating'], flag: 'lost', sort: 'size', runs: 'observed', page: '2' }),
  ).toEqual({
    ...NOTHING,
    stage: ['operating'],
    runs: ['observed'],
  });
  expect(fromSearch({ q: 'a\tb\n', team: ['x', 'x'] })).toEqual({ ...NOTHING, q: 'a b ', team: ['x'] });
});

test('a kept view comes back', () => {
  expect(toQuery(some)).toContain('dataClass=&dataClass=restricted');
  expect(fromQuery(toQuery(some))).toEqual(some);
  expect(fromQuery('q=a&retired=true').stage).toEqual(['idea', 'prototype', 'operating', 'retired']);
});

test('retired apps are counted, and shown only when asked for', () => {
  expect(toAsked(NOTHING)).toEqual({
    sort: 'attention',
    limit: 50,
    retired: true,
    stage: ['idea', 'prototype', 'operating'],
  });
  expect(toAsked({ ...NOTHING, stage: ['retired'] }).stage).toEqual(['retired']);
  expect(toAsked({ ...NOTHING, q: 'old is:retired' })).toEqual({ sort: 'attention', limit: 50, q: 'old is:retired' });
});

test('stages that are typed are seen', () => {
  expect(typesStage('stage:idea')).toBe(true);
  expect(typesStage('a is:ret')).toBe(true);
  expect(typesStage('is:review')).toBe(false);
  expect(typesStage('-stage:idea backstage:x')).toBe(false);
});

test('a value goes on and off', () => {
  const on = toggled(NOTHING, 'platform', 'n8n');
  expect(on.platform).toEqual(['n8n']);
  expect(isAll(on)).toBe(false);
  expect(toggled(on, 'platform', 'n8n')).toEqual(NOTHING);
  expect(isAll({ ...NOTHING, q: '  ', sort: 'name' })).toBe(true);
});
