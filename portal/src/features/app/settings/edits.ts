import type { AppDetailView, AppEdit } from '@/api';

export const FIELDS = ['name', 'title', 'purpose', 'owner', 'deputy', 'team'] as const;
export type Field = (typeof FIELDS)[number];
export type Values = Record<Field, string>;

export function valuesOf(app: Pick<AppDetailView, Field>): Values {
  return {
    name: app.name,
    title: app.title,
    purpose: app.purpose,
    owner: app.owner,
    deputy: app.deputy,
    team: app.team,
  };
}

/** What differs from what was there, in the order of the form. */
export function changedFields(before: Values, after: Values): Field[] {
  return FIELDS.filter((field) => before[field].trim() !== after[field].trim());
}

/** An edit that sends only what differs. */
export function editOf(before: Values, after: Values): AppEdit {
  const edit: Record<string, string> = {};
  for (const field of changedFields(before, after)) edit[field === 'name' ? 'newName' : field] = after[field].trim();
  return edit;
}

/** A field that two people may have changed at once. */
export interface Clash {
  field: Field;
  before: string;
  theirs: string;
  mine: string;
  /** Whether both changed it, to different things: somebody must choose. */
  both: boolean;
}

/** Compare what I edited with what stands there now; only fields that one of us changed. */
export function clashesOf(before: Values, mine: Values, theirs: Values): Clash[] {
  return FIELDS.filter((field) => mine[field] !== before[field] || theirs[field] !== before[field]).map((field) => ({
    field,
    before: before[field],
    theirs: theirs[field],
    mine: mine[field],
    both: mine[field] !== before[field] && theirs[field] !== before[field] && mine[field] !== theirs[field],
  }));
}

/** What would be saved: my choice where I edited it, else what stands there now. */
export function merged(
  before: Values,
  mine: Values,
  theirs: Values,
  choice: Partial<Record<Field, 'mine' | 'theirs'>>,
): Values {
  const found = { ...theirs };
  for (const field of FIELDS)
    if (mine[field] !== before[field] && choice[field] !== 'theirs') found[field] = mine[field];
  return found;
}

/** Read the state that a refused change tells; undefined where it tells none. */
export function currentOf(
  details: Readonly<Record<string, unknown>>,
): { values: Values; etag: string; by: string; at: string } | undefined {
  const current = details['current'];
  if (typeof current !== 'object' || current === null || typeof details['etag'] !== 'string') return undefined;
  const told = current as Record<string, unknown>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const values = Object.fromEntries(FIELDS.map((field) => [field, text(told[field])])) as Values;
  return { values, etag: details['etag'], by: text(details['changedBy']), at: text(details['changedAt']) };
}
