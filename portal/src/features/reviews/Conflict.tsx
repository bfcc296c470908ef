import { Link } from '@tanstack/react-router';
import type { DossierView } from '@/api';
import { Digest } from '@/kit/marks/Digest';
import { problemOf } from '@/kit/problem';
import { Note } from '@/kit/states/States';
import css from './review.module.css';
import { useQueue } from './useQueue';
import { decision } from './words';

const words = decision.conflict;
const CODES = new Set(['digest_differs', 'no_open_review', 'review_under_way']);

/** Whether a decision was refused because something else is in review by now. */
export function isConflict(error: unknown): boolean {
  return Boolean(error) && CODES.has(problemOf(error).code);
}

/** What was read and what is in review now, with the way there. */
export function Conflict({ dossier, error, typed }: { dossier: DossierView; error: unknown; typed: boolean }) {
  const { open } = useQueue();
  const told = problemOf(error).details['digest'];
  const other = open.find(
    (each) => each.app === dossier.app && each.environment === dossier.environment && each.id !== dossier.id,
  );
  const now = typeof told === 'string' ? told : other?.digest;
  return (
    <Note tone="bad" role="alert">
      <b>{words.title}</b>
      <dl className={css.conflict}>
        <dt>{words.read}</dt>
        <dd>
          <Digest value={dossier.digest} />
        </dd>
        <dt>{words.now}</dt>
        <dd>{now ? <Digest value={now} /> : words.nothing}</dd>
      </dl>
      {other && (
        <p>
          <Link to={`/reviews/${other.id}`} className="lk">
            {words.go}
          </Link>
        </p>
      )}
      {typed && <p>{words.kept}</p>}
    </Note>
  );
}
