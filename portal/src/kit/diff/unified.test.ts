import { describe, expect, it } from 'vitest';
import { readDiff, sizeOf } from './unified';

const DIFF = `--- flow.json
+++ flow.json
@@ -3,4 +3,4 @@
   "a": 1,
-  "url": "http://x",
+  "url": "https://x",
   "b": 2,
   "c": 3
@@ -20,2 +20,3 @@
 x
+y
 z
`;

describe('a unified diff', () => {
  it('is read with the numbers of its lines', () => {
    const [first, second] = readDiff(DIFF);
    expect(first!.skipped).toBe(2);
    expect(first!.lines.map((line) => [line.kind, line.before, line.after])).toEqual([
      ['same', 3, 3],
      ['removed', 4, null],
      ['added', null, 4],
      ['same', 5, 5],
      ['same', 6, 6],
    ]);
    expect(second!.skipped).toBe(13);
    expect(second!.lines.map((line) => line.text)).toEqual(['x', 'y', 'z']);
    expect(sizeOf(readDiff(DIFF))).toEqual({ added: 2, removed: 1 });
  });
  it('takes a line that looks like a head for what it is', () => {
    const [hunk] = readDiff('--- a\n+++ b\n@@ -1,2 +1,1 @@\n--- old\n @@ -1 +1 @@\n');
    expect(hunk!.lines.map((line) => [line.kind, line.text])).toEqual([
      ['removed', '-- old'],
      ['same', '@@ -1 +1 @@'],
    ]);
  });
  it('needs no counts, no last line end, and nothing at all', () => {
    expect(readDiff('@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file')[0]!.lines).toHaveLength(2);
    expect(readDiff('')).toEqual([]);
    expect(readDiff('nothing of the kind')).toEqual([]);
  });
});
