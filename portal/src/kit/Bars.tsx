import type { ReactNode } from 'react';
import css from './bars.module.css';

export interface Bar {
  /** What the bar is over, for its title. */
  label: string;
  /** Parts from below, in the order of `parts`. */
  values: readonly number[];
  /** False where nothing is known: drawn as a gap, never as zero. */
  known?: boolean;
}

export interface BarPart {
  label: string;
  tone: 'bar' | 'warn' | 'bad';
}

interface Props {
  bars: readonly Bar[];
  parts: readonly BarPart[];
  /** Labels along the bottom, evenly spread. */
  axis: readonly string[];
  /** The chart in one sentence, for whoever does not see it. */
  summary: string;
  height?: number;
  format?: (value: number) => string;
  legend?: ReactNode;
}

const STEPS = [1, 2, 2.5, 4, 5, 10];

/** The smallest round number that holds a value in four steps. */
function ceiling(value: number): number {
  if (value <= 4) return 4;
  const size = 10 ** Math.floor(Math.log10(value / 4));
  const step = STEPS.find((candidate) => candidate * size * 4 >= value) ?? 10;
  return step * size * 4;
}

/** Stacked bars; only exceptions are coloured. */
export function Bars({ bars, parts, axis, summary, height = 140, format = String }: Props) {
  const top = ceiling(Math.max(0, ...bars.map((bar) => bar.values.reduce((sum, value) => sum + value, 0))));
  const ticks = [4, 3, 2, 1, 0].map((share) => (top * share) / 4);
  return (
    <figure className={css.chart} role="img" aria-label={summary}>
      <div className={css.y} style={{ height }} aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick}>{format(tick)}</span>
        ))}
      </div>
      <div className={css.plot} style={{ height }} aria-hidden="true">
        {ticks.map((tick) => (
          <i key={tick} className={css.line} style={{ bottom: `${(tick / top) * 100}%` }} />
        ))}
        <div className={css.bars}>
          {bars.map((bar) => (
            <div
              key={bar.label}
              className={css.bar}
              data-unknown={bar.known === false || undefined}
              title={
                bar.known === false
                  ? `${bar.label}: not known`
                  : `${bar.label}: ${bar.values.map((value, index) => `${format(value)} ${parts[index]?.label.toLowerCase()}`).join(', ')}`
              }
            >
              {bar.known !== false &&
                bar.values.map((value, index) =>
                  value > 0 ? (
                    <i
                      key={parts[index]?.label}
                      data-tone={parts[index]?.tone}
                      style={{ height: `${(value / top) * 100}%` }}
                    />
                  ) : null,
                )}
            </div>
          ))}
        </div>
      </div>
      <div className={css.x} aria-hidden="true">
        {axis.map((label, index) => (
          // Labels may repeat (two times 12:00).
          // oxlint-disable-next-line react/no-array-index-key
          <span key={`${label}${index}`}>{label}</span>
        ))}
      </div>
    </figure>
  );
}

/** Names of the parts with their totals. */
export function Legend({ parts, totals }: { parts: readonly BarPart[]; totals: readonly string[] }) {
  return (
    <span className={css.legend}>
      {parts.map((part, index) => (
        <span key={part.label}>
          <i data-tone={part.tone} /> {part.label} {totals[index]}
        </span>
      ))}
    </span>
  );
}

/** A line of a row: shape, not numbers. */
export function Spark({ values, label }: { values: readonly number[]; label: string }) {
  const top = Math.max(1, ...values);
  const step = values.length > 1 ? 84 / (values.length - 1) : 84;
  const points = values.map((value, index) => `${(index * step).toFixed(1)} ${(18 - (value / top) * 16).toFixed(1)}`);
  return (
    <svg className={css.spark} viewBox="0 0 84 20" preserveAspectRatio="none" role="img" aria-label={label}>
      <path className={css.area} d={`M0 20L${points.join('L')}L84 20Z`} />
      <path d={`M${points.join('L')}`} />
    </svg>
  );
}
