import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { TailCallView, TailView } from '@/api';
import { hubTailOptions } from '@/api/@tanstack/react-query.gen';
import { merged } from './tail';

interface Following {
  query: UseQueryResult<TailView, unknown>;
  calls: readonly TailCallView[];
  paused: boolean;
  /** Calls that came while it was paused. */
  waiting: number;
  pause: (paused: boolean) => void;
}

/** Follow a hub's newest calls; the live stream has them read anew, a pause keeps what is in view as it is. */
export function useTail(name: string): Following {
  const query = useQuery(hubTailOptions({ path: { name } }));
  const items = query.data?.items;
  const [came, setCame] = useState<{ from: TailView['items'] | undefined; calls: readonly TailCallView[] }>({
    from: undefined,
    calls: [],
  });
  const [frozen, setFrozen] = useState<readonly TailCallView[] | null>(null);
  if (items !== undefined && items !== came.from) setCame({ from: items, calls: merged(came.calls, items) });
  const newest = frozen?.[0]?.id ?? 0;
  return {
    query,
    calls: frozen ?? came.calls,
    paused: frozen !== null,
    waiting: frozen === null ? 0 : came.calls.filter((call) => call.id > newest).length,
    pause: (paused) => setFrozen(paused ? came.calls : null),
  };
}
