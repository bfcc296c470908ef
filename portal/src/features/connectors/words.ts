import { count, inWords, list, number } from '@/kit/format';
import type { FieldName } from './manifest';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const words = {
  name: 'Connectors',
  title: (connections: number, failing: readonly string[]) =>
    failing.length > 0
      ? `${list(failing.slice(0, 3))}${failing.length > 3 ? ' and others' : ''} ${failing.length === 1 ? 'is' : 'are'} failing`
      : connections === 0
        ? 'Nothing can be reached yet'
        : `Apps reach ${inWords(connections).toLowerCase()} ${connections === 1 ? 'system' : 'systems'}`,
  lead: 'A connector says how one kind of system is called. A connection is one approved target of it, with its credential.',
  newConnection: 'New connection',
  applyConnector: 'Add a connector',
  applyConnection: 'Apply a manifest',
  connections: 'Connections',
  connectionsNote: (shown: number, everyones: boolean) =>
    `${shown}, calls of ${everyones ? 'the last 24 hours' : 'your teams’ apps in 24 hours'}`,
  connectors: 'Connectors',
  connectorsNote: 'approved ways to reach a kind of system',
  environment: 'Environment',
  every: 'All',
  readConnections: 'the connections',
  readConnectors: 'the connectors',
  readConnector: 'this connector',
  readConnection: 'this connection',
  readCalls: 'its calls. They go on as usual',
  mayNot: (roles: string) => `Connectors and connections are changed by ${roles}.`,
  columns: {
    connection: 'Connection',
    state: 'State',
    lately: '24 h',
    calls: 'Calls',
    failed: 'Failed',
    upstream: 'Upstream',
    credential: 'Credential',
    connector: 'Connector',
    version: 'Version',
    operations: 'Operations',
    data: 'Data',
    key: 'Credential',
    uses: 'Connections',
  },
  noConnections: 'No connection yet',
  noConnectionsText: 'Add one: choose a connector and an environment, the rest is filled in.',
  noConnectionsHere: (environment: string) => `No connection in ${environment}`,
  noConnectors: 'No connector yet',
  noConnectorsText: 'Apply a manifest: it names the operations and how the credential is added.',
  kinds: {
    bearer: 'Bearer token',
    header: 'Value in a header',
    basic: 'User name and password',
    none: 'None',
  } as Record<string, string>,
  credentialSet: (days: number) => (days === 0 ? 'set today' : `${days} d old`),
  noKey: 'none needed',
  missingKey: 'not set',
  calls24: 'Calls in 24 hours',
  shape: (name: string, calls: number) => `${count(calls, 'call')} of ${name} in 24 hours`,
};

export const connector = {
  title: (title: string, operations: number) => `${title} offers ${count(operations, 'operation')}`,
  lead: (version: string, by: string, at: string) =>
    `Version ${version}, applied by ${by} on ${at}. A version never changes.`,
  older: (newest: string) => `This is an older version; the newest is ${newest}.`,
  openNewest: 'Open it',
  next: 'Apply the next version',
  operations: 'Operations',
  operation: 'Operation',
  call: 'Call',
  data: 'Data',
  price: '1,000 calls',
  again: 'Repeatable',
  yes: 'Yes',
  no: 'No',
  yesTitle: 'Calling it twice is the same as once, so the hub may try again',
  noTitle: 'The hub never calls it a second time by itself',
  free: '–',
  rules: 'Rules of this version',
  facts: {
    version: 'Versions',
    data: 'Data',
    credential: 'Credential',
    limit: 'Limit per app',
    timeout: 'Timeout',
    retries: 'Retries',
    circuit: 'Circuit',
    rewrite: 'Rewrites',
    digest: 'Digest',
  },
  inHeader: (kind: string, header: string) => `${kind}: ${header}`,
  limit: (rate: number, burst: number) =>
    `${number(rate)} calls a minute${burst === rate ? '' : `, ${number(burst)} at once`}`,
  retries: (attempts: number, on: readonly string[]) =>
    attempts === 0 ? 'never' : `up to ${attempts}, after ${list(on)}; repeatable operations only`,
  circuit: (errors: number, seconds: number) => `${errors} errors in a row stop an address for ${number(seconds)} s`,
  rewrite: (fields: readonly string[]) => `links in ${list(fields)} lead back to the hub`,
  connections: 'Its connections',
  noConnections: 'None uses it yet',
  noConnectionsText: 'Apps reach it once there is a connection with an address and a credential.',
};

export const connection = {
  title: (name: string, state: string, calls: number, failed: string) =>
    ({
      failing: `${name} is failing: ${failed} of its calls`,
      troubled: `${failed} of the calls of ${name} fail`,
      refused: `Most calls of ${name} are refused`,
      limited: `${name} is held back by limits`,
      flowing: `${name} flows: ${count(calls, 'call')} in 24 hours`,
      silent: `${name} is silent: no call in 24 hours`,
    })[state] ?? name,
  /** For who sees only the calls of their own teams' apps: nothing is said of the others. */
  ownTitle: (name: string, calls: number, failed: number) =>
    calls === 0
      ? `None of your teams’ apps called ${name} in 24 hours`
      : `Your teams’ apps called ${name} ${number(calls)} ${calls === 1 ? 'time' : 'times'} in 24 hours${
          failed > 0 ? `, ${number(failed)} failed` : ''
        }`,
  ownNote: 'of your teams’ apps',
  lead: (title: string, environment: string) =>
    `${title} in ${environment}. Apps call the address below, the hub adds the credential.`,
  edit: 'Change',
  remove: 'Remove',
  figures: { calls: 'Calls', answered: 'Answered', refused: 'Refused', failed: 'Failed', p95: 'p95', last: 'last' },
  over: 'last 24 hours',
  none: 'no calls',
  of: (share: string) => `${share} of calls`,
  limited: (calls: number) => `${number(calls)} over a limit`,
  slow: '95 of 100 are faster',
  chart: 'Calls',
  chartNote: '1 hour a bar',
  summary: (calls: number, name: string) => `${count(calls, 'call')} of ${name} over the last 24 hours, an hour a bar`,
  now: 'now',
  part: 'calls',
  callers: 'Who calls it',
  callersNote: (calls: number) => `among the hub’s newest ${number(calls)} calls`,
  callersNone: 'None of the hub’s newest calls went there.',
  caller: { app: 'App', calls: 'Calls', failed: 'Failed or refused', last: 'Last' },
  unknownApp: 'unknown caller',
  address: 'Address to call',
  addressLabel: 'the address',
  facts: 'How it is set up',
  fact: {
    upstream: 'Upstream',
    network: 'Network',
    environment: 'Environment',
    region: 'Region',
    connector: 'Connector',
    credential: 'Credential',
    limit: 'Limit per app',
    data: 'Data',
    changed: 'Changed',
  },
  networks: { public: 'public addresses only', private: 'private addresses allowed' } as Record<string, string>,
  noCredential: 'none needed',
  credentialMissing: 'not set: the hub refuses its calls',
  credentialAge: (version: number, days: number) => `version ${version}, ${days === 0 ? 'set today' : `${days} d old`}`,
  lastUsed: 'last used',
  neverUsed: 'never used',
  changed: (by: string) => `by ${by}`,
};

export const form = {
  newTitle: 'New connection',
  newLead: 'Choose what and where; the rest is filled in and can be changed.',
  editTitle: (name: string) => `Change ${name}`,
  editLead: 'Name, connector and environment never change: grants were given for them.',
  labels: {
    name: 'Name',
    connector: 'Connector',
    version: 'Version',
    environment: 'Environment',
    upstream: 'Upstream',
    region: 'Region',
    network: 'Network',
    credential: 'Credential',
    callsPerMinute: 'Calls a minute, each app',
    burst: 'At once',
  } satisfies Record<FieldName, string>,
  hints: {
    name: 'Apps call it by this name; it is never given again.',
    upstream: 'https://host, with the path that all operations share',
    region: 'Where the upstream stands; the environment’s when empty',
    network: 'Private allows this machine and private networks.',
    credential: (kind: string) => `It needs: ${kind.toLowerCase()}.`,
    noCredential: 'This connector needs none.',
    noneSet: 'None that fits is set in this environment.',
    setOne: 'Set one',
    limits: (rate: number, burst: number) => `The connector’s when empty: ${number(rate)} and ${number(burst)}.`,
  },
  networks: [
    { value: 'public', label: 'Public addresses only' },
    { value: 'private', label: 'Private addresses allowed' },
  ],
  choose: 'Choose',
  none: 'None',
  check: 'Show what changes',
  checkNew: 'Check it',
  add: (name: string) => `Add ${name}`,
  apply: (changes: number) => `Apply ${count(changes, 'change')}`,
  cancel: 'Leave',
  planTitle: 'This would happen',
  planEdit: 'It takes effect within seconds, for every app that calls it.',
  unchanged: 'Nothing differs from what is in force.',
  done: (name: string, outcome: string) =>
    outcome === 'created' ? `${name} is added` : outcome === 'updated' ? `${name} is changed` : `${name} is as it was`,
};

export const conflict = {
  title: (by: string, ago: string) => `${by} changed it ${ago}, while you did`,
  text: 'Nothing of yours is lost. Compare, then choose.',
  field: 'Field',
  before: 'Before',
  mine: 'Yours',
  theirs: 'Theirs',
  empty: 'empty',
  merge: 'Put both together',
  take: 'Take theirs',
};

export const remove = {
  title: (name: string) => `Remove ${name}?`,
  text: 'Its address stops answering within seconds, and its name is never given again.',
  stops: 'Refused while apps have grants on it',
  stopsCredential: (credential: string) => `The credential ${credential} stays`,
  apps: 'Apps with a grant',
  safe: 'Keep it',
  confirm: 'Remove the connection',
  done: (name: string) => `${name} is removed`,
};

export const editor = {
  titles: { connector: 'Apply a connector’s manifest', connection: 'Apply a connection’s manifest' },
  lead: 'YAML or JSON. Checking shows what would change, or every mistake with its place.',
  label: 'Manifest',
  check: 'Check it',
  apply: (changes: number) => `Apply ${count(changes, 'change')}`,
  cancel: 'Leave',
  outcomes: {
    created: (subject: string) => `${capital(subject)} would be new`,
    updated: (subject: string) => `${capital(subject)} would change`,
    unchanged: (subject: string) => `${capital(subject)} is as it stands here already`,
  },
  mistakes: (found: number) => (found === 1 ? 'One thing is wrong' : `${inWords(found)} things are wrong`),
  line: (line: number) => `line ${line}`,
  goTo: (line: number) => `Go to line ${line}`,
  done: (subject: string) => `${capital(subject)} is applied`,
};
