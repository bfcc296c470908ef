import { Button, NativeSelect } from '@mantine/core';
import { IconFilePlus, IconWand } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { DefinitionDetailView } from '@/api';
import { readDefinitionOptions } from '@/api/@tanstack/react-query.gen';
import { FindingList } from '@/features/findings/FindingList';
import { litOf } from '@/features/findings/lighting';
import { countsOf } from '@/features/findings/model';
import { findings as said } from '@/features/findings/words';
import { plain } from '@/features/flow/graph';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { Glyph } from '@/kit/marks/Glyph';
import { DataClass } from '@/kit/marks/Marks';
import { Page } from '@/kit/page/Page';
import { Card, Section } from '@/kit/page/Parts';
import { useAddress } from '@/kit/search';
import { Empty, Loaded } from '@/kit/states/States';
import { patient } from '@/live/patient';
import { useMay } from '@/session/me';
import { definition as words } from '../definitionWords';
import { words as estate } from '../words';
import { DefinitionFlow } from './DefinitionFlow';
import css from './definition.module.css';
import { Neighbours } from './Neighbours';
import { opened } from './read';

const FixDialog = lazy(() => patient(() => import('./FixDialog')));
const RegisterDialog = lazy(() => patient(() => import('./RegisterDialog')));
const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
const crumbs = [
  { label: estate.name, to: '/estate' },
  { label: words.inventory, to: '/estate/definitions' },
];

function Content({ found }: { found: DefinitionDetailView }) {
  const may = useMay();
  const [address, change] = useAddress();
  const { graph, findings, leaks, carried } = useMemo(() => opened(found), [found]);
  const names = useMemo(() => new Map(graph.steps.map((step) => [step.id, step.name])), [graph]);
  const nameOf = useCallback((step: string) => names.get(step) ?? plain(step, 120), [names]);
  const ofAddress = address['leak'];
  const [lit, setLit] = useState<string | null>(
    () => (leaks.find((each) => each.key === ofAddress) ?? leaks[0])?.key ?? null,
  );
  const [focus, setFocus] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(
    () => findings.find((each) => each.leak !== '' && each.leak === lit)?.key ?? null,
  );
  const [mending, setMending] = useState<readonly string[] | null>(null);
  const [registering, setRegistering] = useState(false);

  // What is lit stands in the address, so that it can be sent to somebody.
  useEffect(() => {
    if (ofAddress !== undefined && ofAddress !== lit) change({ leak: lit ?? '' });
    // Only when another one is lit.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [lit]);

  const choose = (key: string | null) => {
    setChosen(key);
    const finding = findings.find((each) => each.key === key);
    if (!finding) return;
    if (finding.leak) setLit(finding.leak);
    setFocus(finding.step || null);
  };
  const leak = leaks.find((each) => each.key === lit);
  const lightened = useMemo(() => litOf(leak), [leak]);
  const mechanical = findings.filter((each) => each.fix?.mechanical).map((each) => each.key);
  const counts = countsOf(findings);
  const mayRegister = !found.app && may('app:write', found.team);
  return (
    <>
      <div className={css.bar}>
        {leaks.length > 0 && (
          <NativeSelect
            aria-label={words.leakChoice}
            value={lit ?? ''}
            data={[
              ...leaks.map((each) => ({
                value: each.key,
                label: words.leakOf(each.what || each.tag, each.destination, nameOf(each.path.at(-1) ?? '')),
              })),
              { value: '', label: words.unlit },
            ]}
            onChange={(event) => setLit(event.currentTarget.value || null)}
          />
        )}
        <div className={css.acts}>
          {mechanical.length > 0 && (
            <Button leftSection={<IconWand {...ICON} />} onClick={() => setMending(mechanical)}>
              {said.mendAll(mechanical.length)}
            </Button>
          )}
          {found.app ? (
            <Button component={Link} to={`/apps/${found.app}`}>
              {words.openApp(found.app)}
            </Button>
          ) : (
            mayRegister && (
              <Button variant="filled" leftSection={<IconFilePlus {...ICON} />} onClick={() => setRegistering(true)}>
                {words.register.button}
              </Button>
            )
          )}
        </div>
      </div>
      <div className={css.columns}>
        <div className={css.main}>
          <DefinitionFlow
            id={found.id}
            graph={graph}
            places={found.positions}
            findings={findings}
            carried={carried}
            lit={lightened}
            focus={focus}
            onFocus={setFocus}
          />
          <Neighbours upstream={found.upstream} dependants={found.dependants} />
        </div>
        <Section title={said.title} note={said.counts(counts.block, counts.warn, counts.note)}>
          <Card>
            {findings.length === 0 ? (
              <Empty
                icon={
                  <span className="c-ok">
                    <Glyph name="ok" size={18} />
                  </span>
                }
                title={said.none}
              >
                {said.noneText}
              </Empty>
            ) : (
              <FindingList
                findings={findings}
                leaks={leaks}
                chosen={chosen}
                onChoose={choose}
                nameOf={nameOf}
                onStep={setFocus}
                onMend={setMending}
                onRegister={mayRegister ? () => setRegistering(true) : undefined}
              />
            )}
          </Card>
        </Section>
      </div>
      <Suspense>
        {mending && (
          <FixDialog
            id={found.id}
            path={found.path}
            findings={findings.filter((each) => mending.includes(each.key))}
            onClose={() => setMending(null)}
          />
        )}
        {registering && <RegisterDialog found={found} onClose={() => setRegistering(false)} />}
      </Suspense>
    </>
  );
}

/** One definition that was found: its drawing, what is wrong with it, and what ends that. */
export default function DefinitionPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(readDefinitionOptions({ path: { definition_id: id } }));
  const found = query.data;
  const name = found ? plain(found.name, 120) || plain(found.path, 120) : words.inventory;
  return (
    <Page
      wide
      name={name}
      crumbs={crumbs}
      title={found ? words.title(name, found.blocks, found.warns, found.leaks) : words.inventory}
      below={
        found && (
          <>
            <BuiltOn platform={found.platform} />
            <DataClass level={found.dataClass} />
            <span className="t3">{words.steps(found.steps)}</span>
            {found.ownKeys > 0 && <span className="c-warn">{words.holds(found.ownKeys)}</span>}
            <span className={`t3 ${css.path}`}>
              {plain(found.origin, 60)}/{plain(found.path, 200)}
            </span>
            {found.goneAt && <span className="c-warn">{words.gone}</span>}
          </>
        )
      }
    >
      <Loaded query={query} what={words.what} lines={14}>
        {(data) => <Content key={data.id} found={data} />}
      </Loaded>
    </Page>
  );
}
