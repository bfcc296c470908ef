import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDetailView, ClientView } from '@/api';
import { listClientsOptions, revokeClientMutation } from '@/api/@tanstack/react-query.gen';
import { Age, Day } from '@/kit/Age';
import { Danger } from '@/kit/Danger';
import { Status } from '@/kit/marks/Marks';
import { Who } from '@/kit/marks/Who';
import { Card, Section } from '@/kit/page/Parts';
import { Empty, Loaded } from '@/kit/states/States';
import { Table } from '@/kit/Table';
import { toast } from '@/kit/toast';
import { connections as words } from '../actWords';
import { useFresh } from '../fresh';
import type { Rights } from '../use';
import { AddClient } from './AddClient';
import css from './connections.module.css';

interface Props {
  app: AppDetailView;
  rights: Rights;
  environment: string;
}

/** What an app signs in with; revoked ones on demand. */
export function Clients({ app, rights, environment }: Props) {
  const clients = useQuery(listClientsOptions({ path: { name: app.name } }));
  const [revoked, setRevoked] = useState(false);
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<ClientView | null>(null);
  const gone = clients.data?.items.filter((client) => client.revokedAt !== null).length ?? 0;
  return (
    <Section
      title={words.clients}
      note={words.clientsNote}
      right={
        rights.write && (
          <Button
            size="xs"
            leftSection={<IconKey size={14} stroke={1.75} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {words.add}
          </Button>
        )
      }
    >
      <Card>
        <Loaded query={clients} what={words.readClients} lines={3}>
          {(found) => (
            <Table
              label={words.clients}
              tall
              rows={found.items.filter((client) => revoked || client.revokedAt === null)}
              id={(client) => client.id}
              empty={
                <Empty title={words.noClients}>{rights.write ? words.noClientsText : rights.who('app:write')}</Empty>
              }
              columns={[
                {
                  key: 'id',
                  head: words.client,
                  cell: (client) => (
                    <span className={css.id}>
                      <code>{client.id}</code>
                    </span>
                  ),
                },
                {
                  key: 'kind',
                  head: words.kind,
                  cell: (client) =>
                    client.revokedAt ? (
                      <Status tone="bad" glyph="todo">
                        {words.revoked}
                      </Status>
                    ) : (
                      (words.kinds[client.kind] ?? client.kind)
                    ),
                },
                { key: 'where', head: words.environment, wide: true, cell: (client) => client.environment },
                { key: 'by', head: words.added, wide: true, cell: (client) => <Added client={client} /> },
                {
                  key: 'used',
                  head: words.lastUsed,
                  right: true,
                  wide: true,
                  cell: (client) =>
                    client.lastUsedAt ? <Age at={client.lastUsedAt} /> : <span className="t3">{words.never}</span>,
                },
                {
                  key: 'acts',
                  head: <span className="sr">{words.revoke}</span>,
                  right: true,
                  cell: (client) =>
                    rights.write &&
                    client.revokedAt === null && (
                      <Button size="xs" aria-label={`${words.revoke} ${client.id}`} onClick={() => setEnding(client)}>
                        {words.revoke}
                      </Button>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
      </Card>
      {gone > 0 && !revoked && (
        <Button size="xs" variant="subtle" className={css.more} onClick={() => setRevoked(true)}>
          {words.showRevoked(gone)}
        </Button>
      )}
      {adding && <AddClient app={app} environment={environment} onClose={() => setAdding(false)} />}
      {ending && <Revoke app={app} client={ending} onClose={() => setEnding(null)} />}
    </Section>
  );
}

function Added({ client }: { client: ClientView }) {
  return (
    <span className={css.added}>
      <Who name={client.createdBy} />
      <span className="xs t3">
        <Day at={client.createdAt} />
      </span>
    </span>
  );
}

function Revoke({ app, client, onClose }: { app: AppDetailView; client: ClientView; onClose: () => void }) {
  const fresh = useFresh();
  const revoke = useMutation({
    ...revokeClientMutation(),
    onSuccess: async () => {
      onClose();
      toast(words.revokeDone);
      await fresh();
    },
  });
  return (
    <Danger
      opened
      onClose={onClose}
      title={words.revokeTitle(client.id.slice(0, 13))}
      stops={
        <p>
          {client.lastUsedAt ? (
            <>
              {words.revokeUsed} <Age at={client.lastUsedAt} />.
            </>
          ) : (
            words.revokeNever
          )}
        </p>
      }
      safe={words.keep}
      confirm={words.revokeConfirm}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ path: { name: app.name, client_id: client.id } })}
    >
      {words.revokeText(app.name)}
    </Danger>
  );
}
