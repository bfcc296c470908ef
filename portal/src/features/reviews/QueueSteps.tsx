import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { neighbours } from './reading';
import css from './review.module.css';
import { useQueue } from './useQueue';
import { review as words } from './words';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Whether a key was meant for the page and not for what has the focus. */
function forPage(event: KeyboardEvent): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return false;
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') == null;
}

/** The place in one's queue, and the ways to the reviews before and after: buttons, or the keys k and j. */
export function QueueSteps({ id }: { id: string }) {
  const navigate = useNavigate();
  const { open, mine } = useQueue();
  // Whoever may not decide it still reads on, through all that are open.
  const isMine = mine.some((review) => review.id === id);
  const queue = (isMine || !open.some((review) => review.id === id) ? mine : open).map((review) => review.id);
  const { place, previous, next } = neighbours(queue, id);

  useEffect(() => {
    const go = (event: KeyboardEvent) => {
      const to = event.key === 'j' ? next : event.key === 'k' ? previous : undefined;
      if (to && forPage(event)) void navigate({ to: `/reviews/${to}` });
    };
    window.addEventListener('keydown', go);
    return () => window.removeEventListener('keydown', go);
  }, [navigate, next, previous]);

  if (queue.length === 0) return null;
  const step = (to: string | undefined, label: string, key: string, icon: React.ReactNode) => (
    <ActionIcon
      variant="subtle"
      size="md"
      className={css.step ?? ''}
      disabled={to === undefined}
      aria-label={label}
      aria-keyshortcuts={key}
      title={`${label} (${key})`}
      onClick={() => to && void navigate({ to: `/reviews/${to}` })}
    >
      {icon}
    </ActionIcon>
  );
  return (
    <>
      <span className="xs t3 hide-n num">
        {place === 0
          ? words.queue.waiting(queue.length)
          : isMine
            ? words.queue.place(place, queue.length)
            : words.queue.placeOpen(place, queue.length)}
      </span>
      {step(previous, words.queue.previous, words.queue.keyPrevious, <IconChevronUp {...ICON} />)}
      {step(next, words.queue.next, words.queue.keyNext, <IconChevronDown {...ICON} />)}
    </>
  );
}
