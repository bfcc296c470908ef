import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AppDetailView } from '@/api';
import { Age, useNow } from '@/kit/Age';
import { date, left } from '@/kit/format';
import { Digest } from '@/kit/marks/Digest';
import { Glyph } from '@/kit/marks/Glyph';
import { RailLine } from '@/kit/marks/Runs';
import { useNames } from '@/session/names';
import { clock } from '@/words/clock';
import { type Match, sourceName } from '../model';
import { useSource } from '../use';
import { v, words } from '../words';
import css from './head.module.css';

/** One side of the panel: what it is, the version, and how that is known. */
function Side({
  label,
  number,
  digest,
  children,
  className,
}: {
  label: string;
  number?: number | undefined;
  digest?: string | undefined;
  children: ReactNode;
  className?: string | undefined;
}) {
  return (
    <div className={className}>
      <p className="xs t3">{label}</p>
      {digest !== undefined && (
        <p className={css.version}>
          <b>{number ? v(number) : '?'}</b> <Digest value={digest} copy />
        </p>
      )}
      {children}
    </div>
  );
}

function Approved({ match }: { match: Match }) {
  const nameOf = useNames();
  const { approval } = match;
  if (!approval)
    return (
      <Side label={words.approved}>
        <p className={`${css.version} t2`}>{words.nothingApproved}</p>
        <p className="xs t2">{words.nothingApprovedText}</p>
      </Side>
    );
  return (
    <Side label={words.approved} number={approval.number} digest={approval.digest}>
      <p className="xs t2">
        {words.approvedBy(nameOf(approval.approver).displayName, date(approval.validFrom), date(approval.expiresAt))}
      </p>
      {!approval.inForce && <p className="xs c-warn">{words.notInForce}</p>}
    </Side>
  );
}

function Running({ app, match }: { app: AppDetailView; match: Match }) {
  const nameOf = useNames();
  const found = useSource(app, match.environment);
  const { running } = match;
  const label = running?.source === 'declared' ? words.saysItRuns(match.environment) : words.running(match.environment);
  if (!running)
    return (
      <Side label={words.running(match.environment)}>
        <p className={`${css.version} t2`}>{words.nothingRuns}</p>
        <p className="xs t2">{app.versions.length === 0 ? words.nothingRunsIdea : words.nothingRunsText}</p>
      </Side>
    );
  return (
    <Side label={label} number={running.number} digest={running.digest}>
      <p className="xs t2">
        {running.source === 'executed'
          ? words.executedHere
          : running.source === 'declared'
            ? words.saidBy(nameOf(running.setBy).displayName, date(running.seenAt))
            : words.readFrom(
                found?.source.name ?? sourceName(running.setBy),
                found ? words.every(found.source.intervalS) : '',
              )}
      </p>
    </Side>
  );
}

/** What may come next: the version in review, else the newest draft. */
function Candidate({ app, match }: { app: AppDetailView; match: Match }) {
  const now = useNow();
  const nameOf = useNames();
  const { review, draft } = match;
  if (review)
    return (
      <Side label={words.candidate} number={review.number} digest={review.digest} className={css.candidate}>
        <p className="xs">
          <Link to={`/reviews/${review.id}`} className="lk hit">
            {words.inReview(
              Date.parse(review.dueAt) < now ? left(review.dueAt, now) : clock.left(left(review.dueAt, now)),
            )}
          </Link>
        </p>
      </Side>
    );
  // What runs already stands beside it.
  if (!draft || draft.digest === match.running?.digest) return null;
  const refusal =
    draft.status === 'refused'
      ? app.reviews.find((each) => each.digest === draft.digest && each.outcome === 'refused')
      : undefined;
  return (
    <Side label={words.candidate} number={draft.number} digest={draft.digest} className={css.candidate}>
      <p className="xs">
        {refusal ? (
          <Link to={`/reviews/${refusal.id}`} className="lk hit" title={refusal.reason}>
            {words.refused(nameOf(refusal.decidedBy).displayName)}
          </Link>
        ) : (
          <span className="t2">{words.draft}</span>
        )}
      </p>
    </Side>
  );
}

const tones = { executed: 'ok', observed: 'ok', declared: 'mute', drifted: 'bad', none: 'mute' } as const;
const glyphs = { executed: 'ok', observed: 'ok', declared: 'half', drifted: 'blocker', none: 'todo' } as const;

/** What was approved, the rail that says how well we know, and what runs. */
export function MatchPanel({ app, match }: { app: AppDetailView; match: Match }) {
  const { kind, running } = match;
  return (
    <section className={css.match} aria-label={words.match(match.environment)}>
      <Approved match={match} />
      <div className={css.link} data-kind={kind}>
        <RailLine kind={kind} />
        <span className={css.word}>
          <span className={`c-${tones[kind]} ${css.glyph}`}>
            <Glyph name={glyphs[kind]} />
          </span>
          {match.older ? words.older : words.kind[kind]}
        </span>
        {running && (
          <span className={`xs t3 ${css.how}`}>
            {words.how[kind]} <Age at={running.seenAt} />
          </span>
        )}
      </div>
      <Running app={app} match={match} />
      <Candidate app={app} match={match} />
    </section>
  );
}
