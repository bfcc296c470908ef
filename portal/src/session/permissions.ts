/** What concerns the install as a whole: a role for one team does not carry it, only one for all teams does. */
export const OF_ALL_TEAMS: ReadonlySet<string> = new Set([
  'audit:read',
  'people:read',
  'people:write',
  'hub:read',
  'hub:write',
  'connector:write',
  'credential:write',
]);
