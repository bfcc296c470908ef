import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { StepView } from '@/api';
import { listConnectionsOptions, readProgressOptions } from '@/api/@tanstack/react-query.gen';
import { Invite } from '@/features/people/Invite';
import { Day } from '@/kit/Age';
import { CopyText } from '@/kit/fields/CopyText';
import { Page } from '@/kit/page/Page';
import { Card } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import { Step, Steps } from '@/kit/steps/Steps';
import { useOptions } from '@/session/options';
import { callCommand, tokenCommand } from './commands';
import css from './setup.module.css';
import { words } from './words';

/** How the first approved call comes about. */
function FirstCall() {
  const connections = useQuery(listConnectionsOptions());
  const connection = connections.data?.items.find((each) => each.operations.length > 0);
  const command = connection ? callCommand(connection) : null;
  return (
    <ol className={css.how}>
      <li>
        <p>{words.call.review}</p>
        <Link to="/reviews" className="lk">
          {words.call.reviews}
        </Link>
      </li>
      <li>
        <p>{words.call.client}</p>
        <Link to="/catalog" className="lk">
          {words.call.catalog}
        </Link>
      </li>
      <li>
        <p>{words.call.token}</p>
        <CopyText label={words.call.tokenLabel} value={tokenCommand(window.location.origin)} />
      </li>
      <li>
        {connection && command ? (
          <>
            <p>{words.call.go(connection.name)}</p>
            <CopyText label={words.call.goLabel} value={command} />
          </>
        ) : (
          <p className="t3">{words.call.noConnection}</p>
        )}
      </li>
    </ol>
  );
}

function Action({ id }: { id: StepView['id'] }) {
  if (id === 'second_person') {
    return (
      <Card pad>
        <Invite first={{ role: 'steward', team: '*' }} />
      </Card>
    );
  }
  if (id === 'connection') {
    return (
      <Button component={Link} to="/connectors" variant="filled">
        {words.connect}
      </Button>
    );
  }
  if (id === 'app') {
    return (
      <div className={css.row}>
        <Button component={Link} to="/adopt" variant="filled">
          {words.adopt}
        </Button>
        <Button component={Link} to="/new" variant="subtle">
          {words.idea}
        </Button>
      </div>
    );
  }
  if (id === 'approved_call') return <FirstCall />;
  return null;
}

/** The way from a new install to its first approved call. */
export default function StartPage() {
  const options = useOptions();
  const query = useQuery(readProgressOptions());
  const steps = query.data?.steps ?? [];
  const [chosen, setChosen] = useState<readonly StepView['id'][]>([]);
  const undone = steps.filter((step) => !step.done).map((step) => step.id);
  // The one that was opened last, else the first that is to be done.
  const now = chosen.findLast((id) => undone.includes(id)) ?? undone[0];
  const finished = query.data !== undefined && now === undefined;
  return (
    <Page
      name={words.name}
      title={finished ? words.titleDone : words.title(options?.name ?? '')}
      lead={finished ? words.leadDone : words.lead}
      actions={
        <>
          {query.data && <span className="xs t3">{words.left(undone.length, steps.length)}</span>}
          <Button component={Link} to="/" size="xs" variant="subtle">
            {words.later}
          </Button>
        </>
      }
    >
      <div className={css.narrow}>
        <Loaded query={query} what={words.failed} lines={8}>
          {(progress) => (
            <Steps>
              {progress.steps.map((step) => {
                const said = words.steps[step.id];
                const state = step.done ? 'done' : step.id === now ? 'now' : 'next';
                return (
                  <Step
                    key={step.id}
                    state={state}
                    title={said.title}
                    lead={step.done ? said.done : said.lead}
                    note={
                      step.doneAt ? (
                        <Day at={step.doneAt} />
                      ) : state === 'next' ? (
                        <Button
                          size="xs"
                          variant="subtle"
                          aria-label={`${words.open}: ${said.title}`}
                          onClick={() => setChosen([...chosen, step.id])}
                        >
                          {words.open}
                        </Button>
                      ) : undefined
                    }
                  >
                    {/* What was opened once stays: a link that is shown once must not be lost by looking elsewhere. */}
                    {!step.done && (state === 'now' || chosen.includes(step.id) || step.id === undone[0]) && (
                      <div hidden={state !== 'now'}>
                        <Action id={step.id} />
                      </div>
                    )}
                  </Step>
                );
              })}
            </Steps>
          )}
        </Loaded>
      </div>
    </Page>
  );
}
