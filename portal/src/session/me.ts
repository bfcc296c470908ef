import { useQuery } from '@tanstack/react-query';
import { createContext, useCallback, useContext } from 'react';
import type { MeView } from '@/api';
import { listRolesOptions } from '@/api/@tanstack/react-query.gen';
import { OF_ALL_TEAMS } from './permissions';

/** Who is signed in; set by the gate around every page but the ones for signing in. */
export const MeContext = createContext<MeView | null>(null);

export function useMe(): MeView {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMe outside of the signed-in pages');
  return me;
}

/**
 * Return a function that tells whether this person may do something, for a team or for any.
 * Only for what to show: the API decides.
 */
export function useMay(): (permission: string, team?: string) => boolean {
  const me = useMe();
  const { data } = useQuery({ ...listRolesOptions(), staleTime: Number.POSITIVE_INFINITY });
  return useCallback(
    (permission, team) => {
      if (!me.permissions.includes(permission)) return false;
      const everywhere = OF_ALL_TEAMS.has(permission);
      if (team === undefined && !everywhere) return true;
      if (data === undefined) return !everywhere || me.roles.some((held) => held.team === '*');
      const granting = new Set(
        data.items.filter((role) => role.permissions.includes(permission)).map((role) => role.role),
      );
      return me.roles.some(
        (held) => granting.has(held.role) && (held.team === '*' || (!everywhere && held.team === team)),
      );
    },
    [me, data],
  );
}
