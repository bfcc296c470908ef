import { Button, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { listConnectionsOptions, listCredentialsOptions } from '@/api/@tanstack/react-query.gen';
import { Age, useNow } from '@/kit/Age';
import type { GlyphName } from '@/kit/marks/Glyph';
import { Status, type Tone } from '@/kit/marks/Marks';
import { Page } from '@/kit/page/Page';
import { Card, Section } from '@/kit/page/Parts';
import { useAddress } from '@/kit/search';
import { Empty, Loaded } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { useMay } from '@/session/me';
import { useRolesWith } from '@/session/roles';
import css from './credentials.module.css';
import { type Entry, entriesOf, type EntryState, matching } from './entries';
import { SetCredential } from './SetCredential';
import { words } from './words';

const marks: Record<EntryState, [Tone, GlyphName]> = {
  missing: ['bad', 'blocker'],
  old: ['warn', 'warning'],
  idle: ['warn', 'half'],
  unused: ['mute', 'todo'],
  well: ['ok', 'ok'],
};

/** What hubs add to calls: listed by name, age and use; written, never read. */
export default function CredentialsPage() {
  const may = useMay();
  const now = useNow();
  const roles = useRolesWith('credential:write');
  const [address, change] = useAddress();
  const [open, setOpen] = useState<Entry | 'new' | null>(null);
  const credentials = useQuery(listCredentialsOptions());
  const connections = useQuery(listConnectionsOptions());
  const entries = entriesOf(credentials.data?.items ?? [], connections.data?.items ?? [], now);
  const writes = may('credential:write');
  const says = words.columns;
  const columns: Column<Entry>[] = [
    {
      key: 'name',
      head: says.name,
      cell: (row) => (
        <>
          <b>{row.name}</b>
          <span className={css.second}>
            {row.environment}
            {row.held && `, ${words.fields(row.held.fields.toSorted((a, b) => b.localeCompare(a)))}`}
          </span>
        </>
      ),
    },
    {
      key: 'state',
      head: says.state,
      cell: (row) => (
        <Status tone={marks[row.state][0]} glyph={marks[row.state][1]}>
          {words.states[row.state]}
        </Status>
      ),
    },
    {
      key: 'by',
      head: says.by,
      wide: true,
      cell: (row) =>
        row.usedBy.length === 0 ? (
          <span className="t3">–</span>
        ) : (
          <span className={css.uses}>
            {row.usedBy.slice(0, 6).map((connection) => (
              <Link key={connection} to={`/connections/${connection}`} className="lk">
                {connection}
              </Link>
            ))}
            {row.usedBy.length > 6 && <span className="t3">+{row.usedBy.length - 6}</span>}
          </span>
        ),
    },
    { key: 'version', head: says.version, right: true, wide: true, cell: (row) => row.held?.version ?? '–' },
    {
      key: 'age',
      head: says.age,
      right: true,
      wide: true,
      cell: (row) =>
        row.held === null ? '–' : <span className={row.state === 'old' ? 'c-warn' : ''}>{words.days(row.days)}</span>,
    },
    {
      key: 'used',
      head: says.used,
      right: true,
      wide: true,
      cell: (row) =>
        row.held?.lastUsedAt ? <Age at={row.held.lastUsedAt} /> : <span className="t3">{words.never}</span>,
    },
    {
      key: 'act',
      head: <span className="sr">{words.setNew}</span>,
      right: true,
      cell: (row) =>
        writes && (
          <Button
            size="xs"
            onClick={() => setOpen(row)}
            aria-label={words.setLabel(row.held ? words.setNew : words.setFirst, row.name, row.environment)}
          >
            {row.held ? words.setNew : words.setFirst}
          </Button>
        ),
    },
  ];
  const count = (state: EntryState) => entries.filter((entry) => entry.state === state).length;
  return (
    <Page
      name={words.name}
      title={
        credentials.data && connections.data ? words.title(count('missing'), count('old'), entries.length) : words.name
      }
      lead={words.lead}
      below={!writes && roles !== '' && <span className="xs t3">{words.mayNot(roles)}</span>}
      buttons={
        writes && (
          <Button variant="filled" onClick={() => setOpen('new')}>
            {words.add}
          </Button>
        )
      }
    >
      <Section
        title={words.name}
        right={
          <TextInput
            className={`${css.find} no-print`}
            aria-label={words.find}
            placeholder={words.find}
            value={address['q'] ?? ''}
            onChange={(event) => change({ q: event.currentTarget.value })}
          />
        }
      >
        <Card>
          <Loaded query={credentials} what={words.read} lines={6}>
            {() => (
              <Table
                label={words.name}
                columns={columns}
                rows={matching(entries, address['q'] ?? '')}
                id={(row) => `${row.environment}/${row.name}`}
                tall
                empty={
                  entries.length > 0 ? (
                    <Empty title={words.noMatch} />
                  ) : (
                    <Empty icon={<IconKey size={20} stroke={1.75} aria-hidden />} title={words.empty}>
                      {words.emptyText}
                    </Empty>
                  )
                }
              />
            )}
          </Loaded>
        </Card>
      </Section>
      {open !== null && <SetCredential entry={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
