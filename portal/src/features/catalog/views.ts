import type { SavedViewView, ViewCounts } from '@/api';
import type { TabLink } from '@/kit/page/Parts';
import { type Filters, type Flag, fromQuery, NOTHING, toQuery, toSearch } from './filters';
import { words } from './words';

const FLAG_TABS: readonly (readonly [Flag, keyof ViewCounts])[] = [
  ['in_review', 'inReview'],
  ['drifted', 'drifted'],
  ['no_owner', 'noOwner'],
  ['no_deputy', 'noDeputy'],
  ['quarantined', 'quarantined'],
];

/** The kept view that shows just this. */
export function keptView(filters: Filters, views: readonly SavedViewView[]): SavedViewView | undefined {
  const query = toQuery(filters);
  return views.find((view) => toQuery(fromQuery(view.query)) === query);
}

const ownerAndFlags = (filters: Filters): string => JSON.stringify([filters.owner, filters.flag]);

/** Our own views with their counts, then those that the person kept; one of them may be open. */
export function tabsOf(
  filters: Filters,
  counts: ViewCounts,
  views: readonly SavedViewView[],
): { items: TabLink[]; own: boolean } {
  const kept = keptView(filters, views);
  const here = ownerAndFlags(filters);
  const tab = (label: string, part: Partial<Filters>, count: number): TabLink => ({
    label,
    to: '/catalog',
    search: toSearch({ ...NOTHING, ...part, sort: filters.sort }),
    count,
    active: !kept && here === ownerAndFlags({ ...NOTHING, ...part }),
  });
  const own = [
    tab(words.views.all, {}, counts.all),
    tab(words.views.mine, { owner: 'me' }, counts.mine),
    ...FLAG_TABS.map(([flag, key]) => tab(words.views[flag], { flag: [flag] }, counts[key])),
  ];
  return {
    items: [
      ...own,
      ...views.map((view) => ({
        label: view.name,
        to: '/catalog',
        search: toSearch(fromQuery(view.query)),
        active: view === kept,
      })),
    ],
    own: own.some((item) => item.active),
  };
}
