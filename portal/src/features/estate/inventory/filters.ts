import type { Search } from '@/kit/list/paged';

// What the inventory is asked stands in its address: `?risk=leak&platform=n8n`.
export const FACETS = ['risk', 'platform', 'connector', 'origin', 'owner', 'team'] as const;
export type Facet = (typeof FACETS)[number];
export const RISKS = ['leak', 'block', 'warn', 'note', 'clean', 'secret', 'personal', 'restricted'] as const;
export type Risk = (typeof RISKS)[number];
export type Registered = '' | 'true' | 'false';
/** The owner of what nobody answers for. */
export const NOBODY = 'none';

export interface Filters extends Record<Facet, readonly string[]> {
  q: string;
  registered: Registered;
  /** Also what is no longer there. */
  gone: boolean;
}

export const NOTHING: Filters = {
  q: '',
  risk: [],
  platform: [],
  connector: [],
  origin: [],
  owner: [],
  team: [],
  registered: '',
  gone: false,
};

const Q_MAX = 200;
// The API takes no control characters in a text.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]+/g;

const texts = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : [...new Set(Array.isArray(value) ? value : [value])];
const one = (value: string | string[] | undefined): string =>
  ((Array.isArray(value) ? value.at(-1) : value) ?? '').replaceAll(CONTROL, ' ').slice(0, Q_MAX);

/** Read an address; what it asks that nobody knows is left out, so that an old link still shows something. */
export function fromSearch(search: Search): Filters {
  const open = (key: Facet) =>
    texts(search[key])
      .map((value) => value.slice(0, Q_MAX))
      .filter(Boolean);
  const registered = one(search['registered']);
  return {
    q: one(search['q']),
    risk: texts(search['risk']).filter((value) => (RISKS as readonly string[]).includes(value)),
    platform: open('platform'),
    connector: open('connector'),
    origin: open('origin'),
    owner: open('owner'),
    team: open('team'),
    registered: registered === 'true' || registered === 'false' ? registered : '',
    gone: one(search['gone']) === 'true',
  };
}

/** Write an address; whatever is as usual stays out of it. */
export function toSearch(filters: Filters): Search {
  const search: Search = {};
  if (filters.q) search['q'] = filters.q;
  for (const facet of FACETS) {
    if (filters[facet].length > 0) search[facet] = [...filters[facet]];
  }
  if (filters.registered) search['registered'] = filters.registered;
  if (filters.gone) search['gone'] = 'true';
  return search;
}

/** What the API is asked. */
export function toAsked(filters: Filters, cursor: string, limit: number) {
  return {
    ...(filters.q.trim() ? { q: filters.q.trim() } : {}),
    ...Object.fromEntries(
      FACETS.filter((facet) => filters[facet].length > 0).map((facet) => [facet, [...filters[facet]]]),
    ),
    ...(filters.registered ? { registered: filters.registered === 'true' } : {}),
    ...(filters.gone ? { gone: true } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

/** How many values of facets are asked for. */
export const facetCount = (filters: Filters): number =>
  FACETS.reduce((sum, facet) => sum + filters[facet].length, 0) + Number(filters.gone);

/** Whether everything is shown that is there. */
export const isAll = (filters: Filters): boolean =>
  !filters.q.trim() && facetCount(filters) === 0 && !filters.registered;

/** Add a value to a facet, or take it away. */
export function toggled(filters: Filters, facet: Facet, value: string): Filters {
  const had = filters[facet];
  return { ...filters, [facet]: had.includes(value) ? had.filter((item) => item !== value) : [...had, value] };
}
