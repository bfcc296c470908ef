/** What somebody gave: files with their paths below what was dropped. */
export interface Given {
  path: string;
  file: File;
}

/** The parts of the browser's directory API that are used; a test has its own. */
export interface Entry {
  isFile: boolean;
  isDirectory: boolean;
  name: string;
}
interface FileEntry extends Entry {
  file: (found: (file: File) => void, failed: (error: unknown) => void) => void;
}
interface FolderEntry extends Entry {
  createReader: () => { readEntries: (found: (entries: Entry[]) => void, failed: (error: unknown) => void) => void };
}

export interface Walked {
  files: readonly Given[];
  /** Paths that the browser could not read, with what it said. */
  unread: readonly { path: string; error: string }[];
  /** Folders that hold no flow by custom. */
  skipped: readonly string[];
  /** Whether the walk ended before everything was seen. */
  cut: boolean;
}

/** More files than this are a folder dropped by mistake, such as a whole home. */
export const FILES_MAX = 50_000;
const DEEPEST = 64;
/** Other people's code and what tools keep: never somebody's flows. */
const SKIPPED = /^(node_modules|__pycache__|\.[^.].*)$/;

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A browser gives at most a hundred entries at a time, and an empty list at the end. */
async function childrenOf(folder: FolderEntry): Promise<Entry[]> {
  const reader = folder.createReader();
  const found: Entry[] = [];
  for (;;) {
    // One after the other is how a reader works.
    // oxlint-disable-next-line no-await-in-loop
    const some = await new Promise<Entry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    found.push(...some);
  }
}

/** Walk what was dropped, folders and all, in the order of their names; one that cannot be read stops nothing. */
export async function walk(
  entries: readonly Entry[],
  onFound: (files: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Walked> {
  const files: Given[] = [];
  const unread: { path: string; error: string }[] = [];
  const skipped: string[] = [];
  let cut = false;
  const byName = (some: readonly Entry[]) => some.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const stack = byName(entries)
    .map((entry) => ({ entry, path: entry.name, depth: 0 }))
    .toReversed();
  while (stack.length > 0) {
    if (signal?.aborted) break;
    const { entry, path, depth } = stack.pop()!;
    if (files.length >= FILES_MAX) {
      cut = true;
      break;
    }
    try {
      if (entry.isFile) {
        // oxlint-disable-next-line no-await-in-loop
        const file = await new Promise<File>((resolve, reject) => (entry as FileEntry).file(resolve, reject));
        files.push({ path, file });
        onFound(files.length);
      } else if (depth > 0 && SKIPPED.test(entry.name)) skipped.push(path);
      else if (depth >= DEEPEST) unread.push({ path, error: 'too_deep' });
      else {
        // oxlint-disable-next-line no-await-in-loop
        const children = byName(await childrenOf(entry as FolderEntry));
        for (const child of children.toReversed())
          stack.push({ entry: child, path: `${path}/${child.name}`, depth: depth + 1 });
      }
    } catch (error) {
      unread.push({ path, error: reason(error) });
    }
  }
  return { files, unread, skipped, cut };
}

/** What a file field holds; a folder field says the path below the folder. */
export function fromField(list: Iterable<File>): Walked {
  const files: Given[] = [];
  const skipped = new Set<string>();
  let cut = false;
  for (const file of list) {
    const path = file.webkitRelativePath || file.name;
    const folders = path.split('/').slice(0, -1);
    const at = folders.findIndex((folder, index) => index > 0 && SKIPPED.test(folder));
    if (at >= 0) skipped.add(folders.slice(0, at + 1).join('/'));
    else if (files.length >= FILES_MAX) cut = true;
    else files.push({ path, file });
  }
  files.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { files, unread: [], skipped: [...skipped], cut };
}

/** The one folder that everything lies in; empty when files were given by themselves, or from several. */
export function folderOf(files: readonly Given[]): string {
  const first = files[0]?.path.split('/');
  if (!first || first.length < 2) return '';
  const folder = `${first[0]!}/`;
  return files.every((each) => each.path.startsWith(folder)) ? first[0]! : '';
}
