import { clock as words } from '@/words/clock';
import { useNow } from './Age';
import { left, weekTime } from './format';
import css from './clock.module.css';

const HOUR = 3_600_000;

/** How much of a reviewer's 48 hours is left: one tick an hour. */
export function ReviewClock({ since, until }: { since: string; until: string }) {
  const now = useNow();
  const hours = Math.round((Date.parse(until) - Date.parse(since)) / HOUR);
  const used = Math.min(hours, Math.max(0, Math.floor((now - Date.parse(since)) / HOUR)));
  const over = Date.parse(until) < now;
  return (
    <div role="img" aria-label={words.label(left(until, now), hours)}>
      <p className="mid">
        {over ? left(until, now) : words.left(left(until, now))} <span className="unit">{words.of(hours)}</span>
      </p>
      <div className={css.ticks} aria-hidden="true">
        {Array.from({ length: hours }, (_, hour) => (
          <i key={hour} data-used={hour < used || undefined} data-over={over || undefined} />
        ))}
      </div>
      <div className={css.ends} aria-hidden="true">
        <span>{weekTime(since)}</span>
        <span>{weekTime(until)}</span>
      </div>
    </div>
  );
}

/** The same in a table. */
export function TimeLeft({ until }: { until: string }) {
  const now = useNow();
  const rest = Date.parse(until) - now;
  const tone = rest < 0 ? 'c-bad' : rest < 8 * HOUR ? 'c-warn' : '';
  return <span className={`num ${tone}`}>{rest < 0 ? left(until, now) : words.left(left(until, now))}</span>;
}
