import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { DefinitionsView } from '@/api';
import { listDefinitionsOptions } from '@/api/@tanstack/react-query.gen';
import { PAGE, pageOf, type Search, usePaged } from '@/kit/list/paged';
import { type Filters, fromSearch, toAsked, toSearch } from './filters';

/** What is on the page, with the question that it answers: while the next is read, the old one stays. */
export interface Answer {
  filters: Filters;
  page: number;
  found: DefinitionsView;
}

export function useInventory() {
  const search = useSearch({ strict: false }) as Search;
  const filters = useMemo(() => fromSearch(search), [search]);
  const at = pageOf(search);
  const query = useQuery({
    ...listDefinitionsOptions({ query: toAsked(filters, at.cursor, PAGE) }),
    placeholderData: keepPreviousData,
  });

  const [answer, setAnswer] = useState<Answer>();
  if (query.data && !query.isPlaceholderData && (answer?.found !== query.data || answer.filters !== filters)) {
    setAnswer({ filters, page: at.page, found: query.data });
  }
  const { ask, turn, knowsPrevious } = usePaged('/estate/definitions', toSearch(filters), at, query.data?.next);
  const change = useCallback((next: Filters, replace = false) => ask(toSearch(next), replace), [ask]);
  return { filters, query, answer, change, turn, page: at.page, knowsPrevious };
}
