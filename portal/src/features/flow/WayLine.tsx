import type { EdgeProps } from '@xyflow/react';
import { IconCut } from '@tabler/icons-react';
import { memo } from 'react';
import type { WayEdge } from './drawn';
import css from './drawing.module.css';
import { arrow, HEIGHT, over, WIDTH } from './places';

/** Kinds that follow no wire from one step to the next: they are dashed. */
const JUMPS = /^(link|subflow|status|complete|data|ai_.*)$/;
const LABEL_FITS = 16;

const cut = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

/** An arrow between two steps, with what leaves there. */
export const WayLine = memo(function WayLine({
  sourceX,
  sourceY,
  targetX,
  targetY,
  data,
  markerEnd,
  markerStart,
}: EdgeProps<WayEdge>) {
  const kind = data?.kind ?? 'main';
  const from = { x: sourceX - WIDTH, y: sourceY - HEIGHT / 2 };
  const to = { x: targetX, y: targetY - HEIGHT / 2 };
  const drawn = kind === 'data' ? over(from, to) : arrow(from, to, kind.startsWith('ai_'));
  const { middle } = drawn;
  return (
    <>
      {data?.lit && <path className={css.halo} d={drawn.path} />}
      <path
        className={css.way}
        d={drawn.path}
        data-jump={JUMPS.test(kind) || undefined}
        data-added={data?.added || undefined}
        data-near={data?.near || undefined}
        data-lit={data?.lit}
        markerEnd={markerEnd}
        markerStart={markerStart}
      />
      {data?.lit && !JUMPS.test(kind) && <path className={css.dots} d={drawn.path} />}
      {data?.label && (
        <text className={css.label} x={drawn.label.x} y={drawn.label.y} textAnchor={drawn.label.anchor}>
          {cut(data.label, LABEL_FITS)}
        </text>
      )}
      {data?.carries && (data.lit || !JUMPS.test(kind)) && (
        <text
          className={css.carries}
          data-level={data.carries.level}
          x={middle.x}
          y={middle.y + (data.cut ? 24 : 15)}
          textAnchor="middle"
        >
          {cut(data.carries.text, 10)}
        </text>
      )}
      {data?.cut && (
        <g transform={`translate(${middle.x - 10} ${middle.y - 10})`} className={css.scissors}>
          <rect width="20" height="20" rx="6" />
          <IconCut x={3} y={3} size={14} stroke={2} />
        </g>
      )}
    </>
  );
});
