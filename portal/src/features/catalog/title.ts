import type { ViewCounts } from '@/api';
import { number } from '@/kit/format';
import { platformName } from '@/words/platforms';
import { facetCount, type Filters, isAll } from './filters';
import { dataWords, flagWords, runsWords, titles as words } from './words';

/** What the title is made from. */
export interface Shown {
  filters: Filters;
  total: number;
  views: ViewCounts;
  /** Retired apps beside them. */
  retired: number;
  similar: boolean;
}

const either = (items: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(items).replace(/, or /, ' or ');

const TYPED = /(?:^|\s)((?:owner|team|stage|runs|platform|data|dataclass|class|is):(?:"[^"]*"?|\S+))/gi;

/** A text, apart: the words, and the filters that stand among them. */
export function split(q: string): { words: string; typed: string[] } {
  const typed = [...q.matchAll(TYPED)].map((found) => found[1] ?? '');
  return { words: q.replaceAll(TYPED, ' ').replaceAll(/\s+/g, ' ').trim(), typed };
}

const NOUNS: Readonly<Record<string, readonly [string, string]>> = {
  idea: ['idea', 'ideas'],
  prototype: ['prototype', 'prototypes'],
  operating: ['operating app', 'operating apps'],
  retired: ['retired app', 'retired apps'],
};

function qualifiers({ filters, similar }: Shown, nameOf: (name: string) => string): string[] {
  const typed = split(filters.q);
  const found: string[] = [];
  if (filters.owner) found.push(words.owned(filters.owner === 'me' ? '' : nameOf(filters.owner)));
  found.push(...filters.flag.map((flag) => flagWords[flag]));
  if (filters.platform.length > 0) found.push(words.builtOn(either(filters.platform.map(platformName))));
  if (filters.dataClass.length > 0) found.push(dataWords(filters.dataClass, either));
  if (filters.runs.length > 0) found.push(either(filters.runs.map((kind) => runsWords[kind] ?? kind)));
  if (filters.team.length > 0) found.push(words.ofTeam(either(filters.team)));
  if (typed.words) found.push(similar ? words.like(typed.words) : words.about(typed.words));
  if (typed.typed.length > 0) found.push(words.typed(typed.typed));
  return found;
}

const MOST = 3;

/** The page's title: what was found, as a sentence. */
export function title(shown: Shown, nameOf: (name: string) => string): string {
  const { filters, total, views, retired } = shown;
  if (isAll(filters)) return words.all(views.all, retired);
  const alone = !filters.q.trim() && facetCount(filters) === 0;
  if (alone && filters.owner === 'me' && filters.flag.length === 0) return words.mine(total);
  const [flag] = filters.flag;
  if (alone && !filters.owner && flag && filters.flag.length === 1) return words.flagged[flag](total);
  const noun = (filters.stage.length === 1 ? NOUNS[filters.stage[0] ?? ''] : undefined) ?? ['app', 'apps'];
  const said = qualifiers(shown, nameOf);
  const what = `${total === 0 ? 'No' : number(total)} ${total <= 1 ? noun[0] : noun[1]}`;
  return said.length > MOST ? words.match(what, total) : [what, ...said].join(' ');
}
