import { IconArrowForwardUp, IconCut, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import css from './flow.module.css';
import type { StepMark } from './Flow';
import type { Lit } from './lit';
import type { FlowGraph } from './graph';
import { StepIcon } from './system';
import type { Way } from './ways';
import { flow as words } from './words';

const FEW = 4;
/** What builders call a note that nobody named; its text is not in the graph. */
const UNNAMED_NOTE = /^(sticky ?note|note|comment)\s*\d*$/i;

interface Props {
  graph: FlowGraph;
  ways: readonly Way[];
  marks: ReadonlyMap<string, StepMark>;
  drawing: boolean;
  onFocus: (id: string) => void;
  /** Whether a leak's way is lit, and whether its cut is marked. */
  lit?: Lit | null;
  carries?: boolean;
}

/** What stands below the flow: the legend, what the file cannot show, and what is no step. */
export function Below({ graph, ways, marks, drawing, onFocus, lit = null, carries = false }: Props) {
  const [all, setAll] = useState(false);
  const notes = graph.steps.filter((step) => step.kind === 'comment' && !UNNAMED_NOTE.test(step.name));
  const settings = graph.steps.filter((step) => step.kind === 'config');
  const unknown = all ? graph.unknown : graph.unknown.slice(0, FEW);
  const rest = graph.unknown.length - FEW;
  return (
    <>
      {drawing && <Legend graph={graph} ways={ways} marks={marks} lit={lit} carries={carries} />}
      {graph.unknown.length > 0 && (
        <section className={css.part} aria-label={words.unknownTitle(graph.unknown.length)}>
          <h3 className={css.unknown}>
            <IconEyeOff size={15} stroke={1.75} aria-hidden />
            {words.unknownTitle(graph.unknown.length)}
          </h3>
          <ul className={css.lines}>
            {unknown.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          {rest > 0 && (
            <button type="button" className="lk sm no-print" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? words.unknownLess : words.unknownMore(rest)}
            </button>
          )}
        </section>
      )}
      {graph.subflows.length > 0 && (
        <section className={css.part} aria-label={words.subflowsTitle}>
          <h3>{words.subflowsTitle}</h3>
          <ul className={css.lines}>
            {graph.subflows.map((flow) => (
              <li key={flow.reference}>
                {flow.name}{' '}
                <span className="t3">{flow.included ? words.details.runsHere : words.details.runsAway}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {settings.length > 0 && (
        <section className={css.part} aria-label={words.settingsTitle}>
          <h3>{words.settingsTitle}</h3>
          <ul className={css.settings}>
            {settings.map((step) => (
              <li key={step.id}>
                <button type="button" onClick={() => onFocus(step.id)}>
                  <StepIcon step={step} size={14} />
                  {step.name}
                  <span className="t3">{step.hosts[0] ?? step.type}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {notes.length > 0 && (
        <section className={css.part} aria-label={words.notesTitle}>
          <h3>{words.notesTitle}</h3>
          <ul className={css.notes}>
            {notes.map((step) => (
              <li key={step.id}>{step.name}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Legend({ graph, ways, marks, lit, carries }: Pick<Props, 'graph' | 'ways' | 'marks' | 'lit' | 'carries'>) {
  const drawnMarks = graph.steps.some((step) => marks.has(step.id));
  const jumps = ways.some((way) => way.kind === 'link' || way.kind === 'subflow');
  const subs = ways.some((way) => way.kind.startsWith('ai_'));
  const off = graph.steps.some((step) => step.disabled);
  const fails = graph.steps.some((step) => step.errorPolicy && !step.disabled);
  if (!drawnMarks && !jumps && !subs && !off && !fails && !lit && !carries) return null;
  return (
    <ul className={`${css.legend} no-print`} aria-label={words.legend.title}>
      {lit && (
        <li>
          <span className={css.key} data-key="leak" />
          {words.legend.leak}
        </li>
      )}
      {lit?.cut && (
        <li>
          <span className="c-acc">
            <IconCut size={13} stroke={2} aria-hidden />
          </span>
          {words.legend.cut}
        </li>
      )}
      {carries && (
        <li>
          <b className="c-data">{words.legend.pii}</b>
          {words.legend.carries}
        </li>
      )}
      {drawnMarks && (
        <li>
          <span className={css.key} data-key="marked" />
          {words.legend.marked}
        </li>
      )}
      {(jumps || subs) && (
        <li>
          <span className={css.key} data-key="dashed" />
          {jumps && subs ? words.legend.both : jumps ? words.legend.jump : words.legend.sub}
        </li>
      )}
      {off && (
        <li>
          <span className={css.key} data-key="off" />
          {words.legend.off}
        </li>
      )}
      {fails && (
        <li>
          <IconArrowForwardUp size={13} stroke={1.75} aria-hidden />
          {words.legend.fails}
        </li>
      )}
    </ul>
  );
}
