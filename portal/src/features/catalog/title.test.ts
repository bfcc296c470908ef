import { expect, test } from 'vitest';
import { type Filters, NOTHING } from './filters';
import { split, title } from './title';
import { lead } from './words';

const views = { all: 115, mine: 6, inReview: 7, drifted: 2, quarantined: 1, noOwner: 4, noDeputy: 19 };
const said = (filters: Partial<Filters>, total = 4, more = {}) =>
  title(
    { filters: { ...NOTHING, ...filters }, total, views, retired: 13, similar: false, ...more },
    (name) => ({ mara: 'Mara Lindqvist' })[name] ?? name,
  );

test('without a question the title counts', () => {
  expect(said({}, 115)).toBe('128 apps, 115 not retired');
  expect(said({}, 115, { retired: 0 })).toBe('115 apps');
  expect(said({}, 0, { retired: 0, views: { ...views, all: 0 } })).toBe('No apps yet');
});

test('with a search it says what was found', () => {
  expect(said({ q: 'invoices' })).toBe('4 apps about invoices');
  expect(said({ q: 'invoices' }, 1)).toBe('1 app about invoices');
  expect(said({ q: 'invoices' }, 0)).toBe('No app about invoices');
  expect(said({ q: 'invioces' }, 4, { similar: true })).toBe('4 apps with words like invioces');
  expect(said({ q: 'invoices owner:mara is:drifted' })).toBe('4 apps about invoices with owner:mara and is:drifted');
});

test('views are sentences', () => {
  expect(said({ owner: 'me' }, 6)).toBe('You own 6 apps');
  expect(said({ flag: ['drifted'] }, 2)).toBe('2 apps run what nobody approved');
  expect(said({ flag: ['no_owner'] }, 0)).toBe('Every app has an owner');
  expect(said({ flag: ['quarantined'] }, 1)).toBe('1 app is quarantined');
});

test('filters are named until there are too many', () => {
  expect(said({ stage: ['operating'], platform: ['n8n', 'node-red'] })).toBe(
    '4 operating apps built on n8n or Node-RED',
  );
  expect(said({ owner: 'mara', dataClass: ['restricted', ''] })).toBe(
    '4 apps owned by Mara Lindqvist with restricted or unknown data',
  );
  expect(said({ q: 'a', owner: 'me', team: ['x'], runs: ['none'] })).toBe('4 apps match these filters');
});

test('a text is taken apart', () => {
  expect(split('a owner:"mara l" b')).toEqual({ words: 'a b', typed: ['owner:"mara l"'] });
  expect(split('http://x -is:drifted')).toEqual({ words: 'http://x -is:drifted', typed: [] });
});

test('the lead says how we know', () => {
  expect(lead({ executed: 31, observed: 48, declared: 17, drifted: 2, none: 30 })).toBe(
    'We run 31 ourselves, see 48 where they run and have only somebody’s word for 17; 2 drifted and 30 do not run.',
  );
  expect(lead({ observed: 1 })).toBe('We see 1 where it runs.');
  expect(lead({ none: 1 })).toBe('1 does not run.');
  expect(lead({})).toBe('');
});
