import { Button } from '@mantine/core';
import { IconHandStop, IconRadar2, IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { AppDetailView, EventView } from '@/api';
import { date, day } from '@/kit/format';
import { Note } from '@/kit/states/States';
import { useNames } from '@/session/names';
import { type Match, sourceName } from '../model';
import { type Rights, useSource } from '../use';
import { attention as words, v } from '../words';
import css from './head.module.css';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

interface Props {
  app: AppDetailView;
  match: Match;
  rights: Rights;
  /** The newest events: when and why it was retired. */
  events: readonly EventView[];
  onLift: () => void;
  onPropose: () => void;
}

/** What is wrong, in words, each with the way out. Nothing while all is well. */
export function Attention(props: Props) {
  const { app } = props;
  const nameOf = useNames();
  if (app.stage === 'retired') {
    const end = props.events.find((event) => event.action === 'app.retired');
    const reason = end ? String(end.facts['reason'] ?? '') : '';
    return (
      <div className={css.notes}>
        <Note>
          {reason && <b>{words.because(reason)} </b>}
          {end ? words.retired(nameOf(end.actor).displayName, day(end.at)) : words.retiredPlain}
        </Note>
      </div>
    );
  }
  const deputyGone = app.deputy !== '' && !nameOf(app.deputy).active;
  return (
    <div className={css.notes}>
      <Held {...props} />
      <Drifted {...props} />
      <Silent {...props} />
      {(!app.ownerActive || deputyGone) && (
        <Note
          tone="warn"
          icon={<IconUserQuestion {...ICON} />}
          action={
            props.rights.write ? (
              <Button component={Link} to={`/apps/${app.name}/settings`} hash="owner" size="xs">
                {words.handOver}
              </Button>
            ) : undefined
          }
        >
          {app.ownerActive
            ? words.deputyGone(app.deputyName || app.deputy)
            : words.ownerGone(app.ownerName || app.owner, deputyGone ? '' : app.deputyName || app.deputy)}
        </Note>
      )}
    </div>
  );
}

function Held({ app, rights, onLift }: Props) {
  const nameOf = useNames();
  if (app.quarantine === null) return null;
  const { by, at, reason } = app.quarantine;
  return (
    <Note
      tone="bad"
      icon={<IconHandStop {...ICON} />}
      action={
        rights.hold ? (
          <Button size="xs" onClick={onLift}>
            {words.lift}
          </Button>
        ) : undefined
      }
    >
      <b>{words.because(reason)}</b> {words.quarantined(nameOf(by).displayName, day(at))}
      {!rights.hold && <p className="xs t3">{rights.who('quarantine')}</p>}
    </Note>
  );
}

function Drifted({ app, match, rights, onPropose }: Props) {
  const { running, approval, review } = match;
  if (!running) return null;
  const compare = (label: string) => (
    <Button
      component={Link}
      to={`/apps/${app.name}/versions`}
      search={
        { environment: match.environment, to: String(running.number), from: String(approval?.number ?? '') } as never
      }
      hash="compare"
      size="xs"
    >
      {label}
    </Button>
  );
  if (match.older)
    return (
      <Note tone="warn" action={compare(words.compare)}>
        {words.older(
          v(running.number),
          v(approval?.number ?? 0),
          date(app.approvals.find((each) => each.live && each.digest === running.digest)?.expiresAt ?? running.since),
        )}
      </Note>
    );
  if (match.kind !== 'drifted') return null;
  const waits = review?.digest === running.digest;
  const proposable = rights.submit && !review && match.draft?.digest === running.digest;
  return (
    <Note
      tone="bad"
      action={
        waits ? (
          <Button component={Link} to={`/reviews/${review.id}`} size="xs">
            {words.decide}
          </Button>
        ) : (
          <span className={css.pair}>
            {approval && compare(words.seeChanges)}
            {proposable && (
              <Button size="xs" variant="filled" onClick={onPropose}>
                {words.propose(running.number)}
              </Button>
            )}
          </span>
        )
      }
    >
      {words.drifted(v(running.number), approval ? v(approval.number) : '')}{' '}
      {running.source === 'observed' && words.seen(sourceName(running.setBy), day(running.since))}
    </Note>
  );
}

/** A source that doesn't answer: what runs is not known now. */
function Silent({ app, match }: Props) {
  const found = useSource(app, match.environment);
  if (!found || found.binding.state === 'ok' || found.binding.state === 'waiting') return null;
  return (
    <Note
      tone="warn"
      icon={<IconRadar2 {...ICON} />}
      action={
        <Button component={Link} to="/sources" size="xs">
          {words.seeSource}
        </Button>
      }
    >
      {words.silent(found.source.name, found.binding.message)}
    </Note>
  );
}
