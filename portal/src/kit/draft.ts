import { useCallback, useRef, useState } from 'react';

/** What of a page's input is kept while the tab lives: it survives a reload and a session that ends. */
const PREFIX = 'handrail.draft.';
/** Browsers keep about 5 million characters an origin; beyond this we leave something out instead. */
export const KEEP_CHARACTERS = 2_000_000;

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

function tabStore(): Store | null {
  try {
    return window.sessionStorage;
  } catch {
    return null; // A browser may forbid it.
  }
}

/** Return what was kept under a name, laid over `initial`; anything unreadable counts as nothing. */
export function readDraft<T extends object>(key: string, initial: T, store: Store | null = tabStore()): T {
  try {
    const kept: unknown = JSON.parse(store?.getItem(PREFIX + key) ?? 'null');
    return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? { ...initial, ...kept } : initial;
  } catch {
    return initial;
  }
}

/** Keep a value; what is too large or refused is not kept. Returns whether it was. */
export function writeDraft(key: string, value: object, store: Store | null = tabStore()): boolean {
  const text = JSON.stringify(value);
  try {
    if (text.length > KEEP_CHARACTERS || store === null) throw new Error('not kept');
    store.setItem(PREFIX + key, text);
    return true;
  } catch {
    // An older state must not come back as if it were the newest.
    dropDraft(key, store);
    return false;
  }
}

export function dropDraft(key: string, store: Store | null = tabStore()): void {
  try {
    store?.removeItem(PREFIX + key);
  } catch {
    // Nothing is kept then.
  }
}

/**
 * State that survives a reload of this tab, until `clear`. `lighter` is what to keep when all of it is too large.
 */
export function useDraft<T extends object>(
  key: string,
  initial: T,
  lighter?: (value: T) => T,
): [T, (change: Partial<T>) => void, () => void] {
  const [value, setValue] = useState(() => readDraft(key, initial));
  const now = useRef(value);
  const change = useCallback(
    (part: Partial<T>) => {
      now.current = { ...now.current, ...part };
      if (!writeDraft(key, now.current) && lighter) writeDraft(key, lighter(now.current));
      setValue(now.current);
    },
    [key, lighter],
  );
  const clear = useCallback(() => {
    now.current = initial;
    dropDraft(key);
    setValue(initial);
  }, [key, initial]);
  return [value, change, clear];
}
