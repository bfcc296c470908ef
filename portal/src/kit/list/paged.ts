import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback } from 'react';

declare module '@tanstack/history' {
  interface HistoryState {
    /** Cursors of the pages of a list before the open one; the first page has none. */
    pagesBefore?: readonly string[];
  }
}

/** How many rows a page of a list has. */
export const PAGE = 50;

/** An address's query as the router gives it. */
export type Search = Record<string, string | string[] | undefined>;

export const textOf = (value: Search[string]): string => (Array.isArray(value) ? value[0] : value) ?? '';

/** Which page of a list the address names: its cursor, empty for the first, and its number. */
export function pageOf(search: Search): { cursor: string; page: number } {
  const cursor = textOf(search['cursor']);
  return { cursor, page: cursor ? Math.max(2, Math.trunc(Number(textOf(search['page']))) || 2) : 1 };
}

/**
 * Turn pages of a list that is read by cursors and lives in the address.
 *
 * @param here The list's address.
 * @param asked What it is narrowed by, as the query of the address.
 * @param at The open page.
 * @param after Cursor of the page after it, if there is one.
 */
export function usePaged(
  here: string,
  asked: Search,
  { cursor, page }: ReturnType<typeof pageOf>,
  after?: string | null,
) {
  const before = useRouterState({ select: (state) => state.location.state.pagesBefore }) ?? [];
  const navigate = useNavigate();
  const knowsPrevious = before.length === page - 1;

  /** Ask something else, from its first page on. */
  const ask = useCallback(
    (next: Search, replace: boolean) => void navigate({ to: here, search: next, replace, resetScroll: false }),
    [navigate, here],
  );
  const turn = (forward: boolean) => {
    // A link leads to a page without those before it: from there the only way back is to the first.
    const target = forward ? (after ?? '') : knowsPrevious ? (before.at(-1) ?? '') : '';
    void navigate({
      to: here,
      search: { ...asked, ...(target ? { page: String(page + (forward ? 1 : -1)), cursor: target } : {}) },
      state: { pagesBefore: forward ? [...(knowsPrevious ? before : []), cursor] : before.slice(0, -1) },
    });
  };
  return { ask, turn, knowsPrevious };
}
