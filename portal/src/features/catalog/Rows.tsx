import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { CatalogItem } from '@/api';
import { callsByAppOptions } from '@/api/@tanstack/react-query.gen';
import { arrows } from '@/kit/list/rows';
import { DataClass } from '@/kit/marks/Marks';
import { WhatRuns } from '@/kit/marks/WhatRuns';
import { Card } from '@/kit/page/Parts';
import { Table } from '@/kit/Table';
import { useMay } from '@/session/me';
import css from './rows.module.css';
import { type CallsOf, type Choice, columnsOf } from './columns';
import { Deputy, Owner } from './People';
import { words } from './words';

const NARROW = '(max-width: 720px)';
/** Left out where all of them would not fit. */
const TIGHT: ReadonlySet<Choice> = new Set(['platform', 'systems', 'created']);

/** Calls of the apps in view over seven days. */
function useCalls(apps: readonly CatalogItem[], wanted: boolean): CallsOf {
  const { data } = useQuery({
    ...callsByAppOptions({ query: { name: apps.map((app) => app.name), since: '7d', step: '1d' } }),
    enabled: wanted && apps.length > 0,
  });
  return useMemo(() => (data ? new Map(data.items.map((item) => [item.app, item])) : null), [data]);
}

/** An app in two lines, for a phone. */
function Line({ app }: { app: CatalogItem }) {
  return (
    <li>
      <Link to="/apps/$name" params={{ name: app.name }} data-row>
        <span className={css.l1}>
          <b>{app.name}</b>
          <WhatRuns app={app} />
        </span>
        {app.purpose && <span className={`sm t2 ${css.what}`}>{app.purpose}</span>}
        <span className={css.l2}>
          <span className={css.people}>
            <Owner app={app} />
            <Deputy app={app} />
          </span>
          <DataClass level={app.dataClass} />
        </span>
      </Link>
    </li>
  );
}

interface Props {
  apps: readonly CatalogItem[];
  choices: readonly Choice[];
  /** Another question was asked since. */
  old: boolean;
  /** Arrow up on the first row. */
  onUp: () => void;
}

export function Rows({ apps, choices, old, onUp }: Props) {
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const tight = useMediaQuery('(max-width: 1080px)', false, { getInitialValueInEffect: false });
  const may = useMay();
  const calls = useCalls(apps, !narrow && choices.includes('calls') && may('signal:read'));
  const shown = useMemo(
    () => choices.filter((choice) => (choice !== 'calls' || may('signal:read')) && !(tight && TIGHT.has(choice))),
    [choices, may, tight],
  );
  const columns = useMemo(() => columnsOf(shown, calls), [shown, calls]);
  return (
    // Only the arrows between its links; each stays a link.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={css.rows} data-old={old || undefined} aria-busy={old} onKeyDown={arrows(onUp)}>
      {narrow ? (
        <ul className={css.lines}>
          {apps.map((app) => (
            <Line key={app.id} app={app} />
          ))}
        </ul>
      ) : (
        <Card>
          <Table label={words.apps} columns={columns} rows={apps} id={(app) => app.id} dense />
        </Card>
      )}
    </div>
  );
}
