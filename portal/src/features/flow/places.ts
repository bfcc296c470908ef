/** Measures of the drawing and sums over places; the server lays steps out for boxes of this size. */
export const WIDTH = 150;
export const HEIGHT = 58;
export const GRID = 10;

export interface Place {
  x: number;
  y: number;
}
export type Places = Readonly<Record<string, Place>>;

export interface Box extends Place {
  width: number;
  height: number;
}

/** The box around all steps; flags and arrows reach a little beyond it. */
export function boundsOf(places: Iterable<Place>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of places) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + WIDTH);
    bottom = Math.max(bottom, y + HEIGHT);
  }
  if (left === Infinity) return { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** How far above the boxes data is drawn that is taken beside the wires. */
const ABOVE = 22;
const PAD = 32;
const READABLE = 0.8;

/**
 * What is seen first: all of it when it can be read then, else its beginning. One axis fits, the other starts at its
 * beginning, so that what came first is in view.
 */
export function firstView(box: Box, width: number, height: number): Place & { zoom: number } {
  const fits = Math.min((width - 2 * PAD) / box.width, (height - 2 * PAD) / box.height, 1);
  const zoom = Math.max(fits, READABLE);
  const along = (start: number, size: number, room: number): number =>
    size * zoom + 2 * PAD <= room + 1 ? (room - size * zoom) / 2 - start * zoom : PAD - start * zoom;
  return { x: along(box.x, box.width, width), y: along(box.y, box.height, height), zoom };
}

const WHOLE = 0.5;

/** A way is seen whole, even if small; what is longer is seen from its beginning. */
export function wayView(box: Box, width: number, height: number): Place & { zoom: number } {
  const view = firstView({ ...box, y: box.y - ABOVE, height: box.height + ABOVE }, width, height);
  const fits = Math.min((width - 2 * PAD) / box.width, (height - 2 * PAD) / (box.height + ABOVE));
  if (fits >= view.zoom || fits < WHOLE) return view;
  return {
    x: (width - box.width * fits) / 2 - box.x * fits,
    y: (height - box.height * fits) / 2 - box.y * fits,
    zoom: fits,
  };
}

/** How high the drawing is: as high as it needs in the zoom that its width gives, within reason. */
export function heightOf(box: Box, width: number): number {
  const zoom = Math.max(Math.min((width - 2 * PAD) / box.width, 1), READABLE);
  return Math.round(Math.min(Math.max(box.height * zoom + 3 * PAD, 240), 560));
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The step that lies next in a direction: near, and rather straight ahead than aside. */
export function nextIn(places: Places, from: string, direction: Direction): string | null {
  const here = places[from];
  if (!here) return null;
  let best: string | null = null;
  let least = Infinity;
  for (const [id, place] of Object.entries(places)) {
    const [dx, dy] = [place.x - here.x, place.y - here.y];
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    if (id === from || ahead < GRID || aside > ahead * 3) continue;
    const cost = ahead + aside * 2;
    if (cost < least) [best, least] = [id, cost];
  }
  return best;
}

const CORNER = 8;
/** Where an arrow turns: half of the room between two columns. */
const TURN = 30;
const INSET = 12;

/** A line through points with rounded corners. */
function rounded(points: readonly (readonly [number, number])[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first[0]},${first[1]}`;
  let before = first;
  rest.forEach((at, index) => {
    const next = rest[index + 1];
    if (!next) {
      path += `L${at[0]},${at[1]}`;
      return;
    }
    const into = Math.hypot(at[0] - before[0], at[1] - before[1]);
    const out = Math.hypot(next[0] - at[0], next[1] - at[1]);
    const size = Math.min(CORNER, into / 2, out / 2);
    const a =
      into === 0
        ? at
        : ([at[0] - ((at[0] - before[0]) / into) * size, at[1] - ((at[1] - before[1]) / into) * size] as const);
    const b =
      out === 0 ? at : ([at[0] + ((next[0] - at[0]) / out) * size, at[1] + ((next[1] - at[1]) / out) * size] as const);
    path += `L${a[0]},${a[1]}Q${at[0]},${at[1]} ${b[0]},${b[1]}`;
    before = at;
  });
  return path;
}

export interface Drawn {
  path: string;
  /** Where the label stands, and at which of its ends. */
  label: Place & { anchor: 'start' | 'middle' };
  /** About half of the way along it: what marks the arrow as a whole stands there. */
  middle: Place;
}

/** Data that is taken beside the wires: over the boxes between, from the top of the one to the top of the other. */
export function over(from: Place, to: Place): Drawn {
  const [sx, tx] = [from.x + WIDTH - 2 * INSET, to.x + WIDTH - 2 * INSET];
  const lane = Math.min(from.y, to.y) - ABOVE;
  return {
    path: rounded([
      [sx, from.y],
      [sx, lane],
      [tx, lane],
      [tx, to.y - 2],
    ]),
    label: { x: (sx + tx) / 2, y: lane - 6, anchor: 'middle' },
    middle: { x: (sx + tx) / 2, y: lane },
  };
}

/**
 * The arrow between two boxes, given by their upper left corners, as the server keeps room for it: down turns right
 * behind the source, up right before the target, back goes round below; a sub-node's goes left and up.
 */
export function arrow(from: Place, to: Place, sub: boolean): Drawn {
  if (sub) {
    const [y, x] = [from.y + HEIGHT / 2, Math.min(to.x + INSET, from.x - INSET)];
    return {
      path: rounded([
        [from.x, y],
        [x, y],
        [x, to.y + HEIGHT + 2],
      ]),
      label: { x: x + 6, y: y - 36, anchor: 'start' },
      middle: { x, y: (y + to.y + HEIGHT) / 2 },
    };
  }
  const [sx, sy, tx, ty] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x - 2, to.y + HEIGHT / 2];
  const room = tx - sx;
  if (room < 20) {
    // Between the two boxes where the target lies below or above, else round below both.
    const upper = from.y < to.y ? from : to;
    const lower = upper === from ? to : from;
    const between = lower.y - upper.y - HEIGHT;
    const beside = to.x > from.x - TURN && between >= 2 * CORNER;
    const lane = beside ? upper.y + HEIGHT + between / 2 : lower.y + HEIGHT + 20;
    return {
      path: rounded([
        [sx, sy],
        [sx + 16, sy],
        [sx + 16, lane],
        [tx - 18, lane],
        [tx - 18, ty],
        [tx, ty],
      ]),
      label: { x: (sx + tx) / 2, y: lane - 5, anchor: 'middle' },
      middle: { x: (sx + tx) / 2, y: lane },
    };
  }
  if (Math.abs(sy - ty) < 1) {
    return {
      path: `M${sx},${sy}L${tx},${ty}`,
      label: { x: sx + 5, y: sy - 6, anchor: 'start' },
      middle: { x: (sx + tx) / 2, y: sy },
    };
  }
  const down = ty > sy;
  const turn = room < 2 * TURN ? sx + room / 2 : down ? sx + TURN : tx - TURN;
  return {
    path: rounded([
      [sx, sy],
      [turn, sy],
      [turn, ty],
      [tx, ty],
    ]),
    // Above the row of the target there is room to both sides of the line.
    label:
      down && ty - sy > HEIGHT + 16
        ? { x: turn, y: ty - HEIGHT / 2 - 6, anchor: 'middle' }
        : { x: sx + 5, y: sy - 6, anchor: 'start' },
    middle: { x: turn, y: (sy + ty) / 2 },
  };
}
