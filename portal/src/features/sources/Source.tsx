import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { BindingView, SourceView } from '@/api';
import { pollSourceMutation } from '@/api/@tanstack/react-query.gen';
import { Age, useNow } from '@/kit/Age';
import type { GlyphName } from '@/kit/marks/Glyph';
import { Status, type Tone } from '@/kit/marks/Marks';
import { Who } from '@/kit/marks/Who';
import { Card, Facts } from '@/kit/page/Parts';
import { Note, ProblemNote } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { toast } from '@/kit/toast';
import { useRefresh } from '@/live/refresh';
import { useMay } from '@/session/me';
import { BindApp, RemoveSource } from './SourceForms';
import css from './sources.module.css';
import { type SourceState, stateOf } from './states';
import { words } from './words';

const marks: Record<SourceState, [Tone, GlyphName]> = {
  ok: ['ok', 'ok'],
  late: ['warn', 'warning'],
  waiting: ['mute', 'half'],
  failing: ['bad', 'blocker'],
};

const columns: readonly Column<BindingView>[] = [
  { key: 'app', head: words.columns.app, cell: (row) => <Link to={`/apps/${row.app}`}>{row.app}</Link> },
  {
    key: 'state',
    head: words.columns.state,
    cell: (row) => (
      <Status
        tone={row.state === 'ok' ? 'ok' : row.state === 'waiting' ? 'mute' : 'bad'}
        glyph={row.state === 'ok' ? 'ok' : row.state === 'waiting' ? 'half' : 'blocker'}
      >
        {words.parts[row.state] ?? row.state}
      </Status>
    ),
  },
  { key: 'environment', head: words.columns.environment, wide: true, cell: (row) => row.environment },
  {
    key: 'part',
    head: words.columns.part,
    wide: true,
    cell: (row) =>
      row.part ? <code className={css.part}>{row.part}</code> : <span className="t3">{words.everything}</span>,
  },
  {
    key: 'seen',
    head: words.columns.seen,
    right: true,
    cell: (row) => (row.seenAt ? <Age at={row.seenAt} /> : words.never),
  },
];

/** One builder: how the last look went, and which apps it tells about. */
export function Source({ source }: { source: SourceView }) {
  const may = useMay();
  const now = useNow();
  const refresh = useRefresh();
  const [dialog, setDialog] = useState<'bind' | 'remove' | null>(null);
  const poll = useMutation({
    ...pollSourceMutation(),
    onSuccess: (found) => {
      toast(words.looked(words.states[stateOf(found, Date.now())]));
      refresh('listSources', 'showSource');
    },
  });
  const state = stateOf(source, now);
  const facts = words.facts;
  const messages = [
    ...new Set([source.message, ...source.bindings.map((each) => each.message && `${each.app}: ${each.message}`)]),
  ].filter(Boolean);
  return (
    <Card>
      <div className={css.head}>
        <div>
          <div className={css.title}>
            <h2>{source.name}</h2>
            <span className="sm">
              <Status tone={marks[state][0]} glyph={marks[state][1]}>
                {words.states[state]}
              </Status>
            </span>
          </div>
          <p className="xs t3">
            {words.platform[source.platform] ?? source.platform}, {source.team}
          </p>
        </div>
        {may('source:write', source.team) && (
          <div className={`${css.acts} no-print`}>
            <Button size="xs" loading={poll.isPending} onClick={() => poll.mutate({ path: { name: source.name } })}>
              {words.look}
            </Button>
            <Button size="xs" onClick={() => setDialog('bind')}>
              {words.bind}
            </Button>
            <Button size="xs" variant="refuse" onClick={() => setDialog('remove')}>
              {words.remove}
            </Button>
          </div>
        )}
      </div>
      {(messages.length > 0 || Boolean(poll.error)) && (
        <div className={css.message}>
          {poll.error ? <ProblemNote error={poll.error} /> : <Note tone="warn">{messages.join(' ')}</Note>}
        </div>
      )}
      <div className={css.facts}>
        <Facts
          items={[
            [facts.address, <code key="url">{source.url}</code>],
            [facts.every, words.everyS(source.intervalS)],
            [facts.owner, <Who key="owner" name={source.owner} />],
          ]}
        />
        <Facts
          items={[
            [facts.last, source.polledAt ? <Age at={source.polledAt} /> : words.never],
            [facts.lag, source.readAt ? <Age at={source.readAt} /> : words.never],
            [facts.token, source.hasCredential ? words.hasToken : words.noToken],
            [facts.failures, source.failures > 0 ? String(source.failures) : undefined],
          ]}
        />
      </div>
      <div className={css.table}>
        <Table
          label={`${words.watched}: ${source.name}`}
          columns={columns}
          rows={source.bindings}
          id={(row) => `${row.app}/${row.environment}`}
        />
      </div>
      {dialog === 'bind' && <BindApp source={source} onClose={() => setDialog(null)} />}
      {dialog === 'remove' && <RemoveSource source={source} onClose={() => setDialog(null)} />}
    </Card>
  );
}
