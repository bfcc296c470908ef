import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDetailView, CallSeriesView } from '@/api';
import { callSeriesOptions } from '@/api/@tanstack/react-query.gen';
import { Age } from '@/kit/Age';
import { Bars, Legend } from '@/kit/Bars';
import { date, milliseconds, number } from '@/kit/format';
import { Card, Section } from '@/kit/page/Parts';
import { Loaded, NeverMeasured } from '@/kit/states/States';
import { overview as words } from '../words';
import css from './overview.module.css';
import { axisOf, exceptionOf, isKnown, refusedOf, totalsOf } from './series';

const WINDOW = '28d';
type Shown = 'calls' | 'errors' | 'p95';

const answered = { label: words.answered, tone: 'bar' } as const;
const refused = { label: words.refused, tone: 'warn' } as const;
const failed = { label: words.failed, tone: 'bad' } as const;

/** An app's calls a day, its refusals and failures alone, or how long its calls took. */
export function CallsChart({ app, environment }: { app: AppDetailView; environment: string }) {
  const [shown, setShown] = useState<Shown>('calls');
  const series = useQuery({
    ...callSeriesOptions({ path: { name: app.name }, query: { since: WINDOW, step: '1d', environment } }),
    placeholderData: keepPreviousData,
  });
  const total = totalsOf(series.data?.items ?? []);
  return (
    <Section
      title={words.calls}
      note={words.window}
      right={
        total.calls > 0 && (
          <Legend
            parts={[answered, refused, failed]}
            totals={[number(total.answered), number(total.refused), number(total.failed)]}
          />
        )
      }
    >
      <Card>
        <Loaded query={series} what={words.readCalls} lines={7}>
          {(found) =>
            found.state === 'no_data' || total.calls === 0 ? (
              <NeverMeasured>
                {found.asOf === null
                  ? words.neverHub
                  : app.assurance === 'declared'
                    ? words.neverDeclared
                    : words.neverApp}
              </NeverMeasured>
            ) : (
              <div className={css.chart}>
                <SegmentedControl
                  className={`${css.switch} no-print`}
                  size="xs"
                  aria-label={words.show}
                  value={shown}
                  onChange={(value) => setShown(value as Shown)}
                  data={[
                    { value: 'calls', label: words.showCalls },
                    { value: 'errors', label: words.showErrors },
                    { value: 'p95', label: words.showP95 },
                  ]}
                />
                <Chart found={found} shown={shown} />
                <p className={`xs t3 ${css.below}`}>
                  {total.unknown > 0 && <span>{words.unknown(total.unknown)}</span>}
                  {found.asOf && (
                    <span>
                      {words.asOf} <Age at={found.asOf} />
                    </span>
                  )}
                </p>
              </div>
            )
          }
        </Loaded>
      </Card>
    </Section>
  );
}

function Chart({ found, shown }: { found: CallSeriesView; shown: Shown }) {
  const points = found.items;
  const total = totalsOf(points);
  const axis = axisOf(points, date);
  const of = (values: (point: (typeof points)[number]) => number[]) =>
    points.map((point) => ({ label: date(point.at), values: values(point), known: isKnown(point) }));
  if (shown === 'p95') {
    const slowest = points.reduce((worst, point, index) => {
      return (point.p95Ms ?? 0) > (points[worst]?.p95Ms ?? 0) ? index : worst;
    }, 0);
    const worst = milliseconds(points[slowest]?.p95Ms);
    if (points.every((point) => point.p95Ms === null)) return <p className="sm t2">{words.noDurations}</p>;
    return (
      <Bars
        bars={of((point) => [point.p95Ms ?? 0]).map((bar, index) => ({ ...bar, known: points[index]?.p95Ms !== null }))}
        parts={[{ label: words.p95, tone: 'bar' }]}
        axis={axis}
        format={(value) => (value === 0 ? '0' : milliseconds(value))}
        summary={words.summaryP95(worst)}
        height={150}
      />
    );
  }
  const failing = exceptionOf(points, (point) => point.errors);
  const refusing = exceptionOf(points, refusedOf);
  const worst = failing ?? refusing;
  const mark = worst && {
    index: worst.index,
    text: (failing ? words.mostFailed : words.mostRefused)(date(points[worst.index]?.at ?? ''), worst.value),
    tone: failing ? ('bad' as const) : ('warn' as const),
  };
  if (shown === 'errors' && total.refused + total.failed === 0) return <p className="sm t2">{words.noErrors}</p>;
  return (
    <Bars
      bars={
        shown === 'errors'
          ? of((point) => [refusedOf(point), point.errors])
          : of((point) => [point.answered, refusedOf(point), point.errors])
      }
      parts={shown === 'errors' ? [refused, failed] : [answered, refused, failed]}
      axis={axis}
      format={number}
      summary={words.summary(total.calls, total.refused, total.failed, total.unknown)}
      height={150}
      mark={mark}
    />
  );
}
