import type { DossierView } from '@/api';
import { useNow } from '@/kit/Age';
import { ReviewClock } from '@/kit/Clock';
import { Card } from '@/kit/page/Parts';
import { useNames } from '@/session/names';
import css from './review.module.css';
import { sections as words } from './words';

/** How much time is left, and against whom it runs. */
export function Clock({ dossier }: { dossier: DossierView }) {
  const nameOf = useNames();
  const over = Date.parse(dossier.dueAt) < useNow();
  return (
    <Card pad>
      <section aria-label={words.clockLabel}>
        <ReviewClock since={dossier.submittedAt} until={dossier.dueAt} />
        <p className={`xs t2 ${css.said}`}>
          {over
            ? words.overdue
            : words.clock(
                dossier.standing?.mayDecide ?? false,
                nameOf(dossier.submittedBy).displayName.split(' ')[0] ?? '',
              )}
        </p>
      </section>
    </Card>
  );
}
