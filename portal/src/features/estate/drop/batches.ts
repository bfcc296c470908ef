import type { Given } from './walk';

/** The server takes 16 MB at once with everything around; base64 makes four bytes of three. */
export const BATCH_BYTES = 4 * 1024 * 1024;
export const BATCH_FILES = 60;
export const FILE_BYTES_MAX = 11 * 1024 * 1024;
export const ARCHIVE_BYTES_MAX = 15 * 1024 * 1024;
/** So many digests travel at once. */
export const DIGESTS_AT_ONCE = 200;

/** Kinds of file that a builder's export comes as. */
const READABLE = /\.(json|ya?ml|py)$/i;
const ARCHIVE = /\.zip$/i;

export interface Sorted {
  files: readonly Given[];
  archives: readonly Given[];
  /** Too large for one request. */
  large: readonly Given[];
  /** Of other kinds, by the end of their names, the most frequent first. */
  others: readonly { ending: string; count: number }[];
}

const ending = (path: string): string => /\.[^./]{1,12}$/.exec(path)?.[0].toLowerCase() ?? '';

/** Tell what can be read from what cannot. Nothing is left out without being counted. */
export function sorted(given: readonly Given[]): Sorted {
  const files: Given[] = [];
  const archives: Given[] = [];
  const large: Given[] = [];
  const others = new Map<string, number>();
  for (const each of given) {
    const { size } = each.file;
    if (ARCHIVE.test(each.path)) (size > ARCHIVE_BYTES_MAX ? large : archives).push(each);
    else if (READABLE.test(each.path)) (size > FILE_BYTES_MAX ? large : files).push(each);
    else others.set(ending(each.path), (others.get(ending(each.path)) ?? 0) + 1);
  }
  return {
    files,
    archives,
    large,
    others: [...others]
      .map(([end, count]) => ({ ending: end, count }))
      .toSorted((one, other) => other.count - one.count || (one.ending < other.ending ? -1 : 1)),
  };
}

/** Cut files into batches: none of too many, none too large, in the order given. */
export function batched(files: readonly Given[], most = BATCH_FILES, bytes = BATCH_BYTES): Given[][] {
  const batches: Given[][] = [];
  let size = 0;
  for (const each of files) {
    const last = batches.at(-1);
    if (!last || last.length >= most || size + each.file.size > bytes) {
      batches.push([each]);
      size = each.file.size;
    } else {
      last.push(each);
      size += each.file.size;
    }
  }
  return batches;
}

const CHUNK = 0x8000;

/** Bytes as base64; in chunks, for a call takes only so many arguments. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** The SHA-256 of bytes in hex; null where the browser offers none, as on a plain address of another machine. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
