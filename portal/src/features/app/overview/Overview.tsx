import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AppDetailView } from '@/api';
import { readHistoryOptions } from '@/api/@tanstack/react-query.gen';
import { Columns } from '@/kit/page/Page';
import { Card, Section } from '@/kit/page/Parts';
import { Failed, Loaded, Loading } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { type TabProps, RECENT } from '../tabs';
import { EventLine } from '../history/EventLine';
import { overview as words } from '../words';
import { AppFacts, Consists, Cost, Next } from './Aside';
import { CallsChart } from './CallsChart';
import { Idea } from './Idea';
import { Operations } from './Operations';
import { useUses } from './uses';

const LINES = 6;

/** How an app does: its calls, what it uses, what it is made of, and what happened last. */
export function Overview({ app, match, rights }: TabProps) {
  const may = useMay();
  const uses = useUses(app, match);
  const isIdea = app.versions.length === 0 && app.stage !== 'retired';
  return (
    <Columns
      label={words.facts}
      aside={
        <>
          <Cost uses={uses} />
          <AppFacts app={app} match={match} uses={uses} />
          <Consists uses={uses} />
          <Next app={app} match={match} />
        </>
      }
    >
      {isIdea ? (
        <Idea app={app} rights={rights} />
      ) : (
        <>
          {may('signal:read', app.team) && <CallsChart app={app} environment={match.environment} />}
          {uses.error && uses.byConnection.size === 0 ? (
            <Section title={words.connections}>
              <Card>
                <Failed what={words.readVersion} error={uses.error} retry={uses.again} />
              </Card>
            </Section>
          ) : uses.loading ? (
            <Section title={words.connections}>
              <Card>
                <Loading lines={4} />
              </Card>
            </Section>
          ) : (
            <Operations app={app} uses={uses} />
          )}
        </>
      )}
      <Recent app={app} />
    </Columns>
  );
}

function Recent({ app }: { app: AppDetailView }) {
  const events = useQuery(readHistoryOptions({ path: { name: app.name }, query: { limit: RECENT } }));
  return (
    <Section
      title={words.recent}
      right={
        <Link to={`/apps/${app.name}/history`} className="lk sm">
          {words.all}
        </Link>
      }
    >
      <Card>
        <Loaded query={events} what={words.readHistory} lines={6}>
          {(found) => (
            <ul>
              {found.items.slice(0, LINES).map((event) => (
                <EventLine key={event.id} event={event} app={app} />
              ))}
            </ul>
          )}
        </Loaded>
      </Card>
    </Section>
  );
}
