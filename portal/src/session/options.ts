import { useQuery } from '@tanstack/react-query';
import type { SignInOptionsView } from '@/api';
import { entranceOptions } from '@/api/@tanstack/react-query.gen';

/** Return how one may sign in here, and what this install is called; undefined until that is known. */
export function useOptions(): SignInOptionsView | undefined {
  return useQuery({ ...entranceOptions(), staleTime: Number.POSITIVE_INFINITY }).data;
}
