import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConnectionCallsView, ConnectionView } from '@/api';
import {
  connectionCallsOptions,
  readConnectionOptions,
  readConnectorOptions,
  removeConnectionMutation,
} from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { Bars } from '@/kit/Bars';
import { Copyable } from '@/kit/Copyable';
import { Danger } from '@/kit/Danger';
import { share, stateOf } from '@/kit/flow';
import { ago, day, milliseconds, number, percent, time } from '@/kit/format';
import { Columns, Page } from '@/kit/page/Page';
import { Card, Figures, Section } from '@/kit/page/Parts';
import { problemOf } from '@/kit/problem';
import { Loaded } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useRefresh } from '@/live/refresh';
import { useMay } from '@/session/me';
import { Callers } from './Callers';
import { ConnectionFacts } from './ConnectionFacts';
import { ConnectionForm } from './ConnectionForm';
import { OVER } from './ConnectionTable';
import css from './connectors.module.css';
import { fieldsOf } from './manifest';
import { Operations } from './Operations';
import { connection as says, connector as connectorWords, remove as removal, words } from './words';

function CallFigures({ calls }: { calls: ConnectionCallsView }) {
  const now = useNow();
  const refused = calls.refused + calls.limited;
  const of = (part: number) => (calls.calls === 0 ? says.none : says.of(percent(share(part, calls.calls))));
  return (
    <Figures
      items={[
        {
          label: says.figures.calls,
          value: number(calls.calls),
          note: calls.lastAt ? `${says.figures.last} ${ago(calls.lastAt, now)}` : says.none,
        },
        {
          label: says.figures.refused,
          value: number(refused),
          note: calls.limited > 0 ? `${of(refused)}, ${says.limited(calls.limited)}` : of(refused),
        },
        { label: says.figures.failed, value: number(calls.errors), note: of(calls.errors) },
        {
          label: says.figures.p95,
          value: milliseconds(calls.p95Ms),
          note: calls.p95Ms === null ? says.none : says.slow,
        },
      ]}
    />
  );
}

function CallChart({
  name,
  calls,
  since,
  stepS,
}: {
  name: string;
  calls: ConnectionCallsView;
  since: string;
  stepS: number;
}) {
  const at = (index: number) => new Date(Date.parse(since) + index * stepS * 1000).toISOString();
  const last = calls.series.length - 1;
  return (
    <Section title={says.chart} note={says.chartNote}>
      <Card>
        <div className={css.chart}>
          <Bars
            height={120}
            bars={calls.series.map((value, index) => ({ label: day(at(index)), values: [value] }))}
            parts={[{ label: says.part, tone: 'bar' }]}
            axis={[0, 1, 2, 3].map((part) => time(at(Math.round((last * part) / 4)))).concat(says.now)}
            format={number}
            summary={says.summary(calls.calls, name)}
          />
        </div>
      </Card>
    </Section>
  );
}

function Removal({ found, onClose }: { found: ConnectionView; onClose: () => void }) {
  const navigate = useNavigate();
  const refresh = useRefresh();
  const remove = useMutation({
    ...removeConnectionMutation(),
    onSuccess: async () => {
      toast(removal.done(found.name));
      await navigate({ to: '/connectors' });
      refresh('listConnections', 'connectionCalls');
    },
  });
  const apps = remove.error ? problemOf(remove.error).details['apps'] : undefined;
  return (
    <Danger
      opened
      onClose={onClose}
      title={removal.title(found.name)}
      stops={
        <>
          <p>{removal.stops}</p>
          {found.credential && <p>{removal.stopsCredential(found.credential)}</p>}
          {Array.isArray(apps) && (
            <div>
              <b>{removal.apps}</b>
              <ul className={css.apps}>
                {apps.map((app) => (
                  <li key={String(app)}>
                    <Link to={`/apps/${String(app)}`} className="lk">
                      {String(app)}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      }
      safe={removal.safe}
      confirm={removal.confirm}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ path: { name: found.name } })}
    >
      {removal.text}
    </Danger>
  );
}

/** One connection: where it is called, how it does, who calls it, and how it is set up. */
export default function ConnectionPage() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const may = useMay();
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const connection = useQuery(readConnectionOptions({ path: { name } }));
  const found = connection.data;
  const connector = useQuery({
    ...readConnectorOptions({ path: { name: found?.connector ?? '' }, query: { version: found?.version ?? '' } }),
    enabled: found !== undefined,
  });
  const calls = useQuery(connectionCallsOptions(OVER));
  const own = calls.data?.items.find((each) => each.connection === name);
  const state = own && stateOf(own);
  const everyones = may('signal:read', '*');
  return (
    <Page
      name={name}
      crumbs={[{ label: words.name, to: '/connectors' }]}
      title={
        own && state && !everyones
          ? says.ownTitle(name, own.calls, own.errors)
          : own && state
            ? says.title(name, state, own.calls, percent(share(own.errors, Math.max(1, own.calls - own.refused))))
            : name
      }
      lead={found ? says.lead(connector.data?.title ?? found.connector, found.environment) : ' '}
      buttons={
        may('connector:write') &&
        found && (
          <>
            <Button disabled={!connector.data} onClick={() => setDialog('edit')}>
              {says.edit}
            </Button>
            <Button variant="refuse" onClick={() => setDialog('remove')}>
              {says.remove}
            </Button>
          </>
        )
      }
    >
      <Loaded query={connection} what={words.readConnection} lines={8}>
        {(shown) => (
          <Columns label={says.facts} aside={<ConnectionFacts found={shown} />}>
            <Section title={says.address}>
              <Card>
                <div className={css.address}>
                  <Copyable value={shown.address} label={says.addressLabel} />
                </div>
              </Card>
            </Section>
            <Section title={words.calls24} note={!everyones && says.ownNote}>
              <Loaded query={calls} what={words.readCalls}>
                {() => own && <CallFigures calls={own} />}
              </Loaded>
            </Section>
            {own && calls.data && own.calls > 0 && (
              <CallChart name={name} calls={own} since={calls.data.since} stepS={calls.data.stepS} />
            )}
            {may('hub:read') && <Callers name={name} />}
            <Section title={connectorWords.operations}>
              <Card>
                <Operations operations={shown.operations} />
              </Card>
            </Section>
          </Columns>
        )}
      </Loaded>
      {dialog === 'edit' && found && connector.data && (
        <ConnectionForm start={fieldsOf(found, connector.data)} etag={found.etag} onClose={() => setDialog(null)} />
      )}
      {dialog === 'remove' && found && <Removal found={found} onClose={() => setDialog(null)} />}
    </Page>
  );
}
