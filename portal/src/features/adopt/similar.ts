/** Words that say nothing about what an app does. */
const EMPTY = new Set(
  'a an and or the of for to in on at by with from into our my we it its is are be that this which who when each every all any new app flow'.split(
    ' ',
  ),
);
const LONGEST = 4;

/**
 * Return searches for what somebody is writing, the narrowest first: all of its telling words, then the most telling
 * one. The catalog wants every word, and a sentence has too many.
 */
export function searchWords(text: string): string[] {
  const found = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu))].filter((word) => !EMPTY.has(word));
  if (found.length === 0) return [];
  const telling = found.toSorted((one, other) => other.length - one.length);
  const narrow = telling.slice(0, LONGEST);
  const all = found.filter((word) => narrow.slice(0, 2).includes(word)).join(' ');
  const first = found[0] ?? '';
  return all === first ? [first] : [all, first];
}
