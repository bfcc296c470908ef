import { marks as words } from '@/words/marks';
import css from './marks.module.css';

/** How we know that what runs is what was approved. */
export type RunsKind = 'executed' | 'observed' | 'declared' | 'drifted' | 'none';

const rails: Record<RunsKind, string> = {
  executed: 'M1 3.5h13a3 3 0 0 1 3 3M5 3.5V12M12 3.5V12',
  observed: 'M1 3.3h2.2M7.4 3.3h2.2M13.8 3.3h.4a2.6 2.6 0 0 1 2.6 2.6M5 7V12M12 7V12',
  declared: 'M1 3.3h.01M5 3.3h.01M8.6 3.3h.01M12.2 3.3h.01M16.2 4.6h.01M5 7V12.2M12 7V12.2',
  drifted: 'M1 3.5h6M5 3.5V12M11 6h5M13.2 6V12',
  none: 'M5 4V12M12 4V12',
};

/** The rail, small: beside its word. */
export function Runs({ kind }: { kind: RunsKind }) {
  const tone = kind === 'drifted' ? 'bad' : kind === 'executed' || kind === 'observed' ? 'ok' : 'mute';
  return (
    <span className={`${css.runs} ${kind === 'drifted' ? css.drifted : ''}`}>
      <svg className={`${css.rail} c-${tone}`} viewBox="0 0 18 14" aria-hidden="true">
        <path d={rails[kind]} strokeDasharray={kind === 'none' ? '1.6 2.6' : undefined} />
      </svg>
      {words.runs[kind]}
    </span>
  );
}

const lines: Record<RunsKind, [string, string | undefined]> = {
  executed: ['M0 12H200', undefined],
  observed: ['M0 12H200', '9 6'],
  declared: ['M0 12H200', '0.1 7'],
  drifted: ['M0 12H84M116 12H200', undefined],
  none: ['M0 12H200', '1 9'],
};

/** The rail, large: the line between what was approved and what runs. */
export function RailLine({ kind }: { kind: RunsKind }) {
  const [path, dashes] = lines[kind];
  return (
    <svg
      className={css.big}
      data-runs={kind}
      viewBox="0 0 200 24"
      preserveAspectRatio="none"
      role="img"
      aria-label={words.railLabel[kind]}
    >
      <path d={path} strokeDasharray={dashes} />
    </svg>
  );
}

/** Handrail's mark. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.1"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M1.8 5.6h13a3.4 3.4 0 0 1 3.4 3.4M6 5.6v11M13 5.6v11" />
    </svg>
  );
}
