import { Handle, type NodeProps, Position } from '@xyflow/react';
import { IconArrowForwardUp, IconCut, IconDroplet, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react';
import { memo } from 'react';
import { Glyph } from '@/kit/marks/Glyph';
import type { StepNode } from './drawn';
import css from './drawing.module.css';
import { StepIcon } from './system';
import { flow as words } from './words';

const FLAG = { size: 11, stroke: 2.4, 'aria-hidden': true } as const;
const flagIcons = {
  added: <IconPlus {...FLAG} />,
  changed: <IconPencil {...FLAG} />,
  removed: <IconMinus {...FLAG} />,
};
const tones = { blocker: 'bad', warning: 'warn', note: 'acc' } as const;

/** Longer texts are cut; what fits is not clipped, for each clip is a layer that costs while a box is dragged. */
const NAME_FITS = 14;
const SYSTEM_FITS = 13;

/** A step as a box: its name, below it the system that it uses; a flag when it is new or changed. */
export const StepBox = memo(function StepBox({ data }: NodeProps<StepNode>) {
  const { step, system, mark, severity, chosen, part, travels, cut } = data;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className={css.end ?? ''} />
      <div
        className={css.box}
        data-mark={mark}
        data-chosen={chosen || undefined}
        data-off={step.disabled || undefined}
        data-start={step.kind === 'trigger' || undefined}
        data-part={part}
      >
        {part && (
          <span className={part === 'passes' ? 'sr' : css.flag} data-tone="leak">
            {part !== 'passes' && <IconDroplet {...FLAG} />}
            {words[part](travels)}
          </span>
        )}
        {mark && !part && (
          <span className={css.flag}>
            {flagIcons[mark]}
            {words.flags[mark]}
          </span>
        )}
        <b data-long={step.name.length > NAME_FITS || undefined}>{step.name}</b>{' '}
        <span className={css.system}>
          <StepIcon step={step} size={13} />
          <span data-long={system.length > SYSTEM_FITS || undefined}>{system}</span>
          {step.disabled && <span className={css.off}>{words.off}</span>}
          {step.errorPolicy && !step.disabled && (
            <>
              <IconArrowForwardUp className={css.policy} size={13} stroke={1.75} aria-hidden />
              <span className="sr">{words.failure(step.errorPolicy)}</span>
            </>
          )}
        </span>
        {cut && (
          <span className={css.cut}>
            <IconCut size={14} stroke={2} aria-hidden />
            <span className="sr">{words.cutHere}</span>
          </span>
        )}
        {severity && (
          <span className={`${css.finding} c-${tones[severity]}`}>
            <Glyph name={severity} size={15} />
            <span className="sr">{words.severities[severity]}</span>
          </span>
        )}
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} className={css.end ?? ''} />
    </>
  );
});
