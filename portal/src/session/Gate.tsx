import { useQuery } from '@tanstack/react-query';
import { Navigate, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { readMeOptions } from '@/api/@tanstack/react-query.gen';
import { setTimeZone } from '@/kit/format';
import { problemOf } from '@/kit/problem';
import { Failed, Loading } from '@/kit/states/States';
import { gate as words } from '@/words/gate';
import { MeContext } from './me';

/** Lets signed-in people through, and remembers where everybody else wanted to go. */
export function Gate({ children }: { children: ReactNode }) {
  const me = useQuery({
    ...readMeOptions(),
    staleTime: 60_000,
    retry: (tries, error) => problemOf(error).status === 0 && tries < 30,
    retryDelay: 1_000,
  });
  const wanted = useRouterState({ select: (state) => state.location.href });
  const zone = me.data?.timeZone ?? '';
  useEffect(() => setTimeZone(zone), [zone]);
  if (me.data) return <MeContext value={me.data}>{children}</MeContext>;
  if (me.isError && problemOf(me.error).status === 401) {
    return <Navigate to="/sign-in" search={wanted === '/' ? {} : { next: wanted }} replace />;
  }
  if (me.isError) return <Failed what={words.you} error={me.error} retry={() => void me.refetch()} />;
  return <Loading />;
}
