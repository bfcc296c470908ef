import type { EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { WayEdge } from './drawn';
import css from './drawing.module.css';
import { arrow, HEIGHT, WIDTH } from './places';

/** An arrow between two steps, with what leaves there. */
export const WayLine = memo(function WayLine({
  sourceX,
  sourceY,
  targetX,
  targetY,
  data,
  markerEnd,
}: EdgeProps<WayEdge>) {
  const kind = data?.kind ?? 'main';
  const drawn = arrow(
    { x: sourceX - WIDTH, y: sourceY - HEIGHT / 2 },
    { x: targetX, y: targetY - HEIGHT / 2 },
    kind.startsWith('ai_'),
  );
  return (
    <>
      <path
        className={css.way}
        d={drawn.path}
        data-jump={kind !== 'main' && kind !== 'error' ? true : undefined}
        data-added={data?.added || undefined}
        data-near={data?.near || undefined}
        markerEnd={markerEnd}
      />
      {data?.label && (
        <text className={css.label} x={drawn.label.x} y={drawn.label.y} textAnchor={drawn.label.anchor}>
          {data.label.length > 16 ? `${data.label.slice(0, 15)}…` : data.label}
        </text>
      )}
    </>
  );
});
