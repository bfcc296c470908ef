import { useEffect, useSyncExternalStore } from 'react';
import type { Upload } from './upload';

/** The upload of this tab: it goes on while one looks at other pages. */
let current: Upload | null = null;
const listeners = new Set<() => void>();

export function setCurrent(upload: Upload | null): void {
  current = upload;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useCurrent(): Upload | null {
  const upload = useSyncExternalStore(subscribe, () => current);
  useEffect(() => {
    // Leaving the tab would stop it; the browser asks.
    const ask = (event: BeforeUnloadEvent) => {
      const phase = current?.read().phase;
      if (phase === 'comparing' || phase === 'sending') event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  return upload;
}
