import type { QueuedView } from '@/api';
import { useMe } from '@/session/me';
import { useNames } from '@/session/names';
import css from './queue.module.css';
import { queue as words } from './words';

/** Who may decide a review and, where it isn't the reader, why not. */
export function Deciders({ review }: { review: QueuedView }) {
  const me = useMe();
  const nameOf = useNames();
  const { standing } = review;
  if (standing === null) return null;
  const names = standing.deciders.filter((name) => name !== me.name).slice(0, 2);
  const more = standing.deciderCount - names.length - (standing.mayDecide ? 1 : 0);
  const others = names.map((name) => nameOf(name).displayName);
  return (
    <span className={css.two}>
      <span>
        {standing.deciderCount === 0 ? words.nobody : words.deciders(standing.mayDecide, others, Math.max(0, more))}
      </span>
      {!standing.mayDecide && (
        <span className="xs t3">{standing.parts.length > 0 ? words.notYou(standing.parts) : words.notRole}</span>
      )}
    </span>
  );
}
