import { useSyncExternalStore } from 'react';

export type Reach = 'connecting' | 'open' | 'away';
let reach: Reach = 'connecting';
const listeners = new Set<() => void>();
let missed: (() => void) | null = null;

export const reachNow = (): Reach => reach;

export function become(next: Reach): void {
  if (reach === next) return;
  reach = next;
  listeners.forEach((listener) => listener());
}

/** Whether the server answers; `away` while it does not. */
export function useConnection(): Reach {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => reach,
  );
}

/** Whether the server answers at all, whatever it says. */
export async function answers(): Promise<boolean> {
  try {
    await fetch('/healthz', { cache: 'no-store' });
    return true;
  } catch {
    return false;
  }
}

/** Say that a request found nobody. */
export function unreached(): void {
  missed?.();
}

/** Hear of requests that found nobody; returns how to stop. */
export function onUnreached(listener: () => void): () => void {
  missed = listener;
  return () => {
    missed = null;
  };
}
