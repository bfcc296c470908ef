/** A stretch of a sentence about a change: what it was is struck, what it is now underlined. */
export interface Piece {
  text: string;
  kind?: 'was' | 'is';
}

const QUOTED = /^("(?:[^"\\]|\\.)*")( to )(.+)$/;

/** Split `… changed from "5000" to "10000"` at its two values; a sentence that has none, or is unclear, stays whole. */
export function pieces(text: string): Piece[] {
  const begin = /^.*?\b(?:changed|rose|fell) from /.exec(text)?.[0];
  if (begin === undefined) return [{ text }];
  const rest = text.slice(begin.length);
  const quoted = QUOTED.exec(rest);
  const parts = rest.split(' to ');
  const [was, is] = quoted ? [quoted[1], quoted[3]] : parts.length === 2 && !rest.startsWith('"') ? parts : [];
  if (was === undefined || is === undefined) return [{ text }];
  return [{ text: begin }, { text: was, kind: 'was' }, { text: ' to ' }, { text: is, kind: 'is' }];
}

/** A sentence as people write it: the API's words begin small, because they also stand within sentences. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
