import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** Return a function that has the named reads made anew: `refresh('listHubs', 'readHub')`. */
export function useRefresh(): (...ids: string[]) => void {
  const client = useQueryClient();
  return useCallback(
    (...ids) =>
      void client.invalidateQueries({
        predicate: (query) => ids.includes((query.queryKey[0] as { _id?: string } | undefined)?._id ?? ''),
      }),
    [client],
  );
}
