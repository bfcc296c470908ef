import { useQuery } from '@tanstack/react-query';
import { listRolesOptions } from '@/api/@tanstack/react-query.gen';

/** Return the roles that may do something, as people say it: `steward or admin`. */
export function useRolesWith(permission: string): string {
  const { data } = useQuery({ ...listRolesOptions(), staleTime: Number.POSITIVE_INFINITY });
  const roles = (data?.items ?? []).filter((role) => role.permissions.includes(permission)).map((role) => role.role);
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(roles).replace(', or ', ' or ');
}
