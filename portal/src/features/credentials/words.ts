import { count, inWords, list } from '@/kit/format';
import type { EntryState } from './entries';

export const words = {
  name: 'Credentials',
  title: (missing: number, old: number, all: number) =>
    missing > 0
      ? `${inWords(missing)} ${missing === 1 ? 'credential is' : 'credentials are'} missing`
      : old > 0
        ? `${inWords(old)} ${old === 1 ? 'credential is' : 'credentials are'} older than 90 days`
        : all === 0
          ? 'No credential is set'
          : `All ${all} credentials are set`,
  lead: 'Hubs add them to calls; apps never see them. They are written here and never shown again.',
  read: 'the credentials',
  add: 'Set a credential',
  mayNot: (roles: string) => `Set by ${roles}.`,
  find: 'Find by name or connection',
  noMatch: 'None matches',
  columns: {
    name: 'Credential',
    state: 'State',
    version: 'Version',
    age: 'Age',
    used: 'Last used',
    by: 'Used by',
    act: '',
  },
  states: {
    missing: 'Missing',
    old: 'Older than 90 days',
    idle: 'Never used',
    unused: 'No connection uses it',
    well: 'In use',
  } satisfies Record<EntryState, string>,
  fields: (names: readonly string[]) => list(names.map(fieldName)).toLowerCase(),
  days: (days: number) => (days === 0 ? 'today' : `${days} d`),
  never: 'never',
  setNew: 'New version',
  setFirst: 'Set it',
  setLabel: (act: string, name: string, environment: string) => `${act}: ${name} in ${environment}`,
  empty: 'No credential yet',
  emptyText: 'Set one before the connection that uses it.',
};

const names: Record<string, string> = {
  token: 'Token',
  value: 'Value',
  username: 'User name',
  password: 'Password',
};

export const fieldName = (field: string): string => names[field] ?? field;

export const form = {
  title: (name: string) => (name ? `New version of ${name}` : 'Set a credential'),
  first: (name: string) => `Set ${name}`,
  lead: 'It is sealed at once and never shown again, to nobody.',
  used: (connections: readonly string[]) =>
    connections.length === 0
      ? ''
      : `${list(connections)} ${connections.length === 1 ? 'uses' : 'use'} it within seconds.`,
  name: 'Name',
  nameHint: 'as slack-bot; a connection names it',
  environment: 'Environment',
  kind: 'Kind',
  kinds: [
    { value: 'bearer', label: 'Bearer token' },
    { value: 'header', label: 'Value in a header' },
    { value: 'basic', label: 'User name and password' },
  ],
  choose: 'Choose',
  missing: (field: string) => `Paste the ${field.toLowerCase()}.`,
  missingName: 'Give it a name.',
  missingEnvironment: 'Choose one.',
  cancel: 'Leave',
  confirm: 'Seal it',
  done: (name: string, version: number) => `Version ${version} of ${name} is in use within seconds`,
  doneNew: (name: string) => `${name} is set`,
  visibility: (field: string) => `Show or hide the ${field.toLowerCase()}`,
  connections: (used: number) => count(used, 'connection'),
};
