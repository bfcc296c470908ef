import { Button } from '@mantine/core';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CatalogItem, RecentChangeView } from '@/api';
import { readHomeOptions, readProgressOptions, searchCatalogOptions } from '@/api/@tanstack/react-query.gen';
import { Day } from '@/kit/Age';
import { Glyph } from '@/kit/marks/Glyph';
import { Columns, Page } from '@/kit/page/Page';
import { Card, Section } from '@/kit/page/Parts';
import { Empty, Loaded, Note } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { useNames } from '@/session/names';
import { because, did } from '@/words/events';
import css from './home.module.css';
import { MyApps } from './MyApps';
import { Need, placeOf, useNeedWords } from './Need';
import { words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
const SHOWN = 8;

/** How well what runs is known, in a sentence or two. */
function lead(apps: readonly CatalogItem[]): string {
  if (apps.length === 0) return words.lead.none;
  const operating = apps.filter((app) => app.stage === 'operating');
  const named = (kind: string) =>
    operating.filter((app) => app.runs === kind && !app.quarantined).map((app) => app.name);
  if (operating.length === 0) return words.lead.idle;
  const drifted = named('drifted');
  const declared = named('declared').slice(0, 3);
  const parts = [drifted.length > 0 ? words.lead.drifted(drifted) : words.lead.all(operating.length)];
  if (declared.length > 0) parts.push(words.lead.declared(declared));
  return parts.join(' ');
}

function Change({ change }: { change: RecentChangeView }) {
  const nameOf = useNames();
  const reason = because(change);
  return (
    <li className={css.event}>
      <span className="xs t3">
        <Day at={change.at} />
      </span>
      <div>
        <p>
          <b>{change.actorKind === 'person' ? nameOf(change.actor).displayName : change.actor}</b> {did(change)}
        </p>
        {reason && <p className="xs t3">{reason}</p>}
      </div>
      <Link to={`/apps/${change.app}`} className="lk">
        {change.app}
      </Link>
    </li>
  );
}

function Waiting() {
  const home = useQuery(readHomeOptions());
  const said = useNeedWords();
  const waiting = home.data?.waiting ?? [];
  if (waiting.length === 0) return <p className="sm t3">{words.waitingNone}</p>;
  return (
    <ul className={css.list}>
      {waiting.map((need) => (
        <li key={`${need.kind}${need.app}${need.environment}`}>
          <Link to={placeOf(need)} className="nm">
            {said(need).title}
          </Link>
          <p className="xs t3">{said(need).text}</p>
        </li>
      ))}
    </ul>
  );
}

function SetUp() {
  const may = useMay();
  const progress = useQuery({ ...readProgressOptions(), enabled: may('people:write') });
  const steps = progress.data?.steps ?? [];
  const done = steps.filter((step) => step.done).length;
  if (steps.length === 0 || done === steps.length) return null;
  return (
    <div style={{ marginBottom: 20 }}>
      <Note
        tone="acc"
        action={
          <Button component={Link} to="/start" size="xs">
            {words.setUpGo}
          </Button>
        }
      >
        <b>{words.setUp}.</b> {words.setUpText(done, steps.length)}
      </Note>
    </div>
  );
}

/** What needs this person, their apps, and what changed. */
export default function HomePage() {
  const may = useMay();
  const home = useQuery(readHomeOptions());
  const mine = useQuery(searchCatalogOptions({ query: { owner: 'me', limit: SHOWN } }));
  const needs = home.data?.needs ?? [];
  const writes = may('app:write');
  return (
    <Page
      name={words.name}
      title={home.data ? words.title(needs.length) : words.name}
      lead={mine.data ? lead(mine.data.items) : ' '}
      actions={
        writes && (
          <>
            <Button component={Link} to="/adopt" size="xs" variant="subtle" leftSection={<IconFileImport {...ICON} />}>
              {words.adopt}
            </Button>
            <Button component={Link} to="/new" size="xs" leftSection={<IconPlus {...ICON} />} className="hide-n">
              {words.newApp}
            </Button>
          </>
        )
      }
    >
      <SetUp />
      <Columns
        label={words.waiting}
        aside={
          <>
            {writes && (
              <Section title={words.start}>
                <p className="sm t2">{words.startText}</p>
                <div className={css.row}>
                  <Button component={Link} to="/adopt" leftSection={<IconFileImport {...ICON} />}>
                    {words.adopt}
                  </Button>
                  <Button component={Link} to="/new" variant="subtle">
                    {words.newApp}
                  </Button>
                </div>
              </Section>
            )}
            <Section title={words.waiting}>
              <Waiting />
            </Section>
          </>
        }
      >
        <Card>
          <Loaded query={home} what={words.failed}>
            {(found) =>
              found.needs.length > 0 ? (
                <ul>
                  {found.needs.map((need, index) => (
                    <Need
                      key={`${need.kind}${need.app}${need.environment}${need.reviewId}`}
                      need={need}
                      first={index === 0}
                    />
                  ))}
                </ul>
              ) : (
                <Empty
                  icon={
                    <span className="c-ok">
                      <Glyph name="ok" size={18} />
                    </span>
                  }
                  title={words.title(0)}
                >
                  {words.quiet}
                </Empty>
              )
            }
          </Loaded>
        </Card>
        {home.data && home.data.cut.length > 0 && <p className="xs t3">{words.more(home.data.cut)}</p>}
        <Section
          title={words.mine}
          note={mine.data && mine.data.total > 0 && words.mineNote(mine.data.items.length, mine.data.total)}
          right={
            <Link to="/catalog" search={{ owner: 'me' }} className="lk sm">
              {words.openCatalog}
            </Link>
          }
        >
          <Card>
            <Loaded query={mine} what={words.failedApps} lines={6}>
              {(found) => <MyApps apps={found.items} />}
            </Loaded>
          </Card>
        </Section>
        <Section title={words.changed} note={words.changedNote}>
          <Card>
            <Loaded query={home} what={words.failed}>
              {(found) =>
                found.changes.length > 0 ? (
                  <ul>
                    {found.changes.slice(0, 12).map((change) => (
                      <Change key={change.id} change={change} />
                    ))}
                  </ul>
                ) : (
                  <Empty title={words.nothingChanged}>{words.nothingChangedText}</Empty>
                )
              }
            </Loaded>
          </Card>
        </Section>
      </Columns>
    </Page>
  );
}
