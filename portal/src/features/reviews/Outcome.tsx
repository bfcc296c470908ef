import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { DossierView } from '@/api';
import { Day } from '@/kit/Age';
import { Who } from '@/kit/marks/Who';
import { Card } from '@/kit/page/Parts';
import { useMay, useMe } from '@/session/me';
import { InForce } from './InForce';
import { OutcomeMark } from './OutcomeMark';
import css from './review.module.css';
import { useQueue } from './useQueue';
import { outcome as words, review } from './words';

/** The way on: the next review of one's own queue. */
function Next() {
  const { mine } = useQueue();
  const next = mine[0];
  return (
    <div className={`${css.next} no-print`}>
      {next ? (
        <Button
          component={Link}
          to={`/reviews/${next.id}`}
          variant="filled"
          fullWidth
          rightSection={<IconArrowRight size={16} stroke={1.75} aria-hidden />}
        >
          {words.next(review.name(next.app, next.number))}
        </Button>
      ) : (
        <p className="sm t2">
          {words.nothingNext}{' '}
          <Link to="/reviews" className="lk">
            {words.toQueue}
          </Link>
        </p>
      )}
    </div>
  );
}

/** How a review ended: by whom, when and why; what its approval is worth now, and what a refusal asks for. */
export function Outcome({ dossier, typed }: { dossier: DossierView; typed: string }) {
  const may = useMay();
  const me = useMe();
  const reviews = may('version:review', dossier.team);
  const brings = dossier.outcome !== 'approved' && may('app:write', dossier.team);
  return (
    <Card>
      <section className={css.outcome} aria-label={words.label}>
        <p className="mid">
          <OutcomeMark outcome={dossier.outcome} />
        </p>
        <p className={`sm ${css.by}`}>
          <Who name={dossier.decidedBy} />
          {dossier.decidedAt && (
            <span className="xs t3">
              <Day at={dossier.decidedAt} />
            </span>
          )}
        </p>
        {dossier.reason ? (
          <blockquote className={css.quote}>“{dossier.reason}”</blockquote>
        ) : (
          dossier.outcome !== 'withdrawn' && <p className="xs t3">{words.noReason}</p>
        )}
        {dossier.approval && <InForce dossier={dossier} approval={dossier.approval} />}
        {brings && (
          <div className={`${css.bring} no-print`}>
            {dossier.outcome === 'refused' && <p className="sm t2">{words.bringText}</p>}
            <Button
              component={Link}
              to={`/apps/${dossier.app}/versions`}
              variant={dossier.submittedBy === me.name ? 'filled' : 'default'}
              fullWidth
            >
              {words.bring}
            </Button>
          </div>
        )}
        {typed && (
          <div>
            <p className="xs t3">{words.typed}</p>
            <blockquote className={css.quote}>{typed}</blockquote>
          </div>
        )}
        {reviews && <Next />}
      </section>
    </Card>
  );
}
