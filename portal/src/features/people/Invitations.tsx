import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { InvitationView } from '@/api';
import {
  listInvitationsOptions,
  listInvitationsQueryKey,
  revokeInvitationMutation,
} from '@/api/@tanstack/react-query.gen';
import { Age } from '@/kit/Age';
import { Danger } from '@/kit/Danger';
import { left } from '@/kit/format';
import { useNow } from '@/kit/Age';
import { Roles } from '@/kit/marks/Roles';
import { Card, Section } from '@/kit/page/Parts';
import { Empty, Loaded } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { toast } from '@/kit/toast';
import { useTeamTitles } from './RolePicker';
import { words } from './words';

const said = words.invitation;

/** Links that were made: the open ones first, each can be taken back. */
export function Invitations({ change }: { change: boolean }) {
  const query = useQuery(listInvitationsOptions());
  const titles = useTeamTitles();
  const now = useNow();
  const client = useQueryClient();
  const [back, setBack] = useState<InvitationView | null>(null);
  const revoke = useMutation({
    ...revokeInvitationMutation(),
    onSuccess: async () => {
      setBack(null);
      toast(said.revoked);
      await client.invalidateQueries({ queryKey: listInvitationsQueryKey() });
    },
  });
  const gives: Column<InvitationView> = {
    key: 'gives',
    head: said.gives,
    cell: (each) => <Roles held={each.roles} titles={titles} />,
  };
  const kind: Column<InvitationView> = {
    key: 'kind',
    head: said.state,
    wide: true,
    cell: (each) => said.kind[each.kind] ?? each.kind,
  };
  const madeAt: Column<InvitationView> = {
    key: 'made',
    head: said.madeAt,
    right: true,
    wide: true,
    cell: (each) => <Age at={each.createdAt} />,
  };
  return (
    <Loaded query={query} what={words.what.invitations}>
      {({ items }) => {
        const open = items.filter((each) => each.status === 'open');
        const past = items.filter((each) => each.status !== 'open');
        return (
          <>
            <Card>
              <Table
                label={said.openList}
                rows={open}
                id={(each) => each.id}
                columns={[
                  gives,
                  kind,
                  madeAt,
                  { key: 'ends', head: said.ends, right: true, cell: (each) => left(each.expiresAt, now) },
                  ...(change
                    ? [
                        {
                          key: 'back',
                          head: <span className="sr">{said.revoke}</span>,
                          right: true,
                          cell: (each: InvitationView) => (
                            <Button size="xs" onClick={() => setBack(each)}>
                              {said.revoke}
                            </Button>
                          ),
                        },
                      ]
                    : []),
                ]}
                empty={<Empty title={said.none}>{said.noneText}</Empty>}
              />
            </Card>
            {past.length > 0 && (
              <Section title={said.past}>
                <Card>
                  <Table
                    label={said.pastList}
                    rows={past.slice(0, 100)}
                    id={(each) => each.id}
                    columns={[
                      gives,
                      kind,
                      madeAt,
                      {
                        key: 'status',
                        head: said.state,
                        right: true,
                        cell: (each) => said.status[each.status] ?? each.status,
                      },
                    ]}
                  />
                </Card>
              </Section>
            )}
            <Danger
              opened={back !== null}
              onClose={() => {
                setBack(null);
                revoke.reset();
              }}
              title={said.revokeTitle}
              stops={back && <Roles held={back.roles} titles={titles} />}
              safe={words.danger.safe}
              confirm={said.revoke}
              busy={revoke.isPending}
              error={revoke.error}
              onConfirm={() => back && revoke.mutate({ path: { invitation_id: back.id } })}
            >
              {said.revokeText}
            </Danger>
          </>
        );
      }}
    </Loaded>
  );
}
