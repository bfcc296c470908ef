import type { AppDetailView, EventView } from '@/api';
import { useNow } from '@/kit/Age';
import { date, moment } from '@/kit/format';
import { marks } from '@/words/marks';
import { stageDates, STAGES } from '../model';
import { words } from '../words';
import css from './head.module.css';

const DAY = 86_400_000;

/** Where an app stands between an idea and retirement, and since when. */
export function StageRail({ app, events }: { app: AppDetailView; events: readonly EventView[] }) {
  const clock = useNow();
  const dates = stageDates(app, events);
  // Retirement may follow any stage, so what was skipped is not done.
  const current = STAGES.findIndex((stage) => stage === app.stage);
  return (
    <ol className={css.stages} aria-label={words.stage}>
      {STAGES.map((stage, index) => {
        const from = dates[stage];
        const until = STAGES.slice(index + 1)
          .map((later) => dates[later])
          .find(Boolean);
        const now = index === current;
        const done = index < current && from !== undefined;
        return (
          <li
            key={stage}
            className={now ? css.now : done ? css.done : css.next}
            aria-current={now ? 'step' : undefined}
          >
            <b>{marks.stage[stage]}</b>
            {(now || done) && from && (
              <span className="xs t3" title={moment(from)}>
                {now
                  ? words.since(date(from), Math.floor((clock - Date.parse(from)) / DAY))
                  : until && index > 0
                    ? words.between(date(from), date(until))
                    : date(from)}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
