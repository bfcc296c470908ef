import { type Query, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { answers, become, onUnreached, reachNow } from './reach';

/** What the server tells: an app, or something else, has changed; or calls are known up to a newer time. */
interface Told {
  changes?: { area: string; app: string }[];
  calls?: boolean;
}

/** Queries that only new calls change. */
const OF_CALLS = /call|tail|impact/i;
/** Queries that calls change too. */
const ALSO_CALLS = /Progress/;
const CALLS_EVERY_MS = 5_000;
const CHANGES_EVERY_MS = 1_000;
const LOOK_AGAIN_MS = 1_000;

interface Key {
  _id?: string;
  path?: { name?: string };
}

const keyOf = (query: Query): Key => (query.queryKey[0] ?? {}) as Key;

/** Queries that read much and are made by hand. */
const BY_HAND = /^examine$/;

/** Whether a query may show something else after a change: everything but calls and other apps. */
function concerns(query: Query, apps: ReadonlySet<string>): boolean {
  const key = keyOf(query);
  if (OF_CALLS.test(key._id ?? '') || BY_HAND.test(key._id ?? '')) return false;
  const isOfApp = /App|Version|Running|History|Layout|Client/.test(key._id ?? '') && key.path?.name !== undefined;
  return !isOfApp || apps.has('') || apps.has(key.path?.name ?? '');
}

/** Read the one stream of this tab, and have queries read anew what changed. Returns how to stop. */
function follow(client: QueryClient): () => void {
  let source: EventSource | null = null;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let due: ReturnType<typeof setTimeout> | undefined;
  let callsDue: ReturnType<typeof setTimeout> | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  const apps = new Set<string>();

  const flush = () => {
    due = undefined;
    const changed = new Set(apps);
    apps.clear();
    void client.invalidateQueries({ predicate: (query) => concerns(query, changed) });
  };
  const flushCalls = () => {
    callsDue = undefined;
    void client.invalidateQueries({
      predicate: (query) => OF_CALLS.test(keyOf(query)._id ?? '') || ALSO_CALLS.test(keyOf(query)._id ?? ''),
    });
  };
  const open = () => {
    source = new EventSource('/api/v1/live');
    source.addEventListener('open', () => {
      // What happened while nobody listened is read now.
      if (reachNow() === 'away') void client.invalidateQueries();
      become('open');
    });
    source.addEventListener('message', (event: MessageEvent<string>) => {
      const told = JSON.parse(event.data) as Told;
      told.changes?.forEach((change) => apps.add(change.app));
      if (apps.size > 0) due ??= setTimeout(flush, CHANGES_EVERY_MS);
      if (told.calls) callsDue ??= setTimeout(flushCalls, CALLS_EVERY_MS);
    });
    source.addEventListener('error', () => {
      become('away');
      if (source?.readyState === EventSource.CLOSED) {
        // Refused (the session may have ended) or the server is gone: the browser does not try again by itself.
        source = null;
        void client.invalidateQueries({ predicate: (query) => keyOf(query)._id === 'readMe' });
        reopening = setTimeout(open, 2_000);
      }
    });
  };
  /** A request found nobody: until somebody answers again, look. The stream may have noticed nothing. */
  const look = () => {
    become('away');
    looking ??= setTimeout(() => void again(), LOOK_AGAIN_MS);
  };
  const again = async () => {
    const here = await answers();
    looking = undefined;
    if (!here) look();
    else if (source?.readyState === EventSource.OPEN) {
      become('open');
      void client.invalidateQueries();
    }
  };
  const deaf = onUnreached(look);
  open();
  return () => {
    deaf();
    source?.close();
    clearTimeout(looking);
    clearTimeout(reopening);
    clearTimeout(due);
    clearTimeout(callsDue);
  };
}

export function useLiveStream(client: QueryClient): void {
  useEffect(() => follow(client), [client]);
}
