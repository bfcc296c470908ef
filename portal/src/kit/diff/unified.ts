/** A line of a unified diff. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** Line before and after, from 1; null where there is none. */
  before: number | null;
  after: number | null;
}

/** Lines that stand together; between two of them lines are left out. */
export interface Hunk {
  /** Lines left out before it. */
  skipped: number;
  lines: readonly DiffLine[];
}

const HEAD = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Read a unified diff; lines before the first hunk (`---`, `+++`) are left out. */
export function readDiff(text: string): readonly Hunk[] {
  const hunks: { skipped: number; lines: DiffLine[] }[] = [];
  let [before, after, seen] = [0, 0, 0];
  // How much the open hunk still holds: a removed line may look like the head of a file (`--- a`).
  let [oldLeft, newLeft] = [0, 0];
  for (const line of text.split('\n')) {
    const head = oldLeft <= 0 && newLeft <= 0 ? HEAD.exec(line) : null;
    if (head) {
      before = Number(head[1]);
      after = Number(head[3]);
      oldLeft = Number(head[2] ?? 1);
      newLeft = Number(head[4] ?? 1);
      hunks.push({ skipped: Math.max(0, before - seen - 1), lines: [] });
      continue;
    }
    const hunk = hunks.at(-1);
    if (!hunk || (oldLeft <= 0 && newLeft <= 0) || line.startsWith('\\')) continue;
    const rest = line.slice(1);
    if (line.startsWith('+')) {
      hunk.lines.push({ kind: 'added', text: rest, before: null, after: after++ });
      newLeft -= 1;
    } else if (line.startsWith('-')) {
      hunk.lines.push({ kind: 'removed', text: rest, before: before++, after: null });
      oldLeft -= 1;
    } else {
      hunk.lines.push({ kind: 'same', text: rest, before: before++, after: after++ });
      oldLeft -= 1;
      newLeft -= 1;
    }
    seen = before - 1;
  }
  return hunks.filter((hunk) => hunk.lines.length > 0);
}

/** How many lines a diff takes away and adds. */
export function sizeOf(hunks: readonly Hunk[]): { added: number; removed: number } {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    added: lines.filter((line) => line.kind === 'added').length,
    removed: lines.filter((line) => line.kind === 'removed').length,
  };
}
