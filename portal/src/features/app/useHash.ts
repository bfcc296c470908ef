import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Bring the part that the address names (`#deputy`) into view, and focus its first field. */
export function useHash(): void {
  const hash = useRouterState({ select: (state) => state.location.hash });
  useEffect(() => {
    const part = hash ? document.getElementById(hash) : null;
    if (!part) return;
    part.scrollIntoView({ block: 'center' });
    const field = part.matches('input, textarea, button')
      ? part
      : part.querySelector<HTMLElement>('input, textarea, button');
    (field as HTMLElement | null)?.focus({ preventScroll: true });
  }, [hash]);
}
