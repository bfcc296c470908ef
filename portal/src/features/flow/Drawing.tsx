import '@xyflow/react/dist/base.css';
import {
  Background,
  BackgroundVariant,
  type EdgeTypes,
  type NodeChange,
  type NodeTypes,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react';
import {
  type KeyboardEvent,
  memo,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Boxes, edgesOf, type Severity, type StepNode, type WayEdge } from './drawn';
import css from './drawing.module.css';
import type { StepMark } from './Flow';
import type { FlowGraph } from './graph';
import type { Carried, Lit } from './lit';
import {
  type Box,
  boundsOf,
  type Direction,
  firstView,
  GRID,
  heightOf,
  HEIGHT,
  nextIn,
  type Place,
  type Places,
  wayView,
  WIDTH,
} from './places';
import { rememberedViewport, rememberViewport, type Viewport } from './remembered';
import { StepBox } from './StepBox';
import { WayLine } from './WayLine';
import type { Way } from './ways';
import { flow as words } from './words';

const nodeTypes: NodeTypes = { step: StepBox };
const edgeTypes: EdgeTypes = { way: WayLine };
const directions: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const steps: Record<Direction, readonly [number, number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
const FARTHEST = 100_000;
const inRange = (value: number): number => Math.max(-FARTHEST, Math.min(FARTHEST, Math.round(value)));
const at = ({ x, y }: Place): Place => ({ x: inRange(x), y: inRange(y) });
const MIN_ZOOM = 0.1;
const MAX_ZOOM = 2;

/** The boxes of a lit way, as far as they have a place. */
function wayOf(lit: Lit | null, places: Places): Box | null {
  const found = lit?.path.flatMap((step) => places[step] ?? []) ?? [];
  return found.length > 0 ? boundsOf(found) : null;
}

export type Canvas = ReactFlowInstance<StepNode, WayEdge>;

interface Props {
  graph: FlowGraph;
  ways: readonly Way[];
  places: Places;
  marks: ReadonlyMap<string, StepMark>;
  severities: ReadonlyMap<string, Severity>;
  digest: string;
  editable: boolean;
  focus: string | null;
  /** Id of the text that says which keys do what. */
  hint: string;
  onFocus: (id: string | null) => void;
  onMove: (places: Places) => void;
  onReady: (canvas: Canvas) => void;
  onZoom: (zoom: number) => void;
  /** A leak's way to light up. */
  lit?: Lit | null;
  /** What each step's output carries. */
  carried?: ReadonlyMap<string, Carried>;
}

/** The drawing: loaded when it is first shown. Dragging changes one box; the others are not rendered again. */
export default memo(function Drawing(props: Props) {
  const frame = useRef<HTMLDivElement>(null);
  // The frame keeps the height that it had first: growing with a dragged box would move everything else.
  const [start, setStart] = useState<{ view: Viewport; height: number } | null>(null);
  const { places, digest, lit = null } = props;
  useLayoutEffect(() => {
    if (start || !frame.current) return;
    const box = boundsOf(Object.values(places));
    const width = frame.current.clientWidth;
    const height = Math.min(heightOf(box, width), Math.round(window.innerHeight * 0.72));
    const way = wayOf(lit, places);
    const view = way ? wayView(way, width, height) : (rememberedViewport(digest) ?? firstView(box, width, height));
    setStart({ height, view });
  }, [places, digest, start, lit]);
  return (
    <div ref={frame} className={css.frame} style={{ minHeight: start?.height }}>
      {start && <Inner {...props} start={start.view} />}
    </div>
  );
});

function Inner({
  graph,
  ways,
  places,
  marks,
  severities,
  digest,
  editable,
  focus,
  hint,
  onFocus,
  onMove,
  onReady,
  onZoom,
  lit = null,
  carried,
  start,
}: Props & { start: Viewport }) {
  const id = useId().replace(/[^a-z0-9]/gi, '');
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<Canvas | null>(null);
  const [boxes] = useState(() => new Boxes());
  const [dragged, setDragged] = useState<{ id: string; position: Place } | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const reached = focus ?? cursor;
  const stop =
    reached !== null && places[reached] ? reached : (graph.steps.find((step) => places[step.id])?.id ?? null);
  const resting = useMemo(
    () => boxes.of({ graph, places, marks, severities, focus, stop, hint, lit }),
    [boxes, graph, places, marks, severities, focus, stop, hint, lit],
  );
  const nodes = useMemo(
    () =>
      dragged
        ? resting.map((node) => (node.id === dragged.id ? { ...node, position: dragged.position } : node))
        : resting,
    [resting, dragged],
  );

  const plainEdges = useMemo(() => edgesOf(ways, places, marks, lit, carried), [ways, places, marks, lit, carried]);
  const edges = useMemo(
    () =>
      plainEdges.map((edge) => {
        const near = focus !== null && (edge.source === focus || edge.target === focus);
        const added = edge.data?.added ?? false;
        return {
          ...edge,
          // React Flow makes the reference of it.
          ...(edge.data?.lit === 'back'
            ? { markerStart: `${id}lit` }
            : { markerEnd: `${id}${edge.data?.lit ? 'lit' : added ? 'added' : near ? 'near' : 'way'}` }),
          data: { ...edge.data!, near },
        };
      }),
    [plainEdges, focus, id],
  );

  const change = useCallback((changes: NodeChange<StepNode>[]) => {
    // Nothing is removed, selected or measured: a box only ever moves.
    for (const each of changes) {
      if (each.type === 'position' && each.position && each.dragging)
        setDragged({ id: each.id, position: each.position });
    }
  }, []);

  /** Bring a step into view when it is not, by as little as that takes. */
  const reveal = useCallback((place: Place) => {
    const view = canvas.current?.getViewport();
    if (!view || !frame.current || !canvas.current) return;
    const { clientWidth, clientHeight } = frame.current;
    const by = (from: number, size: number, room: number): number =>
      from < 16 ? 16 - from : from + size > room - 16 ? room - 16 - from - size : 0;
    const dx = by(place.x * view.zoom + view.x, WIDTH * view.zoom, clientWidth);
    const dy = by(place.y * view.zoom + view.y, HEIGHT * view.zoom, clientHeight);
    if (dx || dy) void canvas.current.setViewport({ ...view, x: view.x + dx, y: view.y + dy });
  }, []);

  // Whoever chose the step elsewhere, in the list or the details, finds it in view; so does who opened the details.
  const latest = useRef(places);
  useEffect(() => {
    latest.current = places;
  }, [places]);
  useEffect(() => {
    const place = focus === null ? undefined : latest.current[focus];
    if (place) reveal(place);
  }, [focus, reveal]);

  // Another leak was chosen: its way is brought into view, as a chosen step is.
  const shown = useRef(lit);
  useEffect(() => {
    if (shown.current === lit) return;
    shown.current = lit;
    const way = wayOf(lit, latest.current);
    if (!way || !frame.current || !canvas.current) return;
    const { clientWidth, clientHeight } = frame.current;
    void canvas.current.setViewport(wayView(way, clientWidth, clientHeight));
  }, [lit]);

  const keys = (event: KeyboardEvent) => {
    const from = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset['id'];
    if (from === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = directions[event.key];
    if (event.key === 'Enter' || event.key === ' ') onFocus(from);
    else if (event.key === 'Escape' && focus !== null) onFocus(null);
    else if (direction && event.shiftKey && editable) {
      const place = places[from];
      const [x, y] = steps[direction];
      if (place) onMove({ [from]: at({ x: place.x + x * GRID, y: place.y + y * GRID }) });
    } else if (direction) {
      const next = nextIn(places, from, direction);
      if (next !== null) {
        setCursor(next);
        if (focus !== null) onFocus(next);
        const place = places[next];
        if (place) reveal(place);
        frame.current
          ?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`)
          ?.focus({ preventScroll: true });
      }
    } else return;
    event.preventDefault();
  };

  // React Flow renders every box again when one of these is another function than before.
  const choose = useCallback((_: unknown, node: StepNode) => onFocus(node.id), [onFocus]);
  const leave = useCallback(() => onFocus(null), [onFocus]);
  const drop = useCallback(
    (_: unknown, node: StepNode) => {
      onMove({ [node.id]: at(node.position) });
      setDragged(null);
    },
    [onMove],
  );
  const follow = useCallback((_: unknown, view: Viewport) => onZoom(view.zoom), [onZoom]);
  const keep = useCallback((_: unknown, view: Viewport) => rememberViewport(digest, view), [digest]);
  const first = useRef(focus);
  const ready = useCallback(
    (made: Canvas) => {
      canvas.current = made;
      onReady(made);
      onZoom(made.getZoom());
      const place = first.current === null ? undefined : latest.current[first.current];
      if (place) reveal(place);
    },
    [onReady, onZoom, reveal],
  );

  return (
    <div ref={frame} className={css.inner}>
      <ReactFlow<StepNode, WayEdge>
        id={id}
        aria-label={words.label(nodes.length)}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={change}
        onNodeClick={choose}
        onPaneClick={leave}
        onNodeDragStop={drop}
        onKeyDown={keys}
        onInit={ready}
        onMove={follow}
        onMoveEnd={keep}
        defaultViewport={start}
        minZoom={MIN_ZOOM}
        maxZoom={MAX_ZOOM}
        nodesDraggable={editable}
        nodesConnectable={false}
        elementsSelectable={false}
        edgesFocusable={false}
        // Keys are ours: one stop for Tab, arrows go from step to step.
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        nodeDragThreshold={3}
        nodeClickDistance={4}
        paneClickDistance={4}
        // The wheel scrolls the page; with Ctrl it zooms.
        zoomOnScroll={false}
        preventScrolling={false}
        zoomOnDoubleClick={false}
        attributionPosition="bottom-right"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.6} className={css.ground ?? ''} />
        <svg className={css.defs} aria-hidden="true">
          <defs>
            {(['way', 'added', 'near', 'lit'] as const).map((name) => (
              <marker
                key={name}
                id={`${id}${name}`}
                className={css.head}
                data-tone={name}
                viewBox="0 0 8 8"
                refX="6.4"
                refY="4"
                markerWidth="8"
                markerHeight="8"
                markerUnits="userSpaceOnUse"
                orient={name === 'lit' ? 'auto-start-reverse' : 'auto'}
              >
                <path d="M0 .8 7.4 4 0 7.2z" />
              </marker>
            ))}
          </defs>
        </svg>
      </ReactFlow>
    </div>
  );
}
