import { count, inWords } from '@/kit/format';
import type { SourceState } from './states';

export const words = {
  name: 'Sources',
  title: (all: number, failing: number, late: number) =>
    all === 0
      ? 'Nothing is watched where it runs'
      : failing > 0
        ? `${inWords(failing)} ${failing === 1 ? 'source can’t' : 'sources can’t'} be read`
        : late > 0
          ? `${inWords(late)} ${late === 1 ? 'source was' : 'sources were'} not read lately`
          : `${inWords(all)} ${all === 1 ? 'builder is' : 'builders are'} watched`,
  lead: 'A source reads what a builder really runs, and compares it with what was approved.',
  read: 'the sources',
  mayNot: (roles: string) => `Added and removed by ${roles}.`,
  add: 'Add a source',
  states: {
    ok: 'Read in time',
    late: 'Not read lately',
    waiting: 'Waits for its first look',
    failing: 'Can’t be read',
  } satisfies Record<SourceState, string>,
  parts: {
    ok: 'Read',
    waiting: 'Waiting',
    unreachable: 'Does not answer',
    unauthorised: 'Refuses the token',
    unreadable: 'Not understood',
    missing: 'Not found there',
  } as Record<string, string>,
  facts: {
    address: 'Address',
    every: 'Looks',
    last: 'Last look',
    lag: 'Read well',
    owner: 'Owner',
    token: 'Token',
    failures: 'Failed in a row',
  },
  everyS: (seconds: number) => `every ${seconds} s`,
  never: 'not yet',
  hasToken: 'set, never shown',
  noToken: 'none',
  platform: { 'node-red': 'Node-RED' } as Record<string, string>,
  watched: 'Apps watched',
  columns: { app: 'App', environment: 'Environment', part: 'Part', state: 'State', seen: 'Read' },
  everything: 'all of it',
  look: 'Look now',
  looked: (state: string) => `Looked: ${state.toLowerCase()}`,
  bind: 'Watch one more app',
  remove: 'Remove',
  empty: 'No source yet',
  emptyText: 'Add the builder that runs your flows; what runs there is known within seconds from then on.',
};

export const form = {
  title: 'Add a source',
  lead: 'We look at the builder’s admin API from time to time. Nothing is changed there.',
  name: 'Name',
  nameHint: 'as node-red-finance',
  url: 'Address',
  urlHint: 'of its admin API: https://host:port, without a user or a query',
  token: 'Token',
  tokenHint: 'Sealed and never shown again. Give one that may only read; empty when it needs none.',
  tokenToggle: 'Show or hide the token',
  app: 'App',
  appHint: 'the first app to watch there',
  environment: 'Environment',
  part: 'Part',
  partHint: 'Id or label of a tab; empty for everything that runs there',
  interval: 'Seconds between looks',
  network: 'Network',
  networks: [
    { value: 'public', label: 'Public addresses only' },
    { value: 'private', label: 'Private addresses allowed' },
  ],
  choose: 'Choose',
  missing: 'This is needed.',
  badInterval: 'Seconds, as a whole number from 1 to 3600.',
  check: 'Check it',
  confirm: 'Watch it',
  cancel: 'Leave',
  planTitle: 'This would happen',
  plan: (name: string, url: string, app: string, environment: string, every: number) =>
    `${name} reads ${url} every ${count(every, 'second')} and tells what ${app} runs in ${environment}.`,
  planTeam: (team: string, owner: string) => `It belongs to the team ${team}; ${owner} answers for it.`,
  done: (name: string) => `${name} is watched from now on`,
};

export const binding = {
  title: (name: string) => `Watch one more app in ${name}`,
  lead: 'The same look tells what it runs; nothing more is asked of the builder.',
  confirm: 'Watch it',
  done: (app: string) => `${app} is watched from now on`,
};

export const removal = {
  title: (name: string) => `Remove ${name}?`,
  text: 'We stop looking, and forget its token.',
  stops: (app: string) => `What runs of ${app} is only known by somebody’s word`,
  safe: 'Keep it',
  confirm: 'Remove the source',
  done: (name: string) => `${name} is removed`,
};
