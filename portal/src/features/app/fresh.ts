import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** Return a function that reads everything shown anew; after an act, so that nobody waits for the live stream. */
export function useFresh(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries(), [client]);
}
