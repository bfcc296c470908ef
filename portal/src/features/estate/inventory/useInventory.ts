import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { DefinitionsView } from '@/api';
import { listDefinitionsOptions } from '@/api/@tanstack/react-query.gen';
import { type Filters, fromSearch, type Search, toAsked, toSearch } from './filters';

declare module '@tanstack/history' {
  interface HistoryState {
    /** Cursors of the pages before the open one; the first page has none. */
    inventoryPages?: readonly string[];
  }
}

export const PAGE = 50;

/** What is on the page, with the question that it answers: while the next is read, the old one stays. */
export interface Answer {
  filters: Filters;
  page: number;
  found: DefinitionsView;
}

const textOf = (value: Search[string]): string => (Array.isArray(value) ? value[0] : value) ?? '';
const HERE = '/estate/definitions';

export function useInventory() {
  const search = useSearch({ strict: false }) as Search;
  const before = useRouterState({ select: (state) => state.location.state.inventoryPages });
  const navigate = useNavigate();
  const filters = useMemo(() => fromSearch(search), [search]);
  const cursor = textOf(search['cursor']);
  const page = cursor ? Math.max(2, Math.trunc(Number(textOf(search['page']))) || 2) : 1;
  const query = useQuery({
    ...listDefinitionsOptions({ query: toAsked(filters, cursor, PAGE) }),
    placeholderData: keepPreviousData,
  });

  const [answer, setAnswer] = useState<Answer>();
  if (query.data && !query.isPlaceholderData && (answer?.found !== query.data || answer.filters !== filters)) {
    setAnswer({ filters, page, found: query.data });
  }

  /** Ask something else, from its first page on. */
  const change = useCallback(
    (next: Filters, replace = false) =>
      void navigate({ to: HERE, search: toSearch(next), replace, resetScroll: false }),
    [navigate],
  );
  const pages = before ?? [];
  const knowsPrevious = pages.length === page - 1;
  const turn = (forward: boolean) => {
    // A link leads to a page without those before it: from there the only way back is to the first.
    const target = forward ? (query.data?.next ?? '') : knowsPrevious ? (pages.at(-1) ?? '') : '';
    void navigate({
      to: HERE,
      search: {
        ...toSearch(filters),
        ...(target ? { page: String(page + (forward ? 1 : -1)), cursor: target } : {}),
      },
      state: { inventoryPages: forward ? [...(knowsPrevious ? pages : []), cursor] : pages.slice(0, -1) },
    });
  };
  return { filters, query, answer, change, turn, page, knowsPrevious };
}
