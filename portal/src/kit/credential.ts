/** The fields that a credential of each kind has; empty for one that needs none. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  bearer: ['token'],
  header: ['value'],
  basic: ['username', 'password'],
  none: [],
};

export const fieldsOfKind = (kind: string): readonly string[] => FIELDS[kind] ?? [];
