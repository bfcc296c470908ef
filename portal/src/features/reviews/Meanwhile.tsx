import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DossierView } from '@/api';
import { listVersionsOptions } from '@/api/@tanstack/react-query.gen';
import { Note } from '@/kit/states/States';
import { useMe } from '@/session/me';
import { useNames } from '@/session/names';
import css from './review.module.css';
import { useQueue } from './useQueue';
import { meanwhile as words, outcome } from './words';

/** What others did while somebody read: decided, took back, brought a newer version. */
export function Meanwhile({ dossier, openedAs, typed }: { dossier: DossierView; openedAs: string; typed: boolean }) {
  const me = useMe();
  const nameOf = useNames();
  const { open } = useQueue();
  const isOpen = dossier.outcome === 'open';
  const versions = useQuery({
    ...listVersionsOptions({ path: { name: dossier.app }, query: { environment: dossier.environment } }),
    enabled: isOpen,
  });
  const newest = versions.data?.items[0];
  const other = open.find((each) => each.app === dossier.app && each.environment === dossier.environment);
  const decided = openedAs === 'open' && !isOpen && dossier.decidedBy !== me.name;
  const newer = isOpen && newest !== undefined && newest.number > dossier.number;
  if (!decided && !newer) return null;
  return (
    <div className={`${css.meanwhile} no-print`}>
      {decided && (
        <Note
          tone="warn"
          role="status"
          action={
            other && (
              <Link to={`/reviews/${other.id}`} className="lk">
                {outcome.openNow}
              </Link>
            )
          }
        >
          <b>{words.decided(nameOf(dossier.decidedBy).displayName, words.acts[dossier.outcome] ?? dossier.outcome)}</b>{' '}
          {typed && words.kept}
        </Note>
      )}
      {newer && (
        <Note
          tone="acc"
          role="status"
          action={
            <Link to={`/apps/${dossier.app}/versions`} className="lk">
              {words.seeVersions}
            </Link>
          }
        >
          {words.newer(nameOf(newest.author).displayName, newest.number, dossier.number)}
        </Note>
      )}
    </div>
  );
}
