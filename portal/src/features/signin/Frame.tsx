import type { ReactNode } from 'react';
import { Logo } from '@/kit/marks/Runs';
import { useOptions } from '@/session/options';
import css from './signin.module.css';
import { words } from './words';

/** The two halves of the pages for people who are not signed in. */
export function Frame({ children }: { children: ReactNode }) {
  const options = useOptions();
  return (
    <div className={css.page}>
      <main id="main" className={css.pane}>
        <div className={css.brand}>
          <Logo size={24} />
          Handrail
        </div>
        <div className={css.box}>{children}</div>
        <p className="xs t3">
          {window.location.host}
          {options?.version && ` · ${options.version}`}
        </p>
      </main>
      <aside className={css.art} aria-hidden="true">
        <svg
          viewBox="0 0 560 300"
          fill="none"
          strokeLinecap="round"
          strokeLinejoin="round"
          strokeWidth="13"
          stroke="var(--hr-ink)"
        >
          <path d="M-400 70H430a56 56 0 0 1 56 56" />
          <path d="M90 70V300M330 70V300" strokeLinecap="butt" />
          <path d="M-600 300H1400" strokeWidth="1.5" stroke="var(--hr-line-2)" />
        </svg>
        <div className={css.flag}>
          <span className="xs t3">{words.approved}</span>
          <b>v7</b>
          <span className="mono xs">9f4e 21b0</span>
        </div>
        <div className={css.flag}>
          <span className="xs t3">{words.running}</span>
          <b>v7</b>
          <span className="mono xs">9f4e 21b0</span>
        </div>
        <p className={css.tagline}>
          {words.tagline[0]}
          <br />
          {words.tagline[1]}
        </p>
      </aside>
    </div>
  );
}
