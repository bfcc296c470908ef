import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { HubView } from '@/api';
import { listHubsOptions } from '@/api/@tanstack/react-query.gen';
import { Age, useNow } from '@/kit/Age';
import { number } from '@/kit/format';
import { Status } from '@/kit/marks/Marks';
import { Page } from '@/kit/page/Page';
import { Card } from '@/kit/page/Parts';
import { Empty, Loaded } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { useMay } from '@/session/me';
import { useRolesWith } from '@/session/roles';
import { Hub } from './Hub';
import { EnrolHub } from './HubForms';
import { isAway } from './facts';
import { words } from './words';

function State({ hub }: { hub: HubView }) {
  const now = useNow();
  if (hub.seenAt === null)
    return (
      <Status tone="mute" glyph="todo">
        {words.neverSeen}
      </Status>
    );
  if (isAway(hub.seenAt, now))
    return (
      <Status tone="bad" glyph="blocker">
        {words.away}
      </Status>
    );
  return (
    <Status tone={hub.inForce ? 'ok' : 'warn'} glyph={hub.inForce ? 'ok' : 'half'}>
      {hub.inForce ? words.live : words.behind}
    </Status>
  );
}

const columns: readonly Column<HubView>[] = [
  {
    key: 'hub',
    head: words.table.hub,
    cell: (hub) => (
      <>
        <Link to={`/hubs/${hub.name}`}>{hub.name}</Link> <span className="t3">{hub.region}</span>
      </>
    ),
  },
  { key: 'state', head: words.table.state, cell: (hub) => <State hub={hub} /> },
  {
    key: 'snapshot',
    head: words.table.snapshot,
    right: true,
    wide: true,
    cell: (hub) => (hub.revision < 0 ? '–' : number(hub.revision)),
  },
  {
    key: 'seen',
    head: words.table.seen,
    right: true,
    cell: (hub) => (hub.seenAt ? <Age at={hub.seenAt} /> : words.facts.never),
  },
  {
    key: 'problems',
    head: words.table.problems,
    right: true,
    wide: true,
    cell: (hub) => (hub.problems.length > 0 ? <span className="c-warn">{hub.problems.length}</span> : '–'),
  },
];

function Hubs({ onEnrol }: { onEnrol: () => void }) {
  const may = useMay();
  const now = useNow();
  const roles = useRolesWith('hub:read');
  const reads = may('hub:read');
  const hubs = useQuery({ ...listHubsOptions(), refetchInterval: 30_000, enabled: reads });
  const items = hubs.data?.items;
  const only = items?.length === 1 ? items[0] : undefined;
  if (!reads) {
    return (
      <Page name={words.name} title={words.name}>
        <Card>
          <Empty icon={<IconLock size={20} stroke={1.75} aria-hidden />} title={words.mayNot}>
            {words.mayNotText(roles)}
          </Empty>
        </Card>
      </Page>
    );
  }
  if (only) return <Hub name={only.name} onEnrol={onEnrol} />;
  const away = items?.filter((hub) => hub.seenAt === null || isAway(hub.seenAt, now)) ?? [];
  return (
    <Page
      name={items ? words.hubs : words.name}
      title={items ? words.hubsTitle(away.length, items.length) : words.name}
      lead={words.hubsLead}
      buttons={may('hub:write') && <Button onClick={onEnrol}>{words.enrol.button}</Button>}
    >
      <Card>
        <Loaded query={hubs} what={words.readHubs}>
          {(found) => (
            <Table
              label={words.hubs}
              columns={columns}
              rows={found.items.toSorted((a, b) => (a.seenAt ?? '').localeCompare(b.seenAt ?? ''))}
              id={(hub) => hub.name}
              empty={<Empty title={words.hubsEmpty}>{words.hubsEmptyText}</Empty>}
            />
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

/** The hubs; where there is one, that one. */
export default function HubsPage() {
  const [enrolling, setEnrolling] = useState(false);
  return (
    <>
      <Hubs onEnrol={() => setEnrolling(true)} />
      {enrolling && <EnrolHub onClose={() => setEnrolling(false)} />}
    </>
  );
}
