import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { listDirectoryOptions } from '@/api/@tanstack/react-query.gen';

export interface Name {
  displayName: string;
  active: boolean;
}

/** Return a function from a sign-in name to how the person is called. */
export function useNames(): (name: string) => Name {
  const { data } = useQuery({ ...listDirectoryOptions(), staleTime: 60_000 });
  const byName = useMemo(() => new Map(data?.items.map((person) => [person.name, person])), [data]);
  return useCallback(
    (name) => {
      const found = byName.get(name);
      return found
        ? { displayName: found.displayName || name, active: found.active }
        : { displayName: name, active: true };
    },
    [byName],
  );
}
