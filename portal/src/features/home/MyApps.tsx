import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CatalogItem } from '@/api';
import { callsByAppOptions } from '@/api/@tanstack/react-query.gen';
import { Age } from '@/kit/Age';
import { Spark } from '@/kit/Bars';
import { number } from '@/kit/format';
import { Hold, Stage, Status } from '@/kit/marks/Marks';
import { Runs, type RunsKind } from '@/kit/marks/Runs';
import { Empty } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import css from './home.module.css';
import { words } from './words';

/** What runs, how we know, and how old that is. */
export function WhatRuns({ app }: { app: CatalogItem }) {
  if (app.quarantined) return <Hold />;
  return (
    <>
      <Runs kind={app.runs as RunsKind} />
      {app.seenAt && app.runs !== 'none' && (
        <span className={`xs t3 ${css.below}`}>
          <Age at={app.seenAt} />
        </span>
      )}
    </>
  );
}

/** The apps of this person with what runs and how they are used. */
export function MyApps({ apps }: { apps: readonly CatalogItem[] }) {
  const calls = useQuery({
    ...callsByAppOptions({ query: { name: apps.map((app) => app.name), since: '14d', step: '1d' } }),
    enabled: apps.length > 0,
  });
  const byApp = new Map(calls.data?.items.map((item) => [item.app, item]));
  const columns: Column<CatalogItem>[] = [
    {
      key: 'app',
      head: words.columns.app,
      cell: (app) => (
        <span className={css.name}>
          <Link to={`/apps/${app.name}`}>{app.name}</Link>
          {app.inReview !== null && (
            <span className="xs t2" style={{ marginLeft: 10 }}>
              <Status tone="warn" glyph="half">
                {words.inReview(app.inReview)}
              </Status>
            </span>
          )}
          <span className={css.purpose}>{app.purpose}</span>
        </span>
      ),
    },
    { key: 'stage', head: words.columns.stage, cell: (app) => <Stage stage={app.stage} />, wide: true },
    { key: 'runs', head: words.columns.runs, cell: (app) => <WhatRuns app={app} /> },
    {
      key: 'calls',
      head: words.columns.calls,
      wide: true,
      cell: (app) => {
        const found = byApp.get(app.name);
        if (!found || found.calls === 0) return <span className="t3">{words.noCalls}</span>;
        return <Spark values={found.series} label={words.callsOf(app.name, found.calls)} />;
      },
    },
    {
      key: 'week',
      head: words.columns.week,
      right: true,
      cell: (app) => (calls.data ? number(byApp.get(app.name)?.calls ?? 0) : '–'),
    },
  ];
  return (
    <Table
      label={words.mine}
      columns={columns}
      rows={apps}
      id={(app) => app.id}
      tall
      empty={<Empty title={words.noApps}>{words.noAppsText}</Empty>}
    />
  );
}
