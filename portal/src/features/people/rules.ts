import type { PersonView, RolePermissionsView, RoleView } from '@/api';
import { OF_ALL_TEAMS } from '@/session/permissions';

export const EVERYWHERE = '*';

/** What a person may do in a team (or in all of them) by their roles. */
export function mayDo(
  held: readonly Pick<RoleView, 'role' | 'team'>[],
  team: string,
  roles: readonly RolePermissionsView[],
): Set<string> {
  const here = new Set(held.filter((role) => role.team === EVERYWHERE || role.team === team).map((role) => role.role));
  return new Set(roles.filter((role) => here.has(role.role)).flatMap((role) => role.permissions));
}

/** Whether a role may do less in one team than in all of them. */
export function isPartial(role: string, team: string, roles: readonly RolePermissionsView[]): boolean {
  const held = roles.find((each) => each.role === role)?.permissions ?? [];
  return team !== EVERYWHERE && held.some((permission) => OF_ALL_TEAMS.has(permission));
}

/** What a role would add to what somebody may do there already. */
export function gains(
  held: readonly Pick<RoleView, 'role' | 'team'>[],
  role: string,
  team: string,
  roles: readonly RolePermissionsView[],
): string[] {
  const before = mayDo(held, team, roles);
  return (roles.find((each) => each.role === role)?.permissions ?? []).filter(
    (permission) => !before.has(permission) && (team === EVERYWHERE || !OF_ALL_TEAMS.has(permission)),
  );
}

export interface Filter {
  text: string;
  team: string;
  status: string;
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** People who fit, by how they are called; those who can sign in first. */
export function matching(people: readonly PersonView[], { text, team, status }: Filter): PersonView[] {
  const wanted = plain(text.trim()).split(/\s+/).filter(Boolean);
  return people
    .filter(
      (person) =>
        (team === '' || person.roles.some((role) => role.team === team || role.team === EVERYWHERE)) &&
        (status === '' || person.status === status) &&
        wanted.every((word) => plain(`${person.displayName} ${person.name}`).includes(word)),
    )
    .toSorted(
      (one, other) =>
        Number(one.status !== 'active') - Number(other.status !== 'active') ||
        (one.displayName || one.name).localeCompare(other.displayName || other.name),
    );
}

/** The end of a day in the browser's zone, as the API takes it; null for none. */
export function endOfDay(day: string): string | null {
  if (day === '') return null;
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}
