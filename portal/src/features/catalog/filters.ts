import type { SearchCatalogData } from '@/api';
import type { Search } from '@/kit/list/paged';

/** What the catalog is asked, as its address says it: `?q=invoices&stage=operating`. */
export type Asked = NonNullable<SearchCatalogData['query']>;

export const FACETS = ['stage', 'runs', 'dataClass', 'platform', 'team'] as const;
export type Facet = (typeof FACETS)[number];

export const STAGES = ['idea', 'prototype', 'operating', 'retired'] as const;
export const RUNS = ['executed', 'observed', 'declared', 'drifted', 'none'] as const;
export const LEVELS = ['public', 'internal', 'confidential', 'restricted'] as const;
export const FLAGS = ['in_review', 'drifted', 'quarantined', 'no_owner', 'no_deputy'] as const;
export const SORTS = ['attention', 'name', 'created'] as const;
export type Flag = (typeof FLAGS)[number];
export type Sort = (typeof SORTS)[number];

export interface Filters extends Record<Facet, readonly string[]> {
  q: string;
  /** A person's sign-in name, or `me`. */
  owner: string;
  flag: readonly Flag[];
  sort: Sort;
}

export const NOTHING: Filters = {
  q: '',
  stage: [],
  runs: [],
  dataClass: [],
  platform: [],
  team: [],
  owner: '',
  flag: [],
  sort: 'attention',
};

/** A value that is not known has no letters; an address needs some. */
const UNKNOWN = '-';
const Q_MAX = 500;
// The API takes no control characters in a text.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]+/g;

const texts = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : [...new Set(Array.isArray(value) ? value : [value])];

const one = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? value.at(-1) : value)?.replaceAll(CONTROL, ' ') ?? '';

function known<T extends string>(values: readonly string[], allowed: readonly T[]): T[] {
  return values.filter((value): value is T => (allowed as readonly string[]).includes(value));
}

/** Read an address; what it asks that nobody knows is left out, so that an old link still shows something. */
export function fromSearch(search: Search): Filters {
  const open = (key: Facet) => texts(search[key]).map((value) => (value === UNKNOWN ? '' : value.slice(0, Q_MAX)));
  return {
    q: one(search['q']).slice(0, Q_MAX),
    stage: known(texts(search['stage']), STAGES),
    runs: known(texts(search['runs']), RUNS),
    dataClass: open('dataClass'),
    platform: open('platform'),
    team: open('team'),
    owner: one(search['owner']),
    flag: known(texts(search['flag']), FLAGS),
    sort: known(texts(search['sort']), SORTS)[0] ?? 'attention',
  };
}

/** Write an address; whatever is as usual stays out of it. */
export function toSearch(filters: Filters): Search {
  const search: Search = {};
  if (filters.q) search['q'] = filters.q;
  for (const facet of FACETS) {
    if (filters[facet].length > 0) search[facet] = filters[facet].map((value) => value || UNKNOWN);
  }
  if (filters.owner) search['owner'] = filters.owner;
  if (filters.flag.length > 0) search['flag'] = [...filters.flag];
  if (filters.sort !== 'attention') search['sort'] = filters.sort;
  return search;
}

/** What is kept of a view: the same as the address, but in the API's own words. */
export function toQuery(filters: Filters): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(toSearch(filters))) {
    for (const item of texts(value)) query.append(key, item === UNKNOWN ? '' : item);
  }
  return query.toString();
}

export function fromQuery(query: string): Filters {
  const search: Record<string, string[]> = {};
  for (const [key, value] of new URLSearchParams(query)) (search[key] ??= []).push(value);
  const filters = fromSearch(search);
  // The API knows two ways to ask for retired apps.
  return search['retired']?.includes('true') && filters.stage.length === 0
    ? { ...filters, stage: [...STAGES] }
    : filters;
}

/** Whether a text names stages by itself: `stage:idea`, `is:retired`. */
export function typesStage(q: string): boolean {
  return [...q.matchAll(/(?:^|\s)(stage|is):"?([a-z_-]+)/gi)].some(
    ([, key, value]) => key?.toLowerCase() === 'stage' || 'retired'.startsWith(value?.toLowerCase() ?? '-'),
  );
}

const LIVING: (typeof STAGES)[number][] = ['idea', 'prototype', 'operating'];

/**
 * What the API is asked. Retired apps are counted beside the other stages, but shown only when they are asked for:
 * hence the three living stages when no stage is.
 */
export function toAsked(filters: Filters, cursor = '', limit = 50): Asked {
  const asked: Asked = { sort: filters.sort, limit };
  if (filters.q.trim()) asked.q = filters.q;
  const stage = known(filters.stage, STAGES);
  if (stage.length > 0) asked.stage = stage;
  else if (!typesStage(filters.q)) asked.stage = LIVING;
  if (asked.stage) asked.retired = true;
  if (filters.runs.length > 0) asked.runs = known(filters.runs, RUNS);
  if (filters.dataClass.length > 0) asked.dataClass = [...filters.dataClass];
  if (filters.platform.length > 0) asked.platform = [...filters.platform];
  if (filters.team.length > 0) asked.team = [...filters.team];
  if (filters.owner) asked.owner = filters.owner;
  if (filters.flag.length > 0) asked.flag = [...filters.flag];
  if (cursor) asked.cursor = cursor;
  return asked;
}

/** How many values of facets are asked for. */
export const facetCount = (filters: Filters): number => FACETS.reduce((sum, facet) => sum + filters[facet].length, 0);

/** Whether everything that is not retired is shown. */
export const isAll = (filters: Filters): boolean =>
  !filters.q.trim() && facetCount(filters) === 0 && !filters.owner && filters.flag.length === 0;

/** Add a value to a facet, or take it away. */
export function toggled(filters: Filters, facet: Facet, value: string): Filters {
  const had = filters[facet];
  return { ...filters, [facet]: had.includes(value) ? had.filter((item) => item !== value) : [...had, value] };
}
