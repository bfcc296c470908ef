import type { KeyboardEvent } from 'react';

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-row]')];

/** Move the focus among the rows; false when there is no row there. */
export function goTo(step: 'first' | 1 | -1): boolean {
  const all = rows();
  const here = all.indexOf(document.activeElement as HTMLElement);
  const target = step === 'first' || here === -1 ? all[0] : all[here + step];
  target?.focus();
  return target !== undefined;
}

/** Let the arrow keys move among the rows; `onUp` is arrow up on the first. */
export const arrows = (onUp: () => void) => (event: KeyboardEvent) => {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target as HTMLElement).matches('[data-row]')) return;
  event.preventDefault();
  if (!goTo(step) && step === -1) onUp();
};
