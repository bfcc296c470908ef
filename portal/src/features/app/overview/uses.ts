import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { AppDetailView, OperationCallsView, VersionDetailView } from '@/api';
import { callsOptions, readImpactOptions, readVersionOptions } from '@/api/@tanstack/react-query.gen';
import { useMay } from '@/session/me';
import { closureOf, type Match, type OperationUse, shownVersion, usesOf } from '../model';

/** What a version asks for, what its approval grants and what was called in 28 days, put together. */
export interface Uses {
  byConnection: Map<string, OperationUse[]>;
  /** Whether there is an approval, so that "granted" means something. */
  granted: boolean;
  /** Whether anybody counted calls at all. */
  measured: boolean;
  version: VersionDetailView | undefined;
  calls: readonly OperationCallsView[];
  asOf: string | null;
  /** Whatever could not be read. */
  error: unknown;
  loading: boolean;
  again: () => void;
}

export const SINCE = '28d';

export function useUses(app: AppDetailView, match: Match): Uses {
  const may = useMay();
  const reads = may('signal:read', app.team);
  const shown = shownVersion(app, match);
  const { environment } = match;
  const version = useQuery({
    ...readVersionOptions({
      path: { name: app.name, which: String(shown?.number ?? '') },
      query: { environment },
    }),
    enabled: shown !== undefined,
    staleTime: 60_000,
  });
  // What is granted now, by every approval that holds.
  const granted = useQuery({
    ...readImpactOptions({ path: { name: app.name } }),
    enabled: match.approval !== undefined,
    placeholderData: keepPreviousData,
  });
  const calls = useQuery({
    ...callsOptions({ path: { name: app.name }, query: { since: SINCE } }),
    enabled: reads,
    placeholderData: keepPreviousData,
  });
  const called = (calls.data?.items ?? []).filter((item) => item.environment === environment);
  const grants = (granted.data?.connections ?? [])
    .filter((each) => each.environment === environment)
    .flatMap(({ connection, operations }) => operations.map((operation) => ({ connection, operation })));
  const asked = version.data ? closureOf(version.data.closure).operations : [];
  return {
    byConnection: usesOf(asked, grants, called),
    granted: match.approval !== undefined && granted.data !== undefined,
    measured: calls.data !== undefined && calls.data.asOf !== null,
    version: version.data,
    calls: called,
    asOf: calls.data?.asOf ?? null,
    error: version.error ?? granted.error ?? calls.error,
    // Calls may come later: what is asked for and granted says enough meanwhile.
    loading: version.isLoading || granted.isLoading,
    again: () => {
      void version.refetch();
      void granted.refetch();
      void calls.refetch();
    },
  };
}
