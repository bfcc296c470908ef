import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConnectorView } from '@/api';
import { listConnectionsOptions, readConnectorOptions } from '@/api/@tanstack/react-query.gen';
import { date, milliseconds } from '@/kit/format';
import { Digest } from '@/kit/marks/Digest';
import { Columns, Page } from '@/kit/page/Page';
import { Card, Facts, Section } from '@/kit/page/Parts';
import { useAddress } from '@/kit/search';
import { Empty, Loaded, Note } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { useNames } from '@/session/names';
import { ConnectionForm } from './ConnectionForm';
import { ConnectionTable } from './ConnectionTable';
import css from './connectors.module.css';
import { ManifestEditor } from './ManifestEditor';
import { blank } from './manifest';
import { Operations } from './Operations';
import { connector as says, words } from './words';

function Rules({ found }: { found: ConnectorView }) {
  const kind = words.kinds[found.credentialKind] ?? found.credentialKind;
  return (
    <Section title={says.rules}>
      <Facts
        items={[
          [
            says.facts.version,
            <span key="versions" className={css.versions}>
              {found.versions.map((version) =>
                version === found.version ? (
                  <b key={version}>{version}</b>
                ) : (
                  <Link key={version} to={`/connectors/${found.name}`} search={{ version } as never} className="lk">
                    {version}
                  </Link>
                ),
              )}
            </span>,
          ],
          [says.facts.data, found.dataClasses.join(', ') || '–'],
          [
            says.facts.credential,
            found.credentialHeader && found.credentialKind === 'header' ? (
              <span key="kind">
                {kind} <code>{found.credentialHeader}</code>
              </span>
            ) : (
              kind
            ),
          ],
          [says.facts.limit, says.limit(found.callsPerMinute, found.burst)],
          [says.facts.timeout, milliseconds(found.timeoutMs)],
          [says.facts.retries, says.retries(found.retries.attempts, found.retries.on)],
          [says.facts.circuit, says.circuit(found.circuit.consecutiveErrors, found.circuit.ejectMs / 1000)],
          [says.facts.rewrite, found.rewriteBodyFields.length > 0 ? says.rewrite(found.rewriteBodyFields) : undefined],
          [says.facts.digest, <Digest key="digest" value={found.digest} copy />],
        ]}
      />
    </Section>
  );
}

/** One connector: what it can do, under which rules, and where it is used. */
export default function ConnectorPage() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const [address] = useAddress();
  const may = useMay();
  const nameOf = useNames();
  const [dialog, setDialog] = useState<'new' | 'next' | null>(null);
  const version = address['version'];
  const connector = useQuery(readConnectorOptions({ path: { name }, ...(version ? { query: { version } } : {}) }));
  const connections = useQuery(listConnectionsOptions());
  const found = connector.data;
  const newest = found?.versions[0];
  return (
    <Page
      name={name}
      crumbs={[{ label: words.name, to: '/connectors' }]}
      title={found ? says.title(found.title, found.operations.length) : name}
      lead={found ? says.lead(found.version, nameOf(found.createdBy).displayName, date(found.createdAt)) : ' '}
      buttons={
        may('connector:write') &&
        found && (
          <>
            <Button onClick={() => setDialog('next')}>{says.next}</Button>
            <Button variant="filled" onClick={() => setDialog('new')}>
              {words.newConnection}
            </Button>
          </>
        )
      }
    >
      <Loaded query={connector} what={words.readConnector} lines={8}>
        {(shown) => (
          <Columns label={says.rules} aside={<Rules found={shown} />}>
            {newest !== undefined && newest !== shown.version && (
              <Note
                tone="warn"
                action={
                  <Link to={`/connectors/${name}`} className="lk">
                    {says.openNewest}
                  </Link>
                }
              >
                {says.older(newest)}
              </Note>
            )}
            <Section title={says.operations}>
              <Card>
                <Operations operations={shown.operations} />
              </Card>
            </Section>
            <Section title={says.connections}>
              <Card>
                <Loaded query={connections} what={words.readConnections}>
                  {(all) => (
                    <ConnectionTable
                      connections={all.items.filter((each) => each.connector === name)}
                      empty={<Empty title={says.noConnections}>{says.noConnectionsText}</Empty>}
                    />
                  )}
                </Loaded>
              </Card>
            </Section>
          </Columns>
        )}
      </Loaded>
      {dialog === 'new' && found && (
        <ConnectionForm
          start={{ ...blank, connector: found.name, version: newest ?? found.version, name: found.name }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'next' && <ManifestEditor kind="connector" onClose={() => setDialog(null)} />}
    </Page>
  );
}
