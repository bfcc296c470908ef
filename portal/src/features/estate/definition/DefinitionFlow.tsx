import { lazy, Suspense, useCallback, useId, useMemo, useState } from 'react';
import { severitiesOf, toldOf } from '@/features/findings/lighting';
import type { FoundFinding } from '@/features/findings/model';
import { Bar } from '@/features/flow/Bar';
import { Below } from '@/features/flow/Below';
import { Details } from '@/features/flow/Details';
import type { Canvas } from '@/features/flow/Drawing';
import css from '@/features/flow/flow.module.css';
import type { FlowGraph } from '@/features/flow/graph';
import type { StepMark } from '@/features/flow/Flow';
import type { Carried, Lit } from '@/features/flow/lit';
import { grouped } from '@/features/flow/order';
import type { Places } from '@/features/flow/places';
import { usePrinting } from '@/features/flow/printing';
import { rememberedView, rememberView, type View } from '@/features/flow/remembered';
import { StepsList } from '@/features/flow/StepsList';
import { waysOf } from '@/features/flow/ways';
import { Loading } from '@/kit/states/States';
import { patient } from '@/live/patient';
import { definition as words } from '../definitionWords';

const Drawing = lazy(() => patient(() => import('@/features/flow/Drawing')));
const UNMARKED: ReadonlyMap<string, StepMark> = new Map();
const unmoved = () => undefined;

interface Props {
  id: string;
  graph: FlowGraph;
  places: Places;
  findings: readonly FoundFinding[];
  carried: ReadonlyMap<string, Carried>;
  lit: Lit | null;
  focus: string | null;
  onFocus: (step: string | null) => void;
}

/** A found flow, drawn where the server laid it out, and as a list; the chosen leak is lit in both. */
export function DefinitionFlow({ id, graph, places, findings, carried, lit, focus, onFocus }: Props) {
  const hint = useId();
  const [chosenView, setView] = useState<View>(rememberedView);
  const printing = usePrinting();
  const drawing = !printing && chosenView === 'drawing';
  const [canvas, setCanvas] = useState<Canvas | null>(null);
  const [zoom, setZoom] = useState(1);
  const ways = useMemo(() => waysOf(graph), [graph]);
  const groups = useMemo(() => grouped(graph, ways), [graph, ways]);
  const severities = useMemo(() => severitiesOf(findings), [findings]);
  const step = focus === null ? undefined : graph.steps.find((each) => each.id === focus);
  const roundZoom = useCallback((value: number) => setZoom(Math.round(value * 100)), []);
  const details = step && (
    <Details
      step={step}
      graph={graph}
      ways={ways}
      removed={false}
      mark={undefined}
      changes={[]}
      findings={toldOf(findings, step.id)}
      onFocus={onFocus}
      inline={!drawing}
    />
  );
  return (
    <div className={css.card}>
      <Bar
        title={words.flow}
        view={printing ? 'steps' : chosenView}
        onView={(next) => {
          setView(next);
          rememberView(next);
        }}
        hint={hint}
        editable={false}
        canvas={drawing ? canvas : null}
        zoom={zoom}
        canUndo={false}
        onUndo={unmoved}
        onTidy={unmoved}
      />
      <div className={css.flow}>
        {drawing ? (
          <Suspense fallback={<Loading lines={8} />}>
            <Drawing
              graph={graph}
              ways={ways}
              places={places}
              marks={UNMARKED}
              severities={severities}
              digest={id}
              editable={false}
              focus={focus}
              hint={hint}
              onFocus={onFocus}
              onMove={unmoved}
              onReady={setCanvas}
              onZoom={roundZoom}
              lit={lit}
              carried={carried}
            />
          </Suspense>
        ) : (
          <StepsList
            groups={groups}
            removed={[]}
            marks={UNMARKED}
            severities={severities}
            focus={printing ? null : focus}
            onFocus={onFocus}
            details={details}
            lit={lit}
          />
        )}
      </div>
      {drawing && step && <div className={css.under}>{details}</div>}
      <Below
        graph={graph}
        ways={ways}
        marks={UNMARKED}
        drawing={drawing}
        onFocus={onFocus}
        lit={lit}
        carries={carried.size > 0}
      />
    </div>
  );
}
