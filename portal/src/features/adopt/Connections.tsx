import { Checkbox, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConnectionView, DraftView } from '@/api';
import { listConnectionsOptions } from '@/api/@tanstack/react-query.gen';
import { Card } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import css from './adopt.module.css';
import { type Answers, offersOf, type Reason } from './manifest';
import { words } from './words';

const ask = words.ask;

function whyOf(reason: Reason | null): string {
  if (reason === null) return '';
  if (reason.kind === 'called') return ask.called;
  return reason.kind === 'host' ? ask.host(reason.of) : ask.system(reason.of);
}

interface OfferProps {
  connection: ConnectionView;
  reason: Reason | null;
  rivals: readonly string[];
  chosen: readonly string[] | undefined;
  onChange: (operations: readonly string[] | undefined) => void;
}

function Offer({ connection, reason, rivals, chosen, onChange }: OfferProps) {
  const used = chosen !== undefined;
  return (
    <div className={css.offer}>
      <div className={css.offerHead}>
        <Checkbox
          label={<span className="nm">{connection.name}</span>}
          aria-label={ask.use(connection.name)}
          checked={used}
          onChange={(event) => onChange(event.currentTarget.checked ? [] : undefined)}
        />
        {used && <span className="xs t3">{ask.operations(chosen.length, connection.operations.length)}</span>}
      </div>
      <p className={`xs t3 ${css.indent}`}>
        {[whyOf(reason), rivals.length > 0 ? ask.rivals(rivals) : ''].filter(Boolean).join('. ')}
      </p>
      {used && (
        <>
          <div className={css.operations} role="group" aria-label={connection.name}>
            {connection.operations.map((operation) => (
              <Checkbox
                key={operation.name}
                label={
                  <>
                    {operation.title || operation.name}
                    <br />
                    <code className="xs t3">{operation.name}</code>
                  </>
                }
                checked={chosen.includes(operation.name)}
                onChange={(event) =>
                  onChange(
                    event.currentTarget.checked
                      ? [...chosen, operation.name]
                      : chosen.filter((name) => name !== operation.name),
                  )
                }
              />
            ))}
          </div>
          {chosen.length === 0 && <p className={`xs c-warn ${css.indent}`}>{ask.operationsNone}</p>}
        </>
      )}
    </div>
  );
}

interface Props {
  draft: DraftView;
  environment: string;
  uses: Answers['uses'];
  onChange: (uses: Answers['uses']) => void;
}

/** Which connections the app uses, operation by operation: what it calls is ticked, what it could use is offered. */
export function Connections({ draft, environment, uses, onChange }: Props) {
  const query = useQuery(listConnectionsOptions());
  const [added, setAdded] = useState<readonly string[]>([]);
  const set = (name: string, operations: readonly string[] | undefined) => {
    const { [name]: _before, ...rest } = uses;
    onChange(operations === undefined ? rest : { ...rest, [name]: operations });
  };
  return (
    <fieldset className={css.group}>
      <legend>{ask.connections}</legend>
      <p className="xs t3">{ask.connectionsHelp}</p>
      <div style={{ marginTop: 10 }}>
        <Loaded query={query} what={ask.connections.toLowerCase()} lines={3}>
          {({ items }) => {
            const offers = offersOf(draft, items, environment);
            const offered = new Set(offers.map((offer) => offer.connection.name));
            const here = items.filter((item) => item.environment === environment && !offered.has(item.name));
            const extra = here.filter((item) => item.name in uses || added.includes(item.name));
            const others = here.filter((item) => !extra.includes(item));
            return (
              <div className={css.stack}>
                {offers.length + extra.length > 0 ? (
                  <Card>
                    {offers.map(({ connection, reason, rivals }) => (
                      <Offer
                        key={connection.name}
                        connection={connection}
                        reason={reason}
                        rivals={rivals}
                        chosen={uses[connection.name]}
                        onChange={(operations) => set(connection.name, operations)}
                      />
                    ))}
                    {extra.map((connection) => (
                      <Offer
                        key={connection.name}
                        connection={connection}
                        reason={null}
                        rivals={[]}
                        chosen={uses[connection.name]}
                        onChange={(operations) => set(connection.name, operations)}
                      />
                    ))}
                  </Card>
                ) : (
                  <p className="sm t2">{ask.connectionsNone}</p>
                )}
                {others.length > 0 && (
                  <Select
                    label={ask.add}
                    placeholder={ask.addHint}
                    data={others.map((item) => item.name)}
                    value={null}
                    searchable
                    limit={50}
                    onChange={(name) => {
                      if (name === null) return;
                      setAdded([...added, name]);
                      set(name, []);
                    }}
                  />
                )}
              </div>
            );
          }}
        </Loaded>
      </div>
    </fieldset>
  );
}
