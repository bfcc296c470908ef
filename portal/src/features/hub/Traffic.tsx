import type { HubCallsView } from '@/api';
import { useNow } from '@/kit/Age';
import { Bars, type BarPart, Legend } from '@/kit/Bars';
import { share } from '@/kit/flow';
import { ago, day, number, percent, time } from '@/kit/format';
import { Card, Figures, Section } from '@/kit/page/Parts';
import { NeverMeasured, Note } from '@/kit/states/States';
import css from './hub.module.css';
import type { Totals, Window } from './facts';
import { words } from './words';

const LATE_MS = 5 * 60_000;
const LABELS = 5;
const PARTS: readonly BarPart[] = [
  { label: words.parts[0] ?? '', tone: 'bar' },
  { label: words.parts[1] ?? '', tone: 'warn' },
  { label: words.parts[2] ?? '', tone: 'bad' },
];

/** The window in five numbers. */
export function HubFigures({
  calls,
  totals,
  perMinute,
}: {
  calls: HubCallsView;
  totals: Totals;
  perMinute: number | null;
}) {
  const figures = words.figures;
  if (calls.state === 'no_data') return null;
  const refused = totals.refused + totals.limited;
  const of = (part: number) =>
    totals.calls === 0 ? figures.none : figures.ofCalls(percent(share(part, totals.calls)));
  const when = calls.stepS >= 3600 ? day : time;
  return (
    <div className={css.figures}>
      <Figures
        items={[
          {
            label: figures.calls,
            value: number(totals.calls),
            note:
              totals.unknown > 0
                ? figures.unknown(totals.unknown)
                : totals.busiest
                  ? figures.busiest(totals.busiest.calls, when(totals.busiest.at))
                  : figures.none,
          },
          totals.calls === 0
            ? { label: figures.answered, value: '–', note: figures.none }
            : {
                label: figures.answered,
                value: percent(share(totals.answered, totals.calls)).replace(' %', ''),
                unit: '%',
                note: number(totals.answered),
              },
          {
            label: figures.refused,
            value: number(refused),
            note: totals.limited > 0 ? `${of(refused)}, ${figures.limited(totals.limited)}` : of(refused),
          },
          { label: figures.failed, value: number(totals.errors), note: of(totals.errors) },
          {
            label: figures.perMinute,
            value: perMinute === null ? '–' : number(perMinute),
            note: figures.lastMinute,
          },
        ]}
      />
    </div>
  );
}

/** Calls by outcome over the window. */
export function Traffic({ calls, totals, window }: { calls: HubCallsView; totals: Totals; window: Window }) {
  const now = useNow();
  const when = window === '7d' ? day : time;
  const last = calls.items.length - 1;
  const axis = Array.from({ length: LABELS }, (_, index) =>
    index === LABELS - 1 ? words.now : when(calls.items[Math.round((last * index) / (LABELS - 1))]?.at ?? calls.since),
  );
  const refused = totals.refused + totals.limited;
  return (
    <Section
      title={words.chart}
      note={words.bars[window]}
      right={
        calls.state !== 'no_data' && (
          <Legend parts={PARTS} totals={[totals.answered, refused, totals.errors].map((value) => number(value))} />
        )
      }
    >
      <Card>
        {calls.state === 'no_data' ? (
          <NeverMeasured>{words.never}</NeverMeasured>
        ) : (
          <div className={css.chart}>
            <Bars
              height={168}
              bars={calls.items.map((point) => ({
                label: `${day(point.at)} ${window === '7d' ? time(point.at) : ''}`.trim(),
                values: [point.answered, point.refused + point.limited, point.errors],
                known: point.known,
              }))}
              parts={PARTS}
              axis={axis}
              format={number}
              summary={words.summary(totals.calls, refused, totals.errors, words.over[window], totals.unknown)}
            />
          </div>
        )}
      </Card>
      {calls.asOf !== null && now - Date.parse(calls.asOf) > LATE_MS && (
        <p className={`xs c-warn ${css.under}`}>{words.late(ago(calls.asOf, now))}</p>
      )}
      {calls.gaps.slice(0, 3).map((gap) => (
        <div key={gap.since} className={css.under}>
          <Note tone="warn">{words.gap(day(gap.since), time(gap.until), gap.reason)}</Note>
        </div>
      ))}
    </Section>
  );
}
