import { inWords, number } from '@/kit/format';
import type { Counts } from './checks';

export const words = {
  name: 'Settings',
  title: ({ failed, warning, all }: Counts) =>
    failed > 0
      ? `${inWords(failed)} of ${all} checks ${failed === 1 ? 'fails' : 'fail'}`
      : warning > 0
        ? `${inWords(warning)} of ${all} checks ${warning === 1 ? 'warns' : 'warn'}`
        : `All ${all} checks pass`,
  plain: (name: string) => `${name} runs Handrail`,
  lead: (version: string) => `Version ${version}. Everything here can be done from the command line too.`,
  checks: 'Checks',
  checksNote: 'of this install, made',
  again: 'Run again',
  readChecks: 'the checks',
  mayChecks: (roles: string) => `Checks and signing keys are for ${roles}. What you may see stands below.`,
  states: { ok: 'Well', warning: 'Warns', failed: 'Fails' },
  check: 'Check',
  found: 'Found',
  checkNames: {
    disk: 'Disk',
    database: 'Database',
    vault: 'Vault',
    audit: 'Audit log',
    search: 'Search',
    hubs: 'Hubs',
    sources: 'Sources',
    signals: 'Calls',
  } as Record<string, string>,
  checkName: (check: string) => words.checkNames[check] ?? check.charAt(0).toUpperCase() + check.slice(1),
  environments: 'Environments',
  environmentsNote: 'a connection, a grant and a token belong to one',
  readEnvironments: 'the environments',
  environment: { name: 'Environment', kind: 'Kind', region: 'Region', connections: 'Connections' },
  kinds: { sandbox: 'Sandbox', production: 'Production' } as Record<string, string>,
  install: 'This install',
  facts: { name: 'Name', version: 'Version', portal: 'Portal', hub: 'Hub', theme: 'Theme' },
  portalLabel: 'the portal’s address',
  hubLabel: 'the hub’s address',
  hubUnknown: 'not known before the first connection',
  theme: 'Theme',
  themeNote: 'On this browser.',
  themes: [
    { value: 'auto', label: 'As the system' },
    { value: 'light', label: 'Light' },
    { value: 'dark', label: 'Dark' },
  ],
  api: 'API and command line',
  apiText: 'Whatever the portal does goes through the API.',
  apiLink: 'OpenAPI document',
  hints: [
    ['handrail login', 'Sign in from a terminal'],
    ['handrail needs', 'What needs you'],
    ['handrail doctor', 'The checks on this page'],
    ['handrail hub tail', 'Calls as they pass'],
  ] as const,
  commandLabel: (command: string) => `the command ${command}`,
};

export const keys = {
  title: 'Signing keys',
  note: 'sign the tokens that hubs accept',
  read: 'the signing keys',
  kinds: { production: 'Production', sandbox: 'Sandbox' } as Record<string, string>,
  columns: { key: 'Key', kind: 'Tokens of', state: 'State', since: 'Since' },
  states: { next: 'Comes next', active: 'Signs', retired: 'Ends', dropped: 'Ended' } as Record<string, string>,
  rotate: 'Rotate',
  rotateKind: (kind: string) => `Rotate the ${kind} key`,
  dialog: (kind: string) => `Rotate the ${kind} signing key?`,
  lead: 'A new key is published first and signs once every hub has it; the old one ends when its last token has. No token breaks.',
  confirm: 'Rotate it',
  cancel: 'Leave',
  step: 'What happened',
  waiting: 'What it waits for',
  close: 'Close',
  older: (count: number) => `${number(count)} older ones have ended.`,
};
