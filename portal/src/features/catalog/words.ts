import { count, list, number } from '@/kit/format';
import { marks } from '@/words/marks';
import { platformName } from '@/words/platforms';
import type { Facet, Flag, Sort } from './filters';

const be = (n: number, one: string, many: string): string => `${n === 0 ? 'No' : number(n)} ${n <= 1 ? one : many}`;

/** Sentences for what the catalog shows. */
export const titles = {
  all: (living: number, retired: number) =>
    living + retired === 0
      ? 'No apps yet'
      : retired === 0
        ? count(living, 'app')
        : `${count(living + retired, 'app')}, ${number(living)} not retired`,
  mine: (n: number) => (n === 0 ? 'You own no app' : `You own ${count(n, 'app')}`),
  flagged: {
    in_review: (n: number) => be(n, 'app waits for a decision', 'apps wait for a decision'),
    drifted: (n: number) => be(n, 'app runs what nobody approved', 'apps run what nobody approved'),
    quarantined: (n: number) => be(n, 'app is quarantined', 'apps are quarantined'),
    no_owner: (n: number) => (n === 0 ? 'Every app has an owner' : be(n, 'app has no owner', 'apps have no owner')),
    no_deputy: (n: number) =>
      n === 0
        ? 'Every operating app has a deputy'
        : be(n, 'operating app has no deputy', 'operating apps have no deputy'),
  } satisfies Record<Flag, (n: number) => string>,
  owned: (person: string) => (person ? `owned by ${person}` : 'of yours'),
  builtOn: (platforms: string) => `built on ${platforms}`,
  ofTeam: (teams: string) => `of ${teams}`,
  about: (text: string) => `about ${text}`,
  like: (text: string) => `with words like ${text}`,
  typed: (filters: readonly string[]) => `with ${list(filters)}`,
  match: (what: string, n: number) => `${what} ${n <= 1 ? 'matches' : 'match'} these filters`,
};

export const flagWords: Readonly<Record<Flag, string>> = {
  in_review: 'in review',
  drifted: 'that drifted',
  quarantined: 'in quarantine',
  no_owner: 'without an owner',
  no_deputy: 'without a deputy',
};

export const runsWords: Readonly<Record<string, string>> = {
  executed: 'that we run',
  observed: 'that we observe',
  declared: 'declared by hand',
  drifted: 'that drifted',
  none: 'not running',
};

export function dataWords(levels: readonly string[], either: (items: readonly string[]) => string): string {
  const known = levels.filter(Boolean);
  if (known.length === 0) return 'whose data class nobody said';
  return `with ${either([...known, ...(known.length < levels.length ? ['unknown'] : [])])} data`;
}

/** How we know what runs, from the counts of a result. */
export function lead(counts: Readonly<Record<string, number>>): string {
  const n = (kind: string) => counts[kind] ?? 0;
  const known = [
    n('executed') > 0 && `run ${number(n('executed'))} ourselves`,
    n('observed') > 0 && `see ${number(n('observed'))} where ${n('observed') === 1 ? 'it runs' : 'they run'}`,
    n('declared') > 0 && `have only somebody’s word for ${number(n('declared'))}`,
  ].filter((part): part is string => part !== false);
  const rest = [
    n('drifted') > 0 && `${number(n('drifted'))} drifted`,
    n('none') > 0 && `${number(n('none'))} ${n('none') === 1 ? 'does' : 'do'} not run`,
  ].filter((part): part is string => part !== false);
  const first = known.length > 0 ? `We ${list(known)}` : '';
  return [first, list(rest)].filter(Boolean).join('; ') + (first || rest.length > 0 ? '.' : '');
}

export const words = {
  name: 'Catalog',
  oldest: 'Oldest reading on this page:',
  placeholder: 'Name, purpose, owner, step, system',
  search: 'Search the catalog',
  clearSearch: 'Clear the search',
  export: 'Export',
  newApp: 'New app',
  adopt: 'Bring an existing flow',
  filter: 'Filter',
  on: 'on',
  showFound: (n: number) => `Show ${count(n, 'app')}`,
  closeFilter: 'Close the filters',
  columns: 'Columns',
  view: 'Views of the catalog',
  views: {
    all: 'Not retired',
    mine: 'Mine',
    in_review: 'In review',
    drifted: 'Drifted',
    no_owner: 'No owner',
    no_deputy: 'No deputy',
    quarantined: 'Quarantined',
  } satisfies Record<'all' | 'mine' | Flag, string>,
  sort: { attention: 'What needs a look first', name: 'By name', created: 'Newest first' } satisfies Record<
    Sort,
    string
  >,
  order: 'Order',
  facets: {
    stage: 'Stage',
    runs: 'What runs',
    dataClass: 'Data class',
    platform: 'Built on',
    team: 'Team',
  } satisfies Record<Facet, string>,
  facetsLabel: 'Filters',
  moreValues: (n: number) => `All ${number(n)}`,
  fewerValues: 'Fewer',
  active: 'Filters that are on',
  remove: (label: string) => `Remove ${label}`,
  clear: 'Clear',
  head: {
    name: 'App',
    owner: 'Owner, deputy',
    stage: 'Stage',
    platform: 'Built on',
    dataClass: 'Data class',
    runs: 'What runs',
    calls: 'Calls, 7 days',
    team: 'Team',
    systems: 'Systems',
    created: 'Since',
  },
  apps: 'Apps',
  noOwner: 'No owner',
  left: (person: string) => `${person} left`,
  noDeputy: 'no deputy',
  deputy: (person: string) => `Deputy: ${person}`,
  inReview: 'in review',
  callsOf: (app: string, calls: number) => `Calls of ${app} over 7 days: ${number(calls)} in all`,
  range: (from: number, to: number, total: number) =>
    total === 0 ? '' : `${number(from)} to ${number(to)} of ${number(total)}`,
  pages: 'Pages',
  previous: 'Previous',
  first: 'First page',
  next: 'Next',
  similar: 'Nothing of these words; similar ones:',
  failed: 'the catalog',
  none: {
    text: 'Fewer words or filters find more',
    clear: 'Show all apps',
    empty: 'Bring a flow that somebody built already, or start with an idea',
    good: 'Nothing to do here',
  },
};

/** What a value of a facet is called. */
export function valueName(facet: Facet, value: string): string {
  if (facet === 'stage') return marks.stage[value as keyof typeof marks.stage] ?? value;
  if (facet === 'runs') return marks.runs[value as keyof typeof marks.runs] ?? value;
  if (facet === 'dataClass')
    return value ? (marks.dataClass[value as keyof typeof marks.dataClass] ?? value) : marks.dataClassUnknown;
  return facet === 'platform' ? platformName(value) : value;
}

export const help = {
  open: 'What can be typed',
  title: 'What can be typed',
  note: 'The last word may be a beginning. A click puts an example into the search.',
  examples: [
    ['invoices slack', 'both words, anywhere'],
    ['"paid invoices"', 'these words, one after the other'],
    ['invoices -slack', 'without a word'],
    ['owner:me', 'of a person; “me” is you'],
    ['team:finance-ops', 'of a team'],
    ['stage:operating', 'idea, prototype, operating, retired'],
    ['platform:n8n', 'built on'],
    ['data:restricted', 'highest data class'],
    ['runs:declared', 'executed, observed, declared, none'],
    ['is:drifted', 'drifted, review, quarantined, no-owner, no-deputy'],
  ] as readonly (readonly [string, string])[],
};

export const saving = {
  save: 'Save view',
  title: 'Keep this view',
  text: 'The search, its filters and their order, for you alone. It stands beside the other views.',
  label: 'Name',
  example: 'Restricted data without deputy',
  replaces: (name: string) => `Replaces “${name}”.`,
  keep: 'Keep view',
  cancel: 'Cancel',
  needsName: 'Give it a name.',
  tooLong: 'Use at most 60 characters.',
  noSlash: 'A name has no slash.',
  kept: (name: string) => `“${name}” is kept`,
  remove: (name: string) => `Remove “${name}”`,
  removed: (name: string) => `“${name}” is removed`,
};

export const exporting = {
  title: (n: number) => `Export ${count(n, 'app')}`,
  most: (total: number) =>
    `There are ${number(total)}: this takes the first 10,000. A search or filters lead to the rest.`,
  progress: (done: number, of: number) => `${number(done)} of ${number(of)} apps read`,
  reading: 'Apps are read page by page, as they are filtered now.',
  bar: 'Apps read',
  stop: 'Stop',
  close: 'Close',
  again: 'Try again',
  done: (n: number) => `${count(n, 'app')} written as CSV`,
};
