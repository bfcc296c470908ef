import { count, list } from '@/kit/format';

/** `v7`. */
export const v = (number: number): string => `v${number}`;

/** Words of the page's head: title, people, stages, what was approved and what runs. */
export const words = {
  catalog: 'Catalog',
  title: {
    retired: (app: string) => `${app} is retired`,
    quarantined: (app: string) => `${app} is quarantined`,
    drifted: (app: string) => `${app} drifted: what runs was never approved`,
    ended: (app: string) => `${app} runs a version whose approval has ended`,
    ownerGone: (app: string) => `${app} has lost its owner`,
  },
  noPurpose: 'Nobody has said what it is for.',
  say: 'Say it',
  owner: 'owner',
  deputy: 'deputy',
  noDeputy: 'No deputy',
  nameDeputy: 'Name one',
  stage: 'Stage',
  since: (day: string, days: number) => (days > 1 ? `since ${day}, ${days} days` : `since ${day}`),
  between: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
  match: (environment: string) => `What was approved and what runs in ${environment}`,
  approved: 'Approved',
  nothingApproved: 'Nothing yet',
  nothingApprovedText: 'No version has been approved here.',
  approvedBy: (who: string, from: string, until: string) => `${who}, ${from}, until ${until}`,
  notInForce: 'Waits for a hub to take it on',
  running: (environment: string) => `Running in ${environment}`,
  saysItRuns: (environment: string) => `Said to run in ${environment}`,
  nothingRuns: 'Nothing known',
  nothingRunsText: 'Nobody has said what runs, and no source has seen it.',
  nothingRunsIdea: 'There is no version yet.',
  readFrom: (source: string, every: string) => `Read from ${source} ${every}`,
  every: (seconds: number) =>
    seconds < 60 ? `every ${seconds} s` : seconds === 60 ? 'every minute' : `every ${Math.round(seconds / 60)} min`,
  saidBy: (who: string, day: string) => `${who} said so, ${day}`,
  executedHere: 'We run it ourselves',
  kind: { executed: 'Same', observed: 'Same', declared: 'Declared', drifted: 'Drifted', none: 'Not running' },
  older: 'Approved, not the newest',
  how: { executed: 'executed', observed: 'observed', declared: 'confirmed', drifted: 'seen', none: '' },
  silent: (source: string) => `${source} does not answer; last read`,
  candidate: 'Candidate',
  inReview: (left: string) => `In review, ${left}`,
  draft: 'Draft, not proposed yet',
  refused: (who: string) => `Refused by ${who}`,
  tabs: {
    label: 'App',
    overview: 'Overview',
    flow: 'Flow',
    versions: 'Versions',
    connections: 'Connections',
    history: 'History',
    settings: 'Settings',
  },
  gone: (app: string) => `There is no app ${app} that you may see`,
  goneText: 'It may have another name, or belong to another team.',
  toCatalog: 'Open the catalog',
  noTab: 'An app has no such tab',
  readWhat: (app: string) => `the app ${app}`,
  environment: 'Environment',
  propose: (number: number) => `Propose ${v(number)}`,
  bring: 'Bring its flow',
  upload: 'Upload a version',
  openReview: 'Open the review',
  more: 'More actions',
  compare: 'Compare versions',
  handOver: 'Hand over',
  quarantine: 'Quarantine',
  lift: 'Lift the quarantine',
  retire: 'Retire',
  mayDo: (roles: readonly string[], team: string) =>
    roles.length > 0 ? `${list(roles)} of ${team} may do this.` : 'Only somebody with another role may do this.',
};

const plurals: Record<string, string> = {
  viewer: 'Viewers',
  builder: 'Builders',
  reviewer: 'Reviewers',
  finance: 'Finance',
  auditor: 'Auditors',
  steward: 'Stewards',
  admin: 'Admins',
};
/** `builder` as those who hold the role: `Builders`. */
export const roleWords = (role: string, first: boolean): string => {
  const word = plurals[role] ?? role;
  return first ? word : word.toLowerCase();
};

/** What is wrong with an app, and the way out. */
export const attention = {
  quarantined: (by: string, day: string) => `${by} put it on hold, ${day}. Every hub refuses its calls.`,
  because: (reason: string) => `“${reason}”`,
  lift: 'Lift the quarantine',
  drifted: (running: string, approved: string) =>
    approved
      ? `${running} runs; approved is ${approved}. Its calls are refused until ${running} is approved or ${approved} runs again.`
      : `${running} runs, and no version was ever approved. Its calls are refused until one is.`,
  seen: (source: string, day: string) => `${source} saw it, ${day}.`,
  seeChanges: 'See what changed',
  decide: 'Open the review',
  propose: (number: number) => `Propose ${v(number)}`,
  ownerGone: (owner: string, deputy: string) =>
    deputy
      ? `${owner}, who owns it, can no longer sign in. ${deputy} stands in.`
      : `${owner}, who owns it, can no longer sign in, and nobody stands in.`,
  handOver: 'Hand over',
  deputyGone: (deputy: string) => `${deputy}, the deputy, can no longer sign in.`,
  retired: (who: string, day: string) =>
    `${who} retired it, ${day}. It is kept to be read; its calls are refused and its name stays reserved.`,
  retiredPlain: 'It is kept to be read; its calls are refused and its name stays reserved.',
  older: (running: string, approved: string, until: string) =>
    `${running} still runs; ${approved} was approved after it. ${running} may run until ${until}.`,
  compare: 'Compare them',
  silent: (source: string, message: string) =>
    `${source} can’t be read${message ? `: ${message}` : ''}. What runs now is not known.`,
  seeSource: 'See the source',
};

/** The overview. */
export const overview = {
  calls: 'Calls',
  window: 'last 28 days',
  answered: 'Answered',
  refused: 'Refused',
  failed: 'Failed',
  p95: '95 % of calls within',
  show: 'What the chart shows',
  showCalls: 'Calls',
  showErrors: 'Refused and failed',
  showP95: 'Duration',
  readCalls: 'the calls of the last 28 days',
  summary: (calls: number, refused: number, failed: number, unknown: number) =>
    `Calls per day over 28 days: ${count(calls, 'call')}, ${refused} refused, ${failed} failed.` +
    (unknown > 0 ? ` Nothing is known of ${count(unknown, 'day')}.` : ''),
  summaryP95: (worst: string) => `Per day, how fast 95 of 100 calls were answered; the slowest day ${worst}.`,
  unknown: (days: number) => `Hatched: nothing is known of ${count(days, 'day')}.`,
  asOf: 'Known up to',
  neverHub: 'No hub has ever reported a call. We don’t know whether it runs well.',
  neverApp: 'It has sent nothing through the hub in 28 days. We don’t know whether it is used.',
  neverDeclared: 'It has never sent anything through the hub, so we don’t know whether it runs well.',
  connect: 'How it connects',
  mostFailed: (day: string, calls: number) => `${count(calls, 'call')} failed on ${day}`,
  mostRefused: (day: string, calls: number) => `${count(calls, 'call')} refused on ${day}`,
  noErrors: 'No call was refused or failed.',
  noDurations: 'No duration was measured.',
  connections: 'Connections and operations',
  connection: 'Connection',
  operations: 'Operations granted',
  operationsAsked: 'Operations asked for',
  dataClass: 'Data class',
  callsHead: 'Calls',
  used: 'Used',
  usedOf: (used: number, all: number) => `${used} of ${all}`,
  neverUsed: 'never',
  last: 'Last use',
  refusedBefore: (calls: number) => `${count(calls, 'call')} refused`,
  notGranted: (calls: number) => `called ${count(calls, 'time')}, not granted`,
  asked: 'asked for, not granted yet',
  unused: 'unused in 28 days',
  noConnections: 'It uses no connection',
  noConnectionsText: 'The version reaches nothing through the hub.',
  noneYet: 'No connection is granted yet',
  noneYetText: 'Bring its flow and we list what it needs.',
  cost: 'Cost',
  costNote: 'estimate',
  costUnit: 'in 28 days',
  costText: 'Price of each operation times its calls.',
  costRest: 'the rest',
  costLabel: (parts: readonly string[]) => `Cost by operation: ${list(parts)}`,
  facts: 'Facts',
  called: 'Title',
  classFact: 'Data class',
  builtOn: 'Built on',
  known: 'Known by',
  knownBy: {
    executed: 'we run it ourselves',
    observed: 'we read it where it runs',
    declared: 'its people say so',
  },
  source: 'Source',
  registered: 'Registered',
  team: 'Team',
  consists: (number: number) => `What ${v(number)} consists of`,
  flows: 'Flow',
  flowsText: (steps: number, shared: number) =>
    `${count(steps, 'step')}${shared > 0 ? `, and ${count(shared, 'shared flow')}` : ''}`,
  ops: 'Operations',
  opsText: (operations: number, connections: number) =>
    operations === 0 ? 'none' : `${operations} on ${count(connections, 'connection')}`,
  hosts: 'Hosts',
  noHosts: 'none outside the hub',
  constants: 'Constants',
  noConstants: 'none',
  unknownFact: 'Unknown',
  nothing: 'nothing',
  digest: 'Digest',
  author: 'Author',
  readVersion: 'what the version consists of',
  recent: 'Recent history',
  all: 'All of it',
  readHistory: 'the history',
  next: 'Next',
  nextReview: (number: number) => `Review of ${v(number)} is due`,
  nextApproval: (number: number) => `Approval of ${v(number)} ends`,
  nextOlder: (number: number) => `${v(number)} may run no longer`,
};

/** An app that has no version yet. */
export const idea = {
  title: 'What comes next',
  note: 'an idea so far',
  purpose: 'Say what it is for',
  purposeDone: 'It is said what it is for',
  purposeText: 'Two sentences: whom it helps, and what it does for them. Nobody builds it twice then.',
  deputy: 'Name a deputy',
  deputyDone: (who: string) => `${who} is the deputy`,
  deputyText: 'Who answers for it while the owner is away. Needed before a review.',
  flow: 'Bring its flow',
  flowText: 'Export it where it was built and drop the file here. We read what it does and what it reaches.',
  review: 'Propose the first version',
  reviewText: 'Somebody else looks at it within 48 hours. It operates once they approve it.',
  go: { purpose: 'Say it', deputy: 'Name one', flow: 'Bring it' },
};

/** The flow's tab. */
export const flowTab = {
  title: (number: number) => `Flow of ${v(number)}`,
  version: 'Version',
  runs: 'runs',
  approved: 'approved',
  none: 'No flow yet',
  noneText: 'Bring its flow and it is drawn here, step by step.',
};
