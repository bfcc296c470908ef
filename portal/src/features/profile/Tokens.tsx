import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TokensView } from '@/api';
import { listTokensOptions, listTokensQueryKey, revokeTokenMutation } from '@/api/@tanstack/react-query.gen';
import { Age, Day } from '@/kit/Age';
import { Danger } from '@/kit/Danger';
import { ago } from '@/kit/format';
import { Card } from '@/kit/page/Parts';
import { Empty, Loaded } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { toast } from '@/kit/toast';
import { useMay } from '@/session/me';
import { permissionName } from '@/words/roles';
import { MakeToken } from './MakeToken';
import css from './profile.module.css';
import { words } from './words';

const said = words.tokens;
type Token = TokensView['items'][number];

/** This person's API tokens: how old each is, when it was used, what it may do, when it ends. */
export function Tokens() {
  const may = useMay()('token:write');
  const query = useQuery(listTokensOptions());
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const revoke = useMutation({
    ...revokeTokenMutation(),
    onSuccess: async () => {
      toast(said.revoked(ending?.name ?? ''));
      setEnding(null);
      await client.invalidateQueries({ queryKey: listTokensQueryKey() });
    },
  });
  const columns: Column<Token>[] = [
    {
      key: 'name',
      head: said.name,
      cell: (token) => (
        <>
          <b>{token.name}</b>
          <span className={`only-n xs t3 ${css.second}`}>
            {token.lastUsedAt ? said.lastUsed(ago(token.lastUsedAt)) : said.neverUsed}
          </span>
        </>
      ),
    },
    {
      key: 'may',
      head: said.may,
      wide: true,
      cell: (token) =>
        token.scopes === null ? (
          said.mayAll
        ) : (
          <span title={token.scopes.map(permissionName).join('\n')}>
            {token.scopes.length <= 2
              ? token.scopes.map(permissionName).join(', ')
              : said.mayCount(token.scopes.length)}
          </span>
        ),
    },
    { key: 'made', head: said.madeAt, right: true, wide: true, cell: (token) => <Age at={token.createdAt} /> },
    {
      key: 'used',
      head: said.used,
      right: true,
      wide: true,
      cell: (token) => (token.lastUsedAt ? <Age at={token.lastUsedAt} /> : <span className="t3">{said.never}</span>),
    },
    { key: 'ends', head: said.ends, right: true, cell: (token) => <Day at={token.expiresAt} /> },
    {
      key: 'end',
      head: <span className="sr">{said.revoke}</span>,
      right: true,
      width: '90px',
      cell: (token) => (
        <Button size="xs" aria-label={said.revokeWhat(token.name)} onClick={() => setEnding(token)}>
          {said.revoke}
        </Button>
      ),
    },
  ];
  const make = may && (
    <Button variant="filled" onClick={() => setMaking(true)}>
      {said.make}
    </Button>
  );
  return (
    <div className={css.stack}>
      <p className="sm t2">{may ? said.lead : said.not}</p>
      <Loaded query={query} what={words.what.tokens}>
        {({ items }) => (
          <>
            <Card>
              <Table
                label={words.tabs.tokens}
                columns={columns}
                rows={items}
                id={(token) => token.id}
                empty={
                  <Empty title={said.none} action={make || undefined}>
                    {said.noneText}
                  </Empty>
                }
              />
            </Card>
            {items.length > 0 && <div>{make}</div>}
          </>
        )}
      </Loaded>
      <Modal
        opened={making}
        onClose={() => setMaking(false)}
        title={said.makeTitle}
        size={520}
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': said.close }}
      >
        <MakeToken onClose={() => setMaking(false)} />
      </Modal>
      <Danger
        opened={ending !== null}
        onClose={() => {
          setEnding(null);
          revoke.reset();
        }}
        title={said.revokeTitle(ending?.name ?? '')}
        stops={ending && <p>{ending.lastUsedAt ? said.lastUsed(ago(ending.lastUsedAt)) : said.neverUsed}</p>}
        safe={said.keep}
        confirm={said.revokeDo}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => ending && revoke.mutate({ path: { token_id: ending.id } })}
      >
        {said.revokeText}
      </Danger>
    </div>
  );
}
