import { IconCornerDownRight, IconCut } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Glyph } from '@/kit/marks/Glyph';
import { Tag } from '@/kit/marks/Marks';
import type { Severity } from './drawn';
import type { StepMark } from './Flow';
import type { FlowStep } from './graph';
import { cutsStep, type Lit, partOf } from './lit';
import type { Group, Listed } from './order';
import css from './steps.module.css';
import { StepIcon, systemOf } from './system';
import { flow as words } from './words';

const tones = { blocker: 'bad', warning: 'warn', note: 'acc' } as const;

interface Props {
  groups: readonly Group[];
  /** Steps of the version before that this one has no more. */
  removed: readonly FlowStep[];
  marks: ReadonlyMap<string, StepMark>;
  severities: ReadonlyMap<string, Severity>;
  focus: string | null;
  onFocus: (id: string | null) => void;
  /** The chosen step's details, where there is no room for them beside the list. */
  details: ReactNode;
  /** A leak's way to mark. */
  lit?: Lit | null;
}

/** The same flow as a list: each step before what it leads to. */
export function StepsList({ groups, removed, marks, severities, focus, onFocus, details, lit = null }: Props) {
  const row = (item: Listed, ghost = false) => {
    return (
      <Row
        key={item.step.id}
        item={item}
        mark={marks.get(item.step.id) ?? (ghost ? 'removed' : undefined)}
        severity={severities.get(item.step.id)}
        open={focus === item.step.id}
        onOpen={() => onFocus(focus === item.step.id ? null : item.step.id)}
        details={details}
        lit={lit}
      />
    );
  };
  return (
    <div className={css.lists}>
      {groups.map((group) => (
        <section key={group.key} aria-label={group.title || words.views.steps}>
          {group.title && <h3>{group.title}</h3>}
          <ol className={css.list}>{group.items.map((item) => row(item))}</ol>
        </section>
      ))}
      {removed.length > 0 && (
        <section aria-label={words.removedTitle}>
          <h3>{words.removedTitle}</h3>
          <ol className={css.list} data-gone>
            {removed.map((step) => row({ step, number: null, depth: 0, reached: [] }, true))}
          </ol>
        </section>
      )}
    </div>
  );
}

function Row({
  item: { step, number, depth, reached },
  mark,
  severity,
  open,
  onOpen,
  details,
  lit,
}: {
  item: Listed;
  mark: StepMark | undefined;
  severity: Severity | undefined;
  open: boolean;
  onOpen: () => void;
  details: ReactNode;
  lit: Lit | null;
}) {
  const part = partOf(lit, step.id);
  const cut = lit?.cut && (cutsStep(lit, step.id) || (part && lit.cut.step === step.id));
  const from = words.reached(reached);
  return (
    <li data-mark={mark} data-depth={Math.min(depth, 3)} data-off={step.disabled || undefined} data-part={part}>
      <button type="button" className={css.step} aria-expanded={open} onClick={onOpen} data-chosen={open || undefined}>
        <span className={css.number} aria-hidden="true">
          {number ?? (depth > 0 ? <IconCornerDownRight size={13} stroke={1.75} /> : '–')}
        </span>
        <span className={css.what}>
          <span className={css.name}>{step.name}</span>
          <span className={css.system}>
            <StepIcon step={step} size={14} />
            {systemOf(step)}
            {step.operation && <code>{step.operation}</code>}
          </span>
          {from && <span className={css.from}>{from}</span>}
        </span>
        <span className={css.marks}>
          {step.disabled && <span className="xs t2">{words.off}</span>}
          {severity && (
            <span className={`${css.glyph} c-${tones[severity]}`}>
              <Glyph name={severity} size={15} />
              <span className="sr">{words.severities[severity]}</span>
            </span>
          )}
          {part && (
            <Tag tone="leak">
              {words[part](lit?.what ?? '')}
              {cut && <IconCut size={13} stroke={2} aria-label={words.cutHere} />}
            </Tag>
          )}
          {mark && <Tag tone={mark === 'removed' ? undefined : 'acc'}>{words.flags[mark]}</Tag>}
        </span>
      </button>
      {open && details && <div className={css.inline}>{details}</div>}
    </li>
  );
}
