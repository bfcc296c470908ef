import type { ConnectionView, CredentialView } from '@/api';
import { OLD_DAYS } from '@/kit/flow';

export type EntryState = 'missing' | 'old' | 'idle' | 'unused' | 'well';

/** A credential that is set, or one that a connection names and nobody has set. */
export interface Entry {
  name: string;
  environment: string;
  usedBy: readonly string[];
  /** Connectors that need it, of the connections that name it. */
  connectors: readonly string[];
  held: CredentialView | null;
  state: EntryState;
  days: number;
}

const order: readonly EntryState[] = ['missing', 'old', 'idle', 'unused', 'well'];
const DAY_MS = 86_400_000;

function stateOf(held: CredentialView, days: number): EntryState {
  if (days > OLD_DAYS) return 'old';
  if (held.usedBy.length === 0) return 'unused';
  return held.lastUsedAt === null ? 'idle' : 'well';
}

/** Every credential that there is or should be: missing ones first, then old ones, then those that nobody uses. */
export function entriesOf(
  credentials: readonly CredentialView[],
  connections: readonly ConnectionView[],
  now: number,
): Entry[] {
  const key = (name: string, environment: string) => `${environment}/${name}`;
  const found = new Map<string, Entry>();
  for (const held of credentials) {
    const days = Math.max(0, Math.floor((now - Date.parse(held.createdAt)) / DAY_MS));
    found.set(key(held.name, held.environment), {
      name: held.name,
      environment: held.environment,
      usedBy: held.usedBy,
      connectors: [],
      held,
      state: stateOf(held, days),
      days,
    });
  }
  for (const connection of connections) {
    if (connection.credential === null) continue;
    const at = key(connection.credential, connection.environment);
    const entry = found.get(at) ?? {
      name: connection.credential,
      environment: connection.environment,
      usedBy: [],
      connectors: [],
      held: null,
      state: 'missing' as const,
      days: 0,
    };
    found.set(at, {
      ...entry,
      usedBy: [...new Set([...entry.usedBy, connection.name])],
      connectors: [...new Set([...entry.connectors, connection.connector])],
    });
  }
  return [...found.values()].toSorted(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      a.name.localeCompare(b.name) ||
      a.environment.localeCompare(b.environment),
  );
}

/** Narrow by a word of name, environment or connection. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const wanted = text.trim().toLowerCase();
  return entries.filter((entry) =>
    [entry.name, entry.environment, ...entry.usedBy].some((word) => word.toLowerCase().includes(wanted)),
  );
}
