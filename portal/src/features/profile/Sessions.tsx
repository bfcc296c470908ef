import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SessionView } from '@/api';
import {
  endOtherSessionsMutation,
  endSessionMutation,
  listSessionsOptions,
  listSessionsQueryKey,
} from '@/api/@tanstack/react-query.gen';
import { Age, Day } from '@/kit/Age';
import { Tag } from '@/kit/marks/Marks';
import { Card } from '@/kit/page/Parts';
import { Loaded, ProblemNote } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { toast } from '@/kit/toast';
import css from './profile.module.css';
import { words } from './words';

const said = words.sessions;

/** Where this person is signed in; any of it can be ended. */
export function Sessions() {
  const query = useQuery(listSessionsOptions());
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: listSessionsQueryKey() });
  const end = useMutation({
    ...endSessionMutation(),
    onSuccess: async () => {
      toast(said.ended);
      await refresh();
    },
  });
  const endOthers = useMutation({
    ...endOtherSessionsMutation(),
    onSuccess: async ({ ended }) => {
      toast(said.othersEnded(ended));
      await refresh();
    },
  });
  const columns: Column<SessionView>[] = [
    {
      key: 'agent',
      head: said.browser,
      cell: (session) => (
        <>
          <b>{session.agent || said.unknown}</b> {session.current && <Tag tone="ok">{said.here}</Tag>}
          <span className={`only-n xs t3 ${css.second}`}>{session.address}</span>
        </>
      ),
    },
    { key: 'address', head: said.address, wide: true, cell: (session) => <code>{session.address}</code> },
    { key: 'seen', head: said.seen, right: true, cell: (session) => <Age at={session.lastSeenAt} /> },
    { key: 'ends', head: said.ends, right: true, wide: true, cell: (session) => <Day at={session.expiresAt} /> },
    {
      key: 'end',
      head: <span className="sr">{said.end}</span>,
      right: true,
      width: '90px',
      cell: (session) =>
        !session.current && (
          <Button
            size="xs"
            aria-label={said.endWhat(session.agent || said.unknown)}
            onClick={() => end.mutate({ path: { session_id: session.id } })}
          >
            {said.end}
          </Button>
        ),
    },
  ];
  return (
    <div className={css.stack}>
      <p className="sm t2">{said.lead}</p>
      <Loaded query={query} what={words.what.sessions}>
        {({ items }) => (
          <>
            <Card>
              <Table
                label={words.tabs.sessions}
                columns={columns}
                rows={items.toSorted((one, other) => Number(other.current) - Number(one.current))}
                id={(session) => session.id}
              />
            </Card>
            {items.some((session) => !session.current) && (
              <div>
                <Button loading={endOthers.isPending} onClick={() => endOthers.mutate({})}>
                  {said.endOthers}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
      <ProblemNote error={end.error ?? endOthers.error} />
    </div>
  );
}
