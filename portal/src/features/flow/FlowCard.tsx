import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useId, useMemo, useState } from 'react';
import type { ChangeView } from '@/api';
import { listConnectionsOptions } from '@/api/@tanstack/react-query.gen';
import { Failed, Loading, Note } from '@/kit/states/States';
import { patient } from '@/live/patient';
import { Bar } from './Bar';
import { Below } from './Below';
import { Details, type FlowFinding } from './Details';
import type { Canvas } from './Drawing';
import type { Severity } from './drawn';
import css from './flow.module.css';
import type { StepMark } from './Flow';
import { type FlowStep, readGraph } from './graph';
import { throughHub } from './hub';
import type { Lit } from './lit';
import { changesByStep, marksOf } from './marks';
import { useMoves } from './moves';
import { grouped } from './order';
import { usePrinting } from './printing';
import { rememberedView, rememberView, type View } from './remembered';
import { StepsList } from './StepsList';
import { waysOf } from './ways';
import { flow as words } from './words';
import type { Where } from './layout';

const Drawing = lazy(() => patient(() => import('./Drawing')));

const NO_FINDINGS: readonly FlowFinding[] = [];
const GRAVITY: readonly Severity[] = ['note', 'warning', 'blocker'];

interface Props {
  where: Where;
  given: Readonly<Record<string, unknown>>;
  before: Readonly<Record<string, unknown>> | null;
  changes: readonly ChangeView[];
  marks?: ReadonlyMap<string, StepMark>;
  findings?: readonly FlowFinding[];
  focus?: string | null;
  onFocus?: (id: string | null) => void;
  title?: string;
  editable?: boolean;
  lit?: Lit | null;
}

/** Steps of the version before that this one has no more; without that version, what the changes say of them. */
function goneSteps(
  marks: ReadonlyMap<string, StepMark>,
  before: Props['before'],
  has: ReadonlySet<string>,
): readonly FlowStep[] {
  const gone = [...marks].filter(([id, mark]) => mark === 'removed' && !has.has(id)).map(([id]) => id);
  if (gone.length === 0) return [];
  const known = new Map(before ? readGraph(before).steps.map((step) => [step.id, step]) : []);
  return gone.map((id) => known.get(id) ?? readGraph({ steps: [{ id, name: id }] }).steps[0]!);
}

function gravest(findings: readonly FlowFinding[]): ReadonlyMap<string, Severity> {
  const found = new Map<string, Severity>();
  for (const { step, severity } of findings) {
    const held = found.get(step);
    if (!held || GRAVITY.indexOf(severity) > GRAVITY.indexOf(held)) found.set(step, severity);
  }
  return found;
}

/** The card around a flow: the switch, the drawing or the list, the chosen step's details. */
export function FlowCard({
  where,
  given,
  before,
  changes,
  marks: givenMarks,
  findings = NO_FINDINGS,
  focus: givenFocus,
  onFocus,
  title,
  editable = false,
  lit = null,
}: Props) {
  const hint = useId();
  const narrow = useMediaQuery('(max-width: 720px)', window.matchMedia('(max-width: 720px)').matches);
  const [chosenView, setView] = useState<View>(rememberedView);
  const printing = usePrinting();
  const view = printing ? 'steps' : chosenView;
  const drawing = view === 'drawing';
  const [canvas, setCanvas] = useState<Canvas | null>(null);
  const [zoom, setZoom] = useState(1);

  // Who may not see connections sees the address instead.
  const { data: hub } = useQuery({
    ...listConnectionsOptions({ query: { environment: where.environment } }),
    staleTime: 60_000,
  });
  const graph = useMemo(() => throughHub(readGraph(given), hub?.items ?? []), [given, hub]);
  const ways = useMemo(() => waysOf(graph), [graph]);
  const groups = useMemo(() => grouped(graph, ways), [graph, ways]);
  const marks = useMemo(() => givenMarks ?? marksOf(changes), [givenMarks, changes]);
  const said = useMemo(() => changesByStep(changes), [changes]);
  const severities = useMemo(() => gravest(findings), [findings]);
  const byId = useMemo(() => new Map(graph.steps.map((step) => [step.id, step])), [graph]);
  const removed = useMemo(() => goneSteps(marks, before, new Set(byId.keys())), [marks, before, byId]);

  const [ownFocus, setOwnFocus] = useState<string | null>(null);
  const focus = givenFocus === undefined ? ownFocus : givenFocus;
  const choose = useCallback(
    (id: string | null) => {
      setOwnFocus(id);
      onFocus?.(id);
    },
    [onFocus],
  );

  const nameOf = useCallback((id: string) => byId.get(id)?.name ?? id, [byId]);
  const moves = useMoves(where, nameOf);
  const { mover, canUndo } = moves;
  useEffect(() => {
    if (!canUndo) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      // In a field the key means the text.
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]'))
        return;
      event.preventDefault();
      mover?.undo();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [canUndo, mover]);

  const step = focus === null ? undefined : (byId.get(focus) ?? removed.find((each) => each.id === focus));
  const details = step && (
    <Details
      step={step}
      graph={graph}
      ways={ways}
      removed={!byId.has(step.id)}
      mark={marks.get(step.id)}
      changes={said.get(step.id) ?? []}
      findings={findings.filter((finding) => finding.step === step.id)}
      onFocus={choose}
      inline={!drawing && narrow}
    />
  );
  const beside = step !== undefined && !narrow && !printing;
  const roundZoom = useCallback((value: number) => setZoom(Math.round(value * 100)), []);

  return (
    <div className={css.card}>
      <Bar
        title={title}
        view={view}
        onView={(next) => {
          setView(next);
          rememberView(next);
        }}
        hint={hint}
        editable={editable}
        canvas={drawing ? canvas : null}
        zoom={zoom}
        canUndo={canUndo}
        onUndo={() => mover?.undo()}
        onTidy={() => void mover?.tidy()}
      />
      {drawing && moves.newer && (
        <div className={css.newer}>
          <Note
            action={
              <button type="button" className="lk" onClick={moves.newer.take}>
                {words.showNewer}
              </button>
            }
          >
            {words.newer(moves.newer.who)}
          </Note>
        </div>
      )}
      <div className={css.body} data-beside={beside || undefined}>
        <div className={css.flow}>
          {!drawing && (
            <StepsList
              groups={groups}
              removed={removed}
              marks={marks}
              severities={severities}
              focus={printing ? null : focus}
              onFocus={choose}
              details={beside ? null : details}
              lit={lit}
            />
          )}
          {drawing && mover && moves.layout && (
            <Suspense fallback={<Loading lines={8} />}>
              <Drawing
                graph={graph}
                ways={ways}
                places={moves.layout.positions}
                marks={marks}
                severities={severities}
                digest={where.which}
                editable={editable}
                focus={focus}
                hint={hint}
                onFocus={choose}
                onMove={mover.move}
                onReady={setCanvas}
                onZoom={roundZoom}
                lit={lit}
              />
            </Suspense>
          )}
          {drawing && !moves.layout && moves.query.isError && (
            <Failed what={words.whatPlaces} error={moves.query.error} retry={() => void moves.query.refetch()} />
          )}
          {drawing && !moves.layout && !moves.query.isError && <Loading lines={8} />}
        </div>
        {beside && (
          <aside className={css.side} aria-label={step.name}>
            {details}
          </aside>
        )}
        {drawing && narrow && step && <div className={css.under}>{details}</div>}
      </div>
      <Below graph={graph} ways={ways} marks={marks} drawing={drawing} onFocus={choose} lit={lit} />
    </div>
  );
}
