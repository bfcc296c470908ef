import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { AppDetailView, VersionDetailView, VersionView } from '@/api';
import { diffVersionOptions, readVersionOptions } from '@/api/@tanstack/react-query.gen';
import { Changes } from '@/kit/Changes';
import { date } from '@/kit/format';
import { Card, Section } from '@/kit/page/Parts';
import { Failed, Loaded, Loading } from '@/kit/states/States';
import { versions as words } from '../actWords';
import type { Match } from '../model';
import { v } from '../words';
import { rawDiff } from './rawDiff';
import css from './versions.module.css';

interface Props {
  app: AppDetailView;
  match: Match;
  items: readonly VersionView[];
}

/** What differs between two versions, in words; line by line one click away. */
export function Compare({ app, match, items }: Props) {
  const navigate = useNavigate();
  const search: { from?: unknown; to?: unknown } = useSearch({ strict: false });
  const [raw, setRaw] = useState(false);
  const has = (number: unknown) => items.find((item) => String(item.number) === number)?.number;
  const to = has(search.to) ?? items[0]?.number ?? 0;
  // By default from what was approved when it was brought, which the API knows best.
  const from = has(search.from);
  const { environment } = match;
  const diff = useQuery({
    ...diffVersionOptions({
      path: { name: app.name, which: String(to) },
      query: { environment, ...(from ? { against: String(from) } : {}) },
    }),
    placeholderData: keepPreviousData,
    enabled: to > 0,
  });
  const base = from ?? diff.data?.fromNumber ?? 0;
  const go = (more: Record<string, string>) =>
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, ...more }),
      replace: true,
      resetScroll: false,
    } as never);
  const label = (item: VersionView) =>
    [
      `${v(item.number)}, ${date(item.createdAt)}`,
      ...(item.digest === match.approval?.digest ? [words.approvedMark] : []),
      ...(item.digest === match.running?.digest ? [words.runsMark] : []),
    ].join(', ');
  const data = items.map((item) => ({ value: String(item.number), label: label(item) }));
  return (
    <Section
      id="compare"
      title={words.compare}
      note={diff.data && words.compareNote(diff.data.fromNumber, diff.data.toNumber)}
    >
      <Card>
        <div className={`${css.choose} no-print`}>
          <NativeSelect
            label={words.from}
            data={base === 0 ? [{ value: '', label: words.nothingBefore }, ...data] : data}
            value={base === 0 ? '' : String(base)}
            onChange={(event) => go({ from: event.currentTarget.value })}
          />
          <NativeSelect
            label={words.to}
            data={data}
            value={String(to)}
            onChange={(event) => go({ to: event.currentTarget.value })}
          />
        </div>
        <Loaded query={diff} what={words.readDiff} lines={5}>
          {(found) => <Changes items={found.items} />}
        </Loaded>
        {base > 0 && (
          <div className={css.rawFoot}>
            <Button size="xs" variant="subtle" aria-expanded={raw} onClick={() => setRaw(!raw)}>
              {raw ? words.hideRaw : words.raw}
            </Button>
          </div>
        )}
        {raw && base > 0 && <Raw app={app.name} environment={environment} from={base} to={to} />}
      </Card>
    </Section>
  );
}

/** Manifest, closure and steps as text; places on the canvas are no content. */
function textOf({ manifest, closure, graph }: VersionDetailView): string {
  return JSON.stringify(
    { manifest, closure, graph },
    (key, value: unknown) => (key === 'position' ? undefined : value),
    2,
  );
}

function Raw({ app, environment, from, to }: { app: string; environment: string; from: number; to: number }) {
  const read = (number: number) =>
    readVersionOptions({ path: { name: app, which: String(number) }, query: { environment } });
  const old = useQuery({ ...read(from), staleTime: 60_000 });
  const now = useQuery({ ...read(to), staleTime: 60_000 });
  if (old.isError || now.isError)
    return (
      <Failed
        what={words.readDiff}
        error={old.error ?? now.error}
        retry={() => void Promise.all([old.refetch(), now.refetch()])}
      />
    );
  if (!old.data || !now.data) return <Loading lines={6} />;
  const lines = rawDiff(textOf(old.data), textOf(now.data));
  if (lines.every((line) => line.kind === 'skip')) return <p className={`sm t2 ${css.rawNote}`}>{words.rawSame}</p>;
  return (
    <>
      <p className={`xs t3 ${css.rawNote}`}>{words.rawNote}</p>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={css.raw} tabIndex={0} role="region" aria-label={words.rawLabel}>
        <pre>
          {lines.map((line, index) => (
            // Lines repeat.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={index} data-kind={line.kind}>
              {line.kind === 'skip'
                ? `  … ${words.skipped(line.lines ?? 0)}`
                : `${{ same: ' ', added: '+', removed: '-' }[line.kind]} ${line.text}`}
              {'\n'}
            </span>
          ))}
        </pre>
      </div>
    </>
  );
}
