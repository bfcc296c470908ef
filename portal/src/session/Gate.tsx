import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { readMeOptions } from '@/api/@tanstack/react-query.gen';
import { setTimeZone } from '@/kit/format';
import { problemOf } from '@/kit/problem';
import { Failed, Loading } from '@/kit/states/States';
import { gate as words } from '@/words/gate';
import { MeContext } from './me';

/** Goes to sign in, once; the address on the way there is not where somebody wanted to go. */
function Away() {
  const navigate = useNavigate();
  const [wanted] = useState(() => window.location.pathname + window.location.search + window.location.hash);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: wanted === '/' ? {} : { next: wanted }, replace: true });
  }, [navigate, wanted]);
  return <Loading />;
}

/** Lets signed-in people through, and remembers where everybody else wanted to go. */
export function Gate({ children }: { children: ReactNode }) {
  const me = useQuery({
    ...readMeOptions(),
    staleTime: 60_000,
    retry: (tries, error) => problemOf(error).status === 0 && tries < 30,
    retryDelay: 1_000,
  });
  const zone = me.data?.timeZone ?? '';
  useEffect(() => setTimeZone(zone), [zone]);
  if (me.data) return <MeContext value={me.data}>{children}</MeContext>;
  if (me.isError && problemOf(me.error).status === 401) {
    return <Away />;
  }
  if (me.isError) return <Failed what={words.you} error={me.error} retry={() => void me.refetch()} />;
  return <Loading />;
}
