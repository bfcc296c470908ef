import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  connectionCallsOptions,
  hubCallsOptions,
  listConnectionsOptions,
  readHubOptions,
} from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { ago, left, percent } from '@/kit/format';
import { type Crumb, Columns, Page } from '@/kit/page/Page';
import { Section } from '@/kit/page/Parts';
import { Segments } from '@/kit/Segments';
import { useAddress } from '@/kit/search';
import { Loaded } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { Connections } from './Connections';
import { RemoveHub } from './HubForms';
import { Problems, Snapshot } from './Snapshot';
import { Tail } from './Tail';
import { HubFigures, Traffic } from './Traffic';
import { Causes, Refusals } from './Why';
import { headlineOf, steps, totalsOf, windowOf, windows } from './facts';
import { leads, title, words } from './words';

/** One hub: whether calls flow, what is refused and why, and what passes right now. */
export function Hub({
  name,
  crumbs = [],
  onEnrol,
}: {
  name: string;
  crumbs?: readonly Crumb[];
  /** The dialog belongs to the page: it must outlive this hub's being the only one. */
  onEnrol: () => void;
}) {
  const [address, change] = useAddress();
  const window = windowOf(address['window']);
  const may = useMay();
  const now = useNow();
  const [removing, setRemoving] = useState(false);
  // Being heard of is no change that the stream tells of.
  const hub = useQuery({ ...readHubOptions({ path: { name } }), refetchInterval: 20_000 });
  const calls = useQuery({
    ...hubCallsOptions({ path: { name }, query: { since: window, step: steps[window].bars } }),
    placeholderData: (had) => had,
  });
  const flows = useQuery({
    ...connectionCallsOptions({ query: { since: window, step: steps[window].lines } }),
    placeholderData: (had) => had,
  });
  const connections = useQuery(listConnectionsOptions());
  const totals = calls.data && totalsOf(calls.data.items);
  const found =
    hub.data &&
    headlineOf(hub.data, calls.data && totals && { totals, state: calls.data.state }, flows.data?.items ?? [], now);
  const seen = hub.data?.seenAt ?? '';
  return (
    <Page
      name={crumbs.length > 0 ? name : words.name}
      crumbs={crumbs}
      title={
        found && hub.data
          ? title(name, found, percent, seen && left(seen, now).replace('overdue by ', ''), hub.data.snapshotRevision)
          : words.name
      }
      lead={
        found && hub.data
          ? leads[found.kind]({
              seen: seen && ago(seen, now),
              snapshot: hub.data.snapshotRevision,
              newest: hub.data.newestRevision,
              window: words.over[window],
            })
          : ' '
      }
      actions={
        <>
          <Segments
            label={words.window}
            items={windows.map((value) => ({ value, label: words.windows[value] }))}
            value={window}
            onChange={(value) => change({ window: value === '24h' ? undefined : value })}
          />
          {may('hub:write') && (
            <span className="hide-n">
              <Button size="xs" onClick={onEnrol}>
                {words.enrol.button}
              </Button>
            </span>
          )}
        </>
      }
    >
      <Loaded query={hub} what={words.readHub} lines={8}>
        {(shown) => (
          <>
            <Loaded query={calls} what={words.readCalls}>
              {(data) => <HubFigures calls={data} totals={totalsOf(data.items)} perMinute={shown.perMinute} />}
            </Loaded>
            <Columns
              label={words.snapshot}
              aside={
                <>
                  <Problems hub={shown} />
                  {calls.data && totals && calls.data.state !== 'no_data' && (
                    <>
                      <Refusals calls={calls.data} totals={totals} window={window} />
                      <Causes calls={calls.data} window={window} />
                    </>
                  )}
                  <Snapshot hub={shown} onRemove={() => setRemoving(true)} onEnrol={onEnrol} />
                </>
              }
            >
              <Loaded query={calls} what={words.readCalls} lines={6}>
                {(data) => <Traffic calls={data} totals={totalsOf(data.items)} window={window} />}
              </Loaded>
              <Section
                title={words.connections.title}
                note={flows.data && words.connections.note(flows.data.items.length, crumbs.length > 0)}
              >
                <Loaded query={flows} what={words.readConnections} lines={6}>
                  {(data) => <Connections calls={data.items} connections={connections.data?.items} />}
                </Loaded>
              </Section>
              <Tail name={name} />
            </Columns>
          </>
        )}
      </Loaded>
      {removing && <RemoveHub name={name} onClose={() => setRemoving(false)} />}
    </Page>
  );
}
