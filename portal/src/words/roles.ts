/** Roles and what they may do, in words; `roles` on its own is what each is for. */
export const roles = {
  name: {
    viewer: 'Viewer',
    builder: 'Builder',
    reviewer: 'Reviewer',
    finance: 'Finance',
    auditor: 'Auditor',
    steward: 'Steward',
    admin: 'Admin',
  } as Record<string, string>,
  does: {
    viewer: 'Looks, and changes nothing.',
    builder: 'Brings apps and asks for reviews.',
    reviewer: 'Decides on versions of others.',
    finance: 'Looks, with the cost of calls.',
    auditor: 'Reads the audit and who may do what.',
    steward: 'Builds, reviews and keeps the connections, for all teams.',
    admin: 'Manages people, credentials and hubs, for all teams. Decides on no version.',
  } as Record<string, string>,
  everywhere: 'all teams',
  in: (role: string, team: string) => `${role} in ${team}`,
  until: 'until',
  permission: {
    'app:read': 'See apps and their versions',
    'app:write': 'Register apps and bring versions',
    'version:submit': 'Ask for a review',
    'version:review': 'Approve and refuse',
    quarantine: 'Quarantine an app',
    'signal:read': 'See calls and what they cost',
    'connector:read': 'See connectors and connections',
    'connector:write': 'Change connectors and connections',
    'credential:write': 'Set credentials',
    'source:write': 'Add and change sources',
    'hub:read': 'See hubs',
    'hub:write': 'Enrol and remove hubs',
    'people:read': 'See people and their roles',
    'people:write': 'Invite people, give and take roles',
    'audit:read': 'Read the audit',
    'token:write': 'Make API tokens',
  } as Record<string, string>,
};

export const roleName = (role: string): string => roles.name[role] ?? role;
export const permissionName = (permission: string): string => roles.permission[permission] ?? permission;

/** Roles that are for all teams and never for one. */
export const PLATFORM_ROLES: readonly string[] = ['steward', 'admin'];
