import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { TailCallView } from '@/api';
import { Copyable } from '@/kit/Copyable';
import { clock, milliseconds } from '@/kit/format';
import { Glyph, type GlyphName } from '@/kit/marks/Glyph';
import { Facts } from '@/kit/page/Parts';
import css from './tail.module.css';
import { type Outcome, outcomeOf } from './tail';
import { codes, words } from './words';

const marks: Record<Outcome, [string, GlyphName]> = {
  answered: ['c-ok', 'ok'],
  refused: ['c-warn', 'warning'],
  limited: ['c-warn', 'half'],
  failed: ['c-bad', 'blocker'],
};

const says = words.tail;
const endOf = (call: TailCallView) => call.code || (call.status === 0 ? says.gone : String(call.status));

/** Keep what one looks at in place when newer rows come in above; at the top one stays at the top. */
function useSteadyScroll(first: string) {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef(first);
  useLayoutEffect(() => {
    const box = list.current;
    if (box && first !== before.current && box.scrollTop > 0) {
      // What was first lies as far down as the new rows are high.
      box.scrollTop += document.getElementById(before.current)?.offsetTop ?? 0;
    }
    before.current = first;
  });
  return list;
}

/** Calls as a list in which arrow keys choose; the chosen one is explained below. */
export function TailList({ calls }: { calls: readonly TailCallView[] }) {
  const prefix = useId();
  const [chosenId, setChosenId] = useState<number | null>(null);
  const index = calls.findIndex((call) => call.id === chosenId);
  const chosen = calls[index];
  const idOf = (call: TailCallView) => `${prefix}${call.id}`;
  const list = useSteadyScroll(calls[0] ? idOf(calls[0]) : '');

  useEffect(() => {
    if (chosenId !== null) document.getElementById(`${prefix}${chosenId}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosenId, prefix]);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + 10,
      PageUp: index - 10,
      Home: 0,
      End: calls.length - 1,
    };
    const wanted = steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    setChosenId(calls[Math.min(calls.length - 1, Math.max(0, wanted))]?.id ?? null);
  };

  return (
    <>
      <div
        ref={list}
        className={css.list}
        role="listbox"
        tabIndex={0}
        aria-label={says.list}
        aria-activedescendant={chosen && idOf(chosen)}
        onKeyDown={onKeyDown}
      >
        {calls.map((call) => {
          const outcome = outcomeOf(call);
          const [tone, glyph] = marks[outcome];
          return (
            // The list itself listens to keys.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={call.id}
              id={idOf(call)}
              className={css.row}
              role="option"
              aria-selected={call.id === chosenId}
              tabIndex={-1}
              onClick={() => setChosenId(call.id === chosenId ? null : call.id)}
            >
              <time className="mono t3" dateTime={call.at}>
                {clock(call.at)}
              </time>
              <span className={css.who}>
                {call.app ? <b>{call.app}</b> : <span className="t3">{says.unknownApp}</span>}
              </span>
              <span className={css.what}>
                {call.connection} <code>{call.operation || '–'}</code>
              </span>
              <span className={css.end}>
                <span className={tone}>
                  <Glyph name={glyph} />
                </span>
                <span className="sr">{says.outcomes[outcome]}</span> <code>{endOf(call)}</code>
              </span>
              <span className={css.ms}>{milliseconds(call.ms)}</span>
            </div>
          );
        })}
      </div>
      <div className={css.chosen} aria-live="polite">
        {chosen ? <Chosen call={chosen} /> : <p className="xs t3">{says.choose}</p>}
      </div>
    </>
  );
}

function Chosen({ call }: { call: TailCallView }) {
  const help = codes[call.code];
  return (
    <>
      {help && (
        <p className="sm">
          {help.text}.{' '}
          <Link to={help.to} className="lk">
            {help.label}
          </Link>
        </p>
      )}
      <Facts
        items={[
          [says.at, `${clock(call.at)}, ${call.environment}`],
          [
            says.connection,
            <span key="connection">
              <Link to={`/connections/${call.connection}`} className="lk">
                {call.connection}
              </Link>{' '}
              <code>{call.operation}</code>
            </span>,
          ],
          [
            says.app,
            call.app ? (
              <Link to={`/apps/${call.app}`} className="lk">
                {call.app}
              </Link>
            ) : (
              says.unknownApp
            ),
          ],
          [
            says.requestId,
            call.requestId ? <Copyable value={call.requestId} label={says.requestId} /> : says.noRequestId,
          ],
        ]}
      />
    </>
  );
}
