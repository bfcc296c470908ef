import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { DossierView, VersionDetailView } from '@/api';
import { readVersionOptions } from '@/api/@tanstack/react-query.gen';

/** The version in review, and the approved one that it is compared with. */
export function useClosures({ app, environment, digest, comparedWith }: DossierView): {
  now: UseQueryResult<VersionDetailView, unknown>;
  before: UseQueryResult<VersionDetailView, unknown>;
} {
  const address = (which: string) => ({ path: { name: app, which }, query: { environment } });
  const now = useQuery(readVersionOptions(address(digest)));
  const before = useQuery({ ...readVersionOptions(address(String(comparedWith))), enabled: comparedWith > 0 });
  return { now, before };
}
