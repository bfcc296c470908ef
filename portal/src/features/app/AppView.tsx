import { NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { AppDetailView } from '@/api';
import { readHistoryOptions } from '@/api/@tanstack/react-query.gen';
import { Hold } from '@/kit/marks/Marks';
import { Page } from '@/kit/page/Page';
import { TabLinks } from '@/kit/page/Parts';
import { Empty, Loading } from '@/kit/states/States';
import { patient } from '@/live/patient';
import { Acts } from './head/Acts';
import { Attention } from './head/Attention';
import css from './head/head.module.css';
import { MatchPanel } from './head/MatchPanel';
import { People } from './head/People';
import { StageRail } from './head/StageRail';
import { environmentsOf, type Match, matchOf, troubleOf } from './model';
import { Overview } from './overview/Overview';
import { HoldDialog } from './settings/HoldDialog';
import { RECENT, type TabProps } from './tabs';
import { useRights } from './use';
import { Propose } from './versions/Propose';
import { words } from './words';

// Each tab is read when it is opened; the drawing alone weighs as much as the rest.
const FlowTab = lazy(() => patient(() => import('./FlowTab')));
const Versions = lazy(() => patient(() => import('./versions/Versions')));
const Connections = lazy(() => patient(() => import('./connections/Connections')));
const History = lazy(() => patient(() => import('./history/History')));
const Settings = lazy(() => patient(() => import('./settings/Settings')));

const TABS = ['overview', 'flow', 'versions', 'connections', 'history', 'settings'] as const;
type Tab = (typeof TABS)[number];

const bodies: Record<Tab, (props: TabProps) => ReactNode> = {
  overview: (props) => <Overview {...props} />,
  flow: (props) => <FlowTab {...props} />,
  versions: (props) => <Versions {...props} />,
  connections: (props) => <Connections {...props} />,
  history: (props) => <History {...props} />,
  settings: (props) => <Settings {...props} />,
};

function titleOf(app: AppDetailView, match: Match): string {
  const trouble = troubleOf(app, match);
  if (trouble === 'none') return app.name;
  if (trouble === 'drifted' && app.approvals.some((each) => each.digest === match.running?.digest))
    return words.title.ended(app.name);
  return words.title[trouble](app.name);
}

/** An app that was read: head, tabs, and the tab that the address names. */
export function AppView({ app, tab }: { app: AppDetailView; tab: string }) {
  const search: { environment?: unknown } = useSearch({ strict: false });
  const rights = useRights(app);
  const environments = environmentsOf(app);
  const asked = environments.find((name) => name === search.environment);
  const match = matchOf(app, asked ?? environments[0] ?? 'production');
  const events = useQuery({
    ...readHistoryOptions({ path: { name: app.name }, query: { limit: RECENT } }),
    placeholderData: keepPreviousData,
  });
  const [proposing, setProposing] = useState(false);
  const [holding, setHolding] = useState(false);
  const current = TABS.find((name) => name === tab);
  const at = (name: Tab) => (name === 'overview' ? `/apps/${app.name}` : `/apps/${app.name}/${name}`);
  return (
    <Page
      name={app.name}
      title={titleOf(app, match)}
      lead={app.purpose || <NoPurpose app={app} editable={rights.write} />}
      below={
        <>
          {app.quarantine !== null && <Hold />}
          <People app={app} editable={rights.write} />
        </>
      }
      crumbs={[{ label: words.catalog, to: '/catalog' }]}
      actions={
        <Acts
          app={app}
          match={match}
          rights={rights}
          onPropose={() => setProposing(true)}
          onHold={() => setHolding(true)}
        />
      }
    >
      <StageRail app={app} events={events.data?.items ?? []} />
      <Attention
        app={app}
        match={match}
        rights={rights}
        events={events.data?.items ?? []}
        onLift={() => setHolding(true)}
        onPropose={() => setProposing(true)}
      />
      {environments.length > 1 && <Where environments={environments} current={match.environment} />}
      {app.versions.length > 0 && app.stage !== 'retired' && <MatchPanel app={app} match={match} />}
      <TabLinks
        label={words.tabs.label}
        items={TABS.map((name) => ({
          label: words.tabs[name],
          to: at(name),
          // The environment that was chosen stays chosen.
          ...(asked ? { search: { environment: asked } } : {}),
          active: name === current,
          ...(name === 'versions' ? { count: app.versions.length } : {}),
        }))}
      />
      {current ? (
        <div>
          <Suspense fallback={<Loading lines={6} />}>{bodies[current]({ app, match, rights })}</Suspense>
        </div>
      ) : (
        <Empty
          title={words.noTab}
          action={
            <Link to={at('overview')} className="lk">
              {words.tabs.overview}
            </Link>
          }
        />
      )}
      {proposing && match.draft && <Propose app={app} version={match.draft} onClose={() => setProposing(false)} />}
      {holding && <HoldDialog app={app} onClose={() => setHolding(false)} />}
    </Page>
  );
}

function NoPurpose({ app, editable }: { app: AppDetailView; editable: boolean }) {
  return (
    <>
      {words.noPurpose}{' '}
      {editable && (
        <Link to={`/apps/${app.name}/settings`} hash="purpose" className="lk">
          {words.say}
        </Link>
      )}
    </>
  );
}

/** Which environment the page is about, for an app that is in several. */
function Where({ environments, current }: { environments: readonly string[]; current: string }) {
  const navigate = useNavigate();
  return (
    <NativeSelect
      className={`${css.where} no-print`}
      aria-label={words.environment}
      data={[...environments]}
      value={current}
      w={180}
      onChange={(event) =>
        void navigate({ to: '.', search: { environment: event.currentTarget.value }, replace: true })
      }
    />
  );
}
