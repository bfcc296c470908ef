import { Link } from '@tanstack/react-router';
import type { HubCallsView } from '@/api';
import { number } from '@/kit/format';
import { useAddress } from '@/kit/search';
import { Section } from '@/kit/page/Parts';
import css from './hub.module.css';
import type { Totals, Window } from './facts';
import { codes, unknownCode, words } from './words';

/** Codes with how often, most first; each leads to where it is met and to its calls below. */
function Reasons({ counts }: { counts: readonly (readonly [string, number])[] }) {
  const [, change] = useAddress();
  const most = Math.max(1, ...counts.map(([, calls]) => calls));
  return (
    <ul className={css.reasons}>
      {counts.map(([code, calls]) => {
        const help = codes[code];
        return (
          <li key={code}>
            <div className={css.reason}>
              {code === 'limited' || code === 'upstream_5xx' || code === 'caller_gone' ? (
                <code>{code}</code>
              ) : (
                <button
                  type="button"
                  aria-label={words.showCalls(code)}
                  title={words.showCalls(code)}
                  onClick={() => {
                    change({ outcome: code });
                    document.querySelector('#tail')?.scrollIntoView({ block: 'start' });
                  }}
                >
                  <code>{code}</code>
                </button>
              )}
              <span className="num">{number(calls)}</span>
            </div>
            <div className={css.meter} aria-hidden="true">
              <i style={{ width: `${Math.max(1, (calls / most) * 100)}%` }} />
            </div>
            <p className="xs t3">
              {help?.text ?? unknownCode}
              {help && (
                <>
                  {' · '}
                  <Link to={help.to} className="lk">
                    {help.label}
                  </Link>
                </>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

const byCount = (counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts).toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));

export function Refusals({ calls, totals, window }: { calls: HubCallsView; totals: Totals; window: Window }) {
  // Calls over a limit have no code of their own in the counts.
  const counted = Object.hasOwn(calls.refusals, 'quota_exceeded')
    ? calls.refusals
    : { ...calls.refusals, ...(totals.limited > 0 ? { limited: totals.limited } : {}) };
  const found = byCount(counted);
  return (
    <Section title={words.why}>
      {found.length === 0 ? <p className="sm t3">{words.whyNone(words.over[window])}</p> : <Reasons counts={found} />}
    </Section>
  );
}

export function Causes({ calls, window }: { calls: HubCallsView; window: Window }) {
  const found = byCount(calls.causes);
  const failed = calls.items.reduce((sum, point) => sum + (point.known ? point.errors : 0), 0);
  if (found.length === 0 && failed > 0) return null;
  return (
    <Section title={words.causes}>
      {found.length === 0 ? (
        <p className="sm t3">{words.causesNone(words.over[window])}</p>
      ) : (
        <Reasons counts={found} />
      )}
    </Section>
  );
}
