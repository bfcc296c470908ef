/** A line of two texts side by side. */
export interface Row {
  kind: 'same' | 'changed' | 'gap';
  left?: string;
  right?: string;
  /** For a gap: how many lines it stands for. */
  hidden?: number;
}

const inline = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item !== 'object');

/** JSON with a row of texts on one line, so that a line is one fact. */
export function pretty(value: unknown, indent = ''): string[] {
  const inner = `${indent}  `;
  const join = (parts: string[][], open: string, close: string): string[] =>
    parts.length === 0
      ? [open + close]
      : [open, ...parts.flatMap((part, index) => (index < parts.length - 1 ? comma(part) : part)), indent + close];
  if (Array.isArray(value)) {
    if (inline(value) && value.length <= 3) return [`[${value.map((item) => JSON.stringify(item)).join(', ')}]`];
    return join(
      value.map((item) => indented(pretty(item, inner), inner)),
      '[',
      ']',
    );
  }
  if (typeof value === 'object' && value !== null) {
    return join(
      Object.entries(value).map(([key, item]) => {
        const [first = '', ...rest] = pretty(item, inner);
        return [`${inner}${JSON.stringify(key)}: ${first}`, ...rest];
      }),
      '{',
      '}',
    );
  }
  return [JSON.stringify(value) ?? 'null'];
}

const indented = ([first = '', ...rest]: string[], by: string): string[] => [by + first, ...rest];
const comma = (part: string[]): string[] => [...part.slice(0, -1), `${part.at(-1) ?? ''},`];

/** Beyond this many cells the middle is shown as one change: nobody reads it line by line. */
const CELLS_MAX = 4_000_000;

/** Pairs of lines that stay, by the longest common run of lines. */
function common(left: readonly string[], right: readonly string[]): [number, number][] {
  if (left.length * right.length > CELLS_MAX) return [];
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        left[i] === right[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Two texts side by side, line by line. */
export function sideBySide(left: readonly string[], right: readonly string[]): Row[] {
  const rows: Row[] = [];
  let i = 0;
  let j = 0;
  const differ = (untilLeft: number, untilRight: number): void => {
    while (i < untilLeft || j < untilRight) {
      const one = i < untilLeft ? left[i++] : undefined;
      const other = j < untilRight ? right[j++] : undefined;
      rows.push({
        kind: 'changed',
        ...(one === undefined ? {} : { left: one }),
        ...(other === undefined ? {} : { right: other }),
      });
    }
  };
  for (const [one, other] of common(left, right)) {
    differ(one, other);
    const text = left[i++] ?? '';
    j += 1;
    rows.push({ kind: 'same', left: text, right: text });
  }
  differ(left.length, right.length);
  return rows;
}

/** Fewer lines than this are not worth leaving out. */
const GAP_MIN = 3;

/** Leave out what stays the same, but for a few lines around each change. */
export function folded(rows: readonly Row[], around = 2): Row[] {
  const near = rows.map((_, index) =>
    rows.slice(Math.max(0, index - around), index + around + 1).some((row) => row.kind === 'changed'),
  );
  const shown: Row[] = [];
  let same: Row[] = [];
  const settle = (): void => {
    if (same.length >= GAP_MIN) shown.push({ kind: 'gap', hidden: same.length });
    else shown.push(...same);
    same = [];
  };
  rows.forEach((row, index) => {
    if (!near[index]) {
      same.push(row);
      return;
    }
    settle();
    shown.push(row);
  });
  settle();
  return shown;
}
