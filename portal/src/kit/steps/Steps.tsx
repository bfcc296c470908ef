import type { ReactNode } from 'react';
import { Glyph } from '@/kit/marks/Glyph';
import { steps as words } from '@/words/steps';
import css from './steps.module.css';

export type StepState = 'done' | 'now' | 'next';

/** Steps one below the other, joined by a line. */
export function Steps({ children }: { children: ReactNode }) {
  return <ol className={css.steps}>{children}</ol>;
}

interface Props {
  state: StepState;
  title: string;
  lead?: ReactNode;
  /** Stands at the right: when it was done, or how to change it. */
  note?: ReactNode;
  children?: ReactNode;
}

/** One step: done, the one that is open, or one that comes later. */
export function Step({ state, title, lead, note, children }: Props) {
  return (
    <li className={css.step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <span className={css.mark}>
        {state === 'done' && (
          <span className="c-ok">
            <Glyph name="ok" size={18} />
          </span>
        )}
        {state === 'now' && <span className={css.now} />}
        {state === 'next' && (
          <span className="c-mute">
            <Glyph name="todo" size={18} />
          </span>
        )}
        <span className="sr">{words[state]}</span>
      </span>
      <div className={css.body}>
        <div className={css.head}>
          <h2>{title}</h2>
          {note && <div className={css.note}>{note}</div>}
        </div>
        {lead && <p className="sm t2">{lead}</p>}
        {children && <div className={css.content}>{children}</div>}
      </div>
    </li>
  );
}
