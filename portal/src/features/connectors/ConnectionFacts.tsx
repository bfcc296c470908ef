import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ConnectionView } from '@/api';
import { listCredentialsOptions } from '@/api/@tanstack/react-query.gen';
import { Age, Day, useNow } from '@/kit/Age';
import { keyAgeOf } from '@/kit/flow';
import { Facts, Section } from '@/kit/page/Parts';
import { useNames } from '@/session/names';
import { connection as says, connector } from './words';

/** How a connection is set up; its credential by age and use, never by value. */
export function ConnectionFacts({ found }: { found: ConnectionView }) {
  const nameOf = useNames();
  const now = useNow();
  const credentials = useQuery(listCredentialsOptions());
  const held = credentials.data?.items.find(
    (each) => each.name === found.credential && each.environment === found.environment,
  );
  const age = credentials.data && keyAgeOf(found, credentials.data.items, now);
  return (
    <Section title={says.facts}>
      <Facts
        items={[
          [says.fact.environment, found.environment],
          [
            says.fact.connector,
            <span key="connector">
              <Link to={`/connectors/${found.connector}`} search={{ version: found.version } as never} className="lk">
                {found.connector}
              </Link>{' '}
              <span className="num">{found.version}</span>
            </span>,
          ],
          [says.fact.upstream, <code key="upstream">{found.upstream}</code>],
          [says.fact.network, says.networks[found.network] ?? found.network],
          [says.fact.region, found.region || '–'],
          [
            says.fact.credential,
            found.credential === null ? (
              says.noCredential
            ) : (
              <span key="credential">
                <Link to="/credentials" search={{ q: found.credential } as never} className="lk">
                  {found.credential}
                </Link>
                {age?.kind === 'set' && held && (
                  <>
                    <br />
                    <span className={age.old ? 'c-warn' : 't2'}>{says.credentialAge(held.version, age.days)}</span>
                    <br />
                    <span className="t2">
                      {held.lastUsedAt ? (
                        <>
                          {says.lastUsed} <Age at={held.lastUsedAt} />
                        </>
                      ) : (
                        says.neverUsed
                      )}
                    </span>
                  </>
                )}
                {age?.kind === 'missing' && (
                  <>
                    <br />
                    <span className="c-bad">{says.credentialMissing}</span>
                  </>
                )}
              </span>
            ),
          ],
          [says.fact.limit, connector.limit(found.callsPerMinute, found.burst)],
          [says.fact.data, found.dataClasses.join(', ') || '–'],
          [
            says.fact.changed,
            <span key="changed">
              <Day at={found.updatedAt} /> {says.changed(nameOf(found.updatedBy).displayName)}
            </span>,
          ],
        ]}
      />
    </Section>
  );
}
