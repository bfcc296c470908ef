import type { AppDetailView, EventView } from '@/api';
import { Day } from '@/kit/Age';
import { useNames } from '@/session/names';
import { sourceName } from '../model';
import css from './history.module.css';
import { lineOf } from './lines';

/** One thing that happened: when, who, what, and what else is known of it. */
export function EventLine({ event, app }: { event: EventView; app: AppDetailView }) {
  const nameOf = useNames();
  const { did, more } = lineOf(event, app, (name) => nameOf(name).displayName);
  return (
    <li className={css.event}>
      <span className="xs t3">
        <Day at={event.at} />
      </span>
      <div>
        <p>
          <b>{event.actorKind === 'person' ? nameOf(event.actor).displayName : sourceName(event.actor)}</b> {did}
        </p>
        {more.length > 0 && <p className="xs t3">{more.join(' · ')}</p>}
      </div>
    </li>
  );
}
