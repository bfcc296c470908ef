/** One line of a raw difference; `skip` stands for lines that are the same. */
export interface RawLine {
  kind: 'same' | 'added' | 'removed' | 'skip';
  text: string;
  /** How many lines a `skip` leaves out. */
  lines?: number;
}

const CONTEXT = 3;
/** Above so many comparisons a changed stretch is shown as gone and new, whole. */
const MOST = 4_000_000;

/** Compare two texts line by line. */
export function rawDiff(before: string, after: string): RawLine[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): RawLine[] => lines.map((text) => ({ kind: 'same', text }));
  return folded([
    ...same(old.slice(0, start)),
    ...between(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...same(end > 0 ? old.slice(-end) : []),
  ]);
}

/** The longest lines in common, and what differs around them. */
function between(old: readonly string[], now: readonly string[]): RawLine[] {
  const removed = (text: string): RawLine => ({ kind: 'removed', text });
  const added = (text: string): RawLine => ({ kind: 'added', text });
  if (old.length * now.length > MOST) return [...old.map(removed), ...now.map(added)];
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = now.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const found: RawLine[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < now.length) {
    const left = old[row];
    const right = now[column];
    if (left !== undefined && left === right) {
      found.push({ kind: 'same', text: left });
      row += 1;
      column += 1;
    } else if (left !== undefined && (right === undefined || at(row + 1, column) >= at(row, column + 1))) {
      found.push(removed(left));
      row += 1;
    } else if (right !== undefined) {
      found.push(added(right));
      column += 1;
    }
  }
  return found;
}

/** Leave out what is far from any difference. */
function folded(lines: readonly RawLine[]): RawLine[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind === 'same') return;
    for (let other = index - CONTEXT; other <= index + CONTEXT; other += 1) near.add(other);
  });
  const found: RawLine[] = [];
  lines.forEach((line, index) => {
    if (near.has(index)) {
      found.push(line);
      return;
    }
    const last = found.at(-1);
    if (last?.kind === 'skip') last.lines = (last.lines ?? 0) + 1;
    else found.push({ kind: 'skip', text: '', lines: 1 });
  });
  return found;
}
