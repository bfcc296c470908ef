/** What the address says about which events are wanted. */
export interface Filters {
  q: string;
  actor: string;
  app: string;
  action: string;
  /** A window (`7d`), or `days` with `from` and `until`. */
  range: string;
  from: string;
  until: string;
}

export const none: Filters = { q: '', actor: '', app: '', action: '', range: '', from: '', until: '' };

export function filtersOf(texts: Readonly<Record<string, string | undefined>>): Filters {
  return Object.fromEntries(Object.keys(none).map((key) => [key, texts[key] ?? ''])) as unknown as Filters;
}

export const isNarrowed = (filters: Filters): boolean => Object.values(filters).some((value) => value !== '');

const HOUR = 3_600_000;
const WINDOWS: Readonly<Record<string, number>> = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '28d': 672 * HOUR };
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Midnight of a day here, or undefined when it is none. */
function midnight(day: string, after = 0): string | undefined {
  if (!DAY.test(day)) return undefined;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const at = new Date(year, month - 1, date + after);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

export interface Query {
  q?: string;
  actor?: string;
  app?: string;
  action?: string;
  after?: string;
  until?: string;
}

/** What the API is asked; a day is whole, the last one included. */
export function queryOf(filters: Filters, now: number): Query {
  const query: Query = {};
  for (const key of ['q', 'actor', 'app', 'action'] as const) {
    const value = filters[key].trim();
    if (value !== '') query[key] = value;
  }
  const window = WINDOWS[filters.range];
  if (window !== undefined) {
    // To the minute, so that the same question stays the same.
    query.after = new Date(Math.floor((now - window) / 60_000) * 60_000).toISOString();
  } else if (filters.range === 'days') {
    const after = midnight(filters.from);
    const until = midnight(filters.until, 1);
    if (after !== undefined) query.after = after;
    if (until !== undefined) query.until = until;
  }
  return query;
}

/** Where every such event is, as one JSON object a line. */
export function exportAddress(query: Query): string {
  const text = new URLSearchParams(Object.entries(query) as [string, string][]).toString();
  return `/api/v1/audit/export${text ? `?${text}` : ''}`;
}

/** Families of actions, each once: `approval` of `approval.granted`. */
export const familiesOf = (actions: readonly string[]): string[] =>
  [...new Set(actions.map((action) => action.split('.')[0] ?? action))].toSorted();

const PLACES: Readonly<Record<string, (name: string) => string>> = {
  app: (name) => `/apps/${name}`,
  connection: (name) => `/connections/${name}`,
  connector: (name) => `/connectors/${name}`,
  hub: (name) => `/hubs/${name}`,
  source: () => '/sources',
  person: () => '/people',
  team: () => '/people',
  credential: (name) => `/credentials?q=${encodeURIComponent(name)}`,
  signing_key: () => '/settings',
};

export interface Subject {
  kind: string;
  name: string;
  to: string | null;
}

/** What an event is about: its kind, what people call it, and where it is. */
export function subjectOf(event: { subject: string; subjectName: string }): Subject {
  const [kind = '', id = ''] = event.subject.split(/:(.*)/s);
  const place = PLACES[kind];
  return { kind, name: event.subjectName, to: event.subjectName && id && place ? place(event.subjectName) : null };
}
