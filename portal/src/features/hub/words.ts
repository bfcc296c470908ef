import { count, inWords, list, number } from '@/kit/format';
import type { Headline, Window } from './facts';

const over: Record<Window, string> = { '1h': 'last hour', '24h': 'last 24 hours', '7d': 'last 7 days' };

export const words = {
  name: 'Hub',
  hubs: 'Hubs',
  windows: { '1h': '1 h', '24h': '24 h', '7d': '7 d' } satisfies Record<Window, string>,
  mayNot: 'You may not see hubs',
  mayNotText: (roles: string) => `They are for ${roles}. The calls of your own apps stand on each app’s page.`,
  window: 'Window of time',
  over,
  bars: { '1h': '1 minute a bar', '24h': '15 minutes a bar', '7d': '1 hour a bar' } satisfies Record<Window, string>,
  readHub: 'this hub',
  readHubs: 'the hubs',
  readCalls: 'this hub’s calls. They go on as usual',
  readConnections: 'the connections’ calls',
  readTail: 'the newest calls',
  figures: {
    calls: 'Calls',
    answered: 'Answered',
    refused: 'Refused',
    failed: 'Failed',
    perMinute: 'Calls a minute',
    busiest: (calls: number, at: string) => `busiest ${number(calls)}, ${at}`,
    ofCalls: (share: string) => `${share} of calls`,
    limited: (limited: number) => `${number(limited)} over a limit`,
    lastMinute: 'in the last full minute',
    unknown: (steps: number) => `${count(steps, 'bar')} not known`,
    none: 'no calls',
  },
  chart: 'Calls by outcome',
  parts: ['Answered', 'Refused', 'Failed'],
  now: 'now',
  summary: (calls: number, refused: number, failed: number, window: string, unknown: number) =>
    `Calls over the ${window}: ${number(calls)}, of which ${number(refused)} refused and ${number(failed)} failed.${
      unknown > 0 ? ` Of ${count(unknown, 'step')} nothing is known.` : ''
    }`,
  gap: (since: string, until: string, reason: string) =>
    `From ${since} to ${until} nothing is known: ${reason}. Calls were made as usual, they are only not counted.`,
  late: (ago: string) => `The newest figures are from ${ago}.`,
  never: 'This hub has reported no calls yet. Its figures appear about five seconds after the first one.',
  why: 'Refused, and why',
  whyNone: (window: string) => `Nothing was refused in the ${window}.`,
  causes: 'Failed, and why',
  causesNone: (window: string) => `No call failed in the ${window}.`,
  showCalls: (code: string) => `Show the newest calls that ended in ${code}`,
  snapshot: 'What it enforces',
  facts: {
    snapshot: 'Snapshot',
    newest: 'Newest',
    holds: 'Holds',
    seen: 'Heard of',
    region: 'Region',
    enrolled: 'Enrolled',
    epoch: (epoch: number) => `epoch ${epoch}`,
    inForce: 'in force',
    behind: (newest: number) => `behind: the newest is ${newest}`,
    nothing: 'none yet',
    never: 'never',
  },
  problems: 'Reported problems',
  problemsNone: 'It reports no problem.',
  connections: {
    title: 'Connections',
    note: (all: number, several: boolean) =>
      `${all}, ${several ? 'through every hub, ' : ''}trouble first, then busiest`,
    all: 'All connections',
    name: 'Connection',
    state: 'State',
    lately: 'Lately',
    calls: 'Calls',
    p95: 'p95',
    limited: 'Limited',
    failed: 'Failed',
    key: 'Key age',
    days: (days: number) => (days === 0 ? 'today' : `${days} d`),
    noKey: 'no key',
    missing: 'not set',
    shape: (name: string, calls: number) => `${count(calls, 'call')} of ${name} over time`,
    empty: 'No connection yet',
    emptyText: 'A connection is an approved target that apps call through this hub.',
    add: 'Add one',
  },
  tail: {
    title: 'Live calls',
    note: (shown: number, kept: number) => (shown === kept ? `the newest ${kept}` : `${shown} of the newest ${kept}`),
    privacy: 'Names and ids only: never a path, a query, a header or a body.',
    pause: 'Pause',
    resume: 'Go on',
    newer: (calls: number) => `${count(calls, 'newer call')} wait`,
    paused: 'Paused',
    live: 'New calls appear by themselves',
    app: 'App',
    connection: 'Connection',
    outcome: 'Outcome',
    every: 'All',
    outcomes: { answered: 'Answered', refused: 'Refused', limited: 'Over a limit', failed: 'Failed' },
    unknownApp: 'unknown caller',
    gone: 'caller left',
    empty: 'No call in the newest hundred',
    emptyText: 'The next one appears here within five seconds.',
    noMatch: 'None of the newest calls match',
    clear: 'Show all',
    list: 'Newest calls, newest first. Arrow keys choose one.',
    choose: 'Choose a call to see what it means and its request id.',
    requestId: 'Request id',
    openApp: (app: string) => `Open ${app}`,
    noRequestId: 'none',
    took: 'Took',
    status: 'Status',
    environment: 'Environment',
    at: 'At',
  },
  enrol: {
    button: 'Enrol a hub',
    title: 'Enrol a hub',
    lead: 'A hub enforces what is approved where your systems are. You get a token for it, once.',
    name: 'Name',
    nameHint: 'as eu-1',
    region: 'Region',
    regionHint: 'Where it runs; “local” for this machine’s network.',
    confirm: 'Enrol it',
    cancel: 'Leave',
    doneTitle: (name: string) => `${name} is enrolled`,
    once: 'This token is shown once.',
    doneText: 'Start the hub on its machine with it; it appears here by itself within seconds.',
    token: 'the token',
    command: 'the command',
    close: 'I have it',
    missing: 'Give it a name.',
  },
  remove: {
    button: 'Remove',
    title: (name: string) => `Remove hub ${name}?`,
    text: 'Its token ends at once. It goes on with the snapshot it has until that runs out, then refuses every call.',
    stops: (name: string) => `What ${name} counted stays, without its name`,
    stopsApprovals: 'Approvals no longer wait for it',
    safe: 'Keep it',
    confirm: 'Remove the hub',
    done: (name: string) => `Hub ${name} is removed`,
  },
  hubsTitle: (away: number, all: number) =>
    all === 0
      ? 'No hub yet'
      : away > 0
        ? `${inWords(away)} of ${all} hubs ${away === 1 ? 'has' : 'have'} not been heard of`
        : `All ${all} hubs enforce what is approved`,
  hubsLead: 'A hub lets through what is approved and refuses the rest, without asking anybody.',
  hubsEmpty: 'No hub is enrolled',
  hubsEmptyText: 'handrail up starts one on this machine. Enrol another where your systems are.',
  table: { hub: 'Hub', state: 'State', snapshot: 'Snapshot', seen: 'Heard of', problems: 'Problems' },
  live: 'In force',
  behind: 'Behind',
  away: 'Not heard of',
  neverSeen: 'Never heard of',
};

export function title(
  name: string,
  found: Headline,
  percent: (share: number) => string,
  ago: string,
  snapshot: number,
) {
  switch (found.kind) {
    case 'never':
      return `Hub ${name} has never been heard of`;
    case 'away':
      return `Hub ${name} has not been heard of for ${ago}: calls go on with snapshot ${snapshot}`;
    case 'failing':
      return `${list(found.connections)} ${found.connections.length === 1 ? 'is' : 'are'} failing. Everything else flows`;
    case 'problems':
      return `Hub ${name} reports ${found.count === 1 ? 'a problem' : `${found.count} problems`}`;
    case 'errors':
      return `${percent(found.share)} of calls through hub ${name} fail`;
    case 'refuses':
      return `Hub ${name} refuses ${percent(found.share)} of calls`;
    case 'unreported':
      return `Hub ${name} has reported no calls yet`;
    case 'quiet':
      return `Hub ${name} is quiet`;
    case 'behind':
      return `Hub ${name} takes a newer snapshot`;
    case 'flows':
      return 'Everything flows';
  }
}

export const leads: Record<
  Headline['kind'],
  (facts: { seen: string; snapshot: number; newest: number; window: string }) => string
> = {
  never: () => 'Start it on its machine with the token from when it was enrolled.',
  away: ({ seen }) =>
    `Last heard of ${seen}. It needs nobody to decide: what is approved keeps working until its snapshot runs out.`,
  failing: ({ window }) => `At least half of what was passed on in the ${window} failed upstream.`,
  problems: ({ seen }) => `Heard of ${seen}. What it reports stands at the right.`,
  errors: ({ window }) => `In the ${window}. The table below says where.`,
  refuses: ({ window }) => `In the ${window}, over limits included. Why stands at the right.`,
  unreported: ({ seen }) => `Heard of ${seen}; its counts have not come yet.`,
  quiet: ({ seen, window, snapshot }) => `No call in the ${window}. Heard of ${seen}, enforces snapshot ${snapshot}.`,
  behind: ({ snapshot, newest }) => `It enforces ${snapshot}, the newest is ${newest}. That takes a second or two.`,
  flows: ({ seen, snapshot, window }) =>
    `Heard of ${seen}, enforces snapshot ${snapshot}. Few refused and few failed in the ${window}.`,
};

interface Help {
  /** What it means, after the code. */
  text: string;
  /** Where it is met. */
  to: string;
  label: string;
}

const catalog = { to: '/catalog', label: 'Apps' };
const connectors = { to: '/connectors', label: 'Connections' };

/** What the hub's own answers mean, and the place where they are met. */
export const codes: Record<string, Help> = {
  token_missing: { text: 'The call carried no token', ...catalog },
  token_expired: { text: 'A token older than five minutes', ...catalog },
  token_invalid: { text: 'A token of somebody else, or a changed one', ...catalog },
  connection_unknown: { text: 'No connection has that name', ...connectors },
  grant_missing: { text: 'An operation that no approval covers', to: '/reviews', label: 'Reviews' },
  version_not_approved: { text: 'What runs there is not approved', to: '/reviews', label: 'Reviews' },
  environment_mismatch: { text: 'A token for another environment', ...connectors },
  quarantined: { text: 'The app is held', to: '/catalog', label: 'Apps' },
  quota_exceeded: { text: 'Over the app’s own limit', ...connectors },
  limited: { text: 'Over a limit, the hub’s or the upstream’s', ...connectors },
  request_invalid: { text: 'An address or header that can be read in two ways', ...catalog },
  credential_missing: { text: 'The connection’s credential is not set', to: '/credentials', label: 'Credentials' },
  upstream_timeout: { text: 'The upstream did not answer in time', ...connectors },
  upstream_unavailable: { text: 'The upstream can’t be reached', ...connectors },
  upstream_5xx: { text: 'The upstream answered with an error of its own', ...connectors },
  caller_gone: { text: 'The caller left before the answer came', ...catalog },
  snapshot_expired: { text: 'The hub was cut off for too long', to: '/settings', label: 'Checks' },
};

export const unknownCode = 'A code of a newer hub';
