import { describe, expect, it } from 'vitest';
import { type Entry, folderOf, fromField, walk } from './walk';

type Parts = Record<string, unknown>;
const entry = (isFile: boolean, name: string, parts: Parts): Entry =>
  Object.assign({ isFile, isDirectory: !isFile, name }, parts);
const file = (name: string): Entry =>
  entry(true, name, { file: (found: (file: File) => void) => found(new File(['{}'], name)) });
const folder = (name: string, children: Entry[], atOnce = 2): Entry =>
  entry(false, name, {
    createReader: () => {
      let at = 0;
      return {
        readEntries: (found: (entries: Entry[]) => void) => {
          found(children.slice(at, at + atOnce));
          at += atOnce;
        },
      };
    },
  });
const broken = entry(true, 'locked.json', {
  file: (_: unknown, failed: (error: Error) => void) => failed(new Error('not readable')),
});

describe('walking what was dropped', () => {
  it('reads every entry of a folder, though a browser gives only some at a time', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `${index}.json`);
    const { files } = await walk([folder('flows', names.map(file))]);
    expect(files.map((each) => each.path)).toEqual(names.map((name) => `flows/${name}`));
  });
  it('goes down in the order of names and keeps paths', async () => {
    const { files } = await walk([folder('b', [file('z.json'), folder('a', [file('x.json')])]), file('a.json')]);
    expect(files.map((each) => each.path)).toEqual(['a.json', 'b/a/x.json', 'b/z.json']);
  });
  it('goes on after what cannot be read, and says so', async () => {
    const { files, unread } = await walk([folder('f', [broken, file('ok.json')])]);
    expect(files.map((each) => each.path)).toEqual(['f/ok.json']);
    expect(unread).toEqual([{ path: 'f/locked.json', error: 'not readable' }]);
  });
  it('leaves out what is never a flow, and says so; a folder that was meant is taken', async () => {
    const inner = [folder('node_modules', [file('a.json')]), folder('.git', [file('b.json')]), file('c.json')];
    const { files, skipped } = await walk([folder('.n8n', inner)]);
    expect(files.map((each) => each.path)).toEqual(['.n8n/c.json']);
    expect(skipped).toEqual(['.n8n/.git', '.n8n/node_modules']);
  });
  it('stops when it is told to', async () => {
    const control = new AbortController();
    control.abort();
    expect((await walk([file('a.json')], undefined, control.signal)).files).toEqual([]);
  });
  it('ends at the depth of a loop', async () => {
    const loop = folder('l', []) as Entry & { createReader: () => unknown };
    loop.createReader = () => {
      let given = false;
      return {
        readEntries: (found: (entries: Entry[]) => void) => {
          found(given ? [] : [loop]);
          given = true;
        },
      };
    };
    const { unread } = await walk([loop]);
    expect(unread.map((each) => each.error)).toEqual(['too_deep']);
  });
});

describe('a file field', () => {
  const of = (path: string) =>
    Object.defineProperty(new File(['{}'], path.split('/').at(-1)!), 'webkitRelativePath', { value: path });
  it('says the path below the folder', () => {
    const { files, skipped } = fromField([of('flows/b.json'), of('flows/a.json'), of('flows/.git/c.json')]);
    expect(files.map((each) => each.path)).toEqual(['flows/a.json', 'flows/b.json']);
    expect(skipped).toEqual(['flows/.git']);
  });
  it('has a folder in common or not', () => {
    expect(folderOf(fromField([of('flows/b.json'), of('flows/x/a.json')]).files)).toBe('flows');
    expect(folderOf(fromField([of('a/b.json'), of('c/b.json')]).files)).toBe('');
    expect(folderOf(fromField([new File([''], 'a.json')]).files)).toBe('');
    expect(folderOf([])).toBe('');
  });
});
