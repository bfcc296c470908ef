import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import {
  IconArrowBackUp,
  IconLayoutGrid,
  IconList,
  IconMaximize,
  IconMinus,
  IconPlus,
  IconRoute2,
} from '@tabler/icons-react';
import type { Canvas } from './Drawing';
import css from './flow.module.css';
import type { View } from './remembered';
import { flow as words } from './words';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

interface Props {
  title: string | undefined;
  view: View;
  onView: (view: View) => void;
  hint: string;
  editable: boolean;
  /** Null while nothing is drawn. */
  canvas: Canvas | null;
  /** In percent. */
  zoom: number;
  canUndo: boolean;
  onUndo: () => void;
  onTidy: () => void;
}

/** What stands above the flow: the switch, and what one can do with the drawing. */
export function Bar({ title, view, onView, hint, editable, canvas, zoom, canUndo, onUndo, onTidy }: Props) {
  return (
    <div className={`${css.bar} no-print`} data-titled={title ? true : undefined}>
      <h2 className={title ? css.title : 'sr'}>{title ?? words.heading}</h2>
      <SegmentedControl
        size="xs"
        aria-label={words.viewLabel}
        value={view}
        onChange={(value) => onView(value === 'steps' ? 'steps' : 'drawing')}
        classNames={{ root: css.switch ?? '', label: css.switchLabel ?? '', indicator: css.switchNow ?? '' }}
        data={[
          {
            value: 'drawing',
            label: (
              <span className={css.option}>
                <IconRoute2 {...ICON} />
                {words.views.drawing}
              </span>
            ),
          },
          {
            value: 'steps',
            label: (
              <span className={css.option}>
                <IconList {...ICON} />
                {words.views.steps}
              </span>
            ),
          },
        ]}
      />
      {view === 'drawing' && (
        <p id={hint} className={`${css.hint} xs t3`}>
          {editable ? words.keysMove : words.keys}
        </p>
      )}
      {canvas && (
        <div className={css.tools}>
          {canUndo && (
            <ActionIcon variant="subtle" aria-label={words.undo} title={words.undo} onClick={onUndo}>
              <IconArrowBackUp {...ICON} />
            </ActionIcon>
          )}
          {editable && (
            <Button size="xs" variant="subtle" leftSection={<IconLayoutGrid {...ICON} size={14} />} onClick={onTidy}>
              {words.tidy}
            </Button>
          )}
          <ActionIcon
            variant="subtle"
            aria-label={words.zoomOut}
            title={words.zoomOut}
            onClick={() => void canvas.zoomOut()}
          >
            <IconMinus {...ICON} />
          </ActionIcon>
          <span className={`${css.zoom} xs t2 num`}>{zoom} %</span>
          <ActionIcon
            variant="subtle"
            aria-label={words.zoomIn}
            title={words.zoomIn}
            onClick={() => void canvas.zoomIn()}
          >
            <IconPlus {...ICON} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label={words.fit}
            title={words.fit}
            onClick={() => void canvas.fitView({ padding: 0.08, maxZoom: 1 })}
          >
            <IconMaximize {...ICON} />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
