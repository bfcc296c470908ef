import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { EventView } from '@/api';
import { Copyable } from '@/kit/Copyable';
import { clock, moment } from '@/kit/format';
import { Facts } from '@/kit/page/Parts';
import { useNames } from '@/session/names';
import { because, did } from '@/words/events';
import css from './audit.module.css';
import { subjectOf } from './filters';
import { words } from './words';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));

function Details({ event }: { event: EventView }) {
  const facts = words.facts;
  return (
    <Facts
      items={[
        [facts.at, moment(event.at)],
        [facts.action, <code key="action">{event.action}</code>],
        [
          facts.by,
          <span key="by">
            {event.actor} <span className="t3">{event.actorKind}</span> <code className="t3">{event.actorId}</code>
          </span>,
        ],
        [facts.about, <code key="about">{event.subject}</code>],
        ...Object.entries(event.facts)
          .filter(([, value]) => value !== '' && value !== null)
          .map(([name, value]) => [name, <pre key={name}>{shown(value)}</pre>] as const),
        [facts.seq, event.seq === null ? facts.waiting : String(event.seq)],
        [facts.id, <Copyable key="id" value={event.id} label={words.labelId} />],
      ]}
    />
  );
}

/** One event as a sentence; what is known of it beyond that on demand. */
export function Event({ event, last }: { event: EventView; last: boolean }) {
  const id = useId();
  const nameOf = useNames();
  const [open, setOpen] = useState(false);
  const subject = subjectOf(event);
  const reason = because(event);
  const who = event.actorKind === 'person' ? nameOf(event.actor).displayName : capital(event.actor);
  // Who signs in does so about themselves.
  const own = subject.kind === 'person' && subject.name === event.actor;
  return (
    <div className={css.event} data-last={last || undefined}>
      <div className={css.line}>
        <time className="num t3" dateTime={event.at} title={moment(event.at)}>
          {clock(event.at)}
        </time>
        <div className={css.what}>
          <p>
            <b>{who}</b> {did(event)}
          </p>
          {reason && <p className="xs t3">{reason}</p>}
        </div>
        <span className={css.subject}>
          {!own &&
            (subject.to ? (
              <Link to={subject.to} className="lk">
                {subject.name}
              </Link>
            ) : (
              <span className="t3">{subject.name}</span>
            ))}
        </span>
        <button
          type="button"
          className={`${css.open} no-print`}
          aria-expanded={open}
          aria-controls={id}
          aria-label={words.details(`${who} ${did(event)}`)}
          onClick={() => setOpen(!open)}
        >
          <IconChevronRight size={14} stroke={1.75} aria-hidden />
        </button>
      </div>
      <div id={id} className={css.details} hidden={!open}>
        {open && <Details event={event} />}
      </div>
    </div>
  );
}
