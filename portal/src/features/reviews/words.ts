import { count, inWords, list } from '@/kit/format';

const PARTS: Record<string, string> = {
  owner: 'owner',
  author: 'author',
  submitter: 'submitter',
  uploader: 'uploader',
};
const parts = (held: readonly string[]): string => list(held.map((part) => PARTS[part] ?? part));

export const queue = {
  name: 'Reviews',
  title: {
    me: (waiting: number) =>
      waiting === 0
        ? 'No review waits for you'
        : `${inWords(waiting)} ${waiting === 1 ? 'review waits' : 'reviews wait'} for you`,
    open: (open: number) =>
      open === 0
        ? 'No version is in review'
        : `${inWords(open)} ${open === 1 ? 'version is' : 'versions are'} in review`,
    mine: (open: number) =>
      open === 0
        ? 'None of your versions waits for a review'
        : `${inWords(open)} of your versions ${open === 1 ? 'waits' : 'wait'} for a review`,
    decided: 'What was decided',
  },
  lead: 'A version runs in production once a second person has read what it changes. A reviewer has 48 hours.',
  tabs: { label: 'Reviews by who decides', me: 'For me', open: 'Open', mine: 'Mine', decided: 'Decided' },
  tables: {
    me: 'Reviews that you may decide, the most urgent first',
    open: 'Open reviews, the most urgent first',
    mine: 'Reviews of versions that you submitted',
    decided: 'Decided reviews, the newest decision first',
  },
  columns: {
    app: 'App and version',
    environment: 'Runs in',
    submitter: 'Submitted by',
    left: 'Time left',
    deciders: 'Who may decide',
    outcome: 'Outcome',
    decided: 'Decided by',
    when: 'When',
  },
  version: (app: string, number: number) => `${app} v${number}`,
  noNote: 'No note',
  you: 'You',
  deciders: (you: boolean, names: readonly string[], more: number) => {
    const all = you ? ['You', ...names] : [...names];
    return more > 0 ? `${all.join(', ')} and ${more} more` : list(all);
  },
  nobody: 'Nobody yet: somebody needs the role reviewer',
  notYou: (held: readonly string[]) => `Not you: you are its ${parts(held)}`,
  notRole: 'Not you: reviewers of the team decide',
  empty: {
    me: {
      title: 'Nothing waits for your decision',
      text: 'Versions that you may decide appear here by themselves, the one that runs out first on top.',
      open: (others: number) => `${count(others, 'open review')} ${others === 1 ? 'is' : 'are'} for others to decide.`,
    },
    open: {
      title: 'No version is in review',
      text: 'A builder proposes a version from its app’s page; it then appears here for everybody who may see the app.',
    },
    mine: {
      title: 'You have submitted nothing yet',
      text: 'Propose a version from its app’s page. Here you see who has it and how much time is left.',
    },
    decided: {
      title: 'Nothing has been decided yet',
      text: 'Approvals, refusals and what was taken back stay readable here, with who decided and why.',
    },
    filtered: (wanted: string) => `No review fits “${wanted}”`,
    filteredText: 'App, team, person and note are searched.',
  },
  seeOpen: 'See open reviews',
  decidedOfMine: 'Decided',
  filter: 'Filter by app, team, person or note',
  clear: 'Show all',
  more: 'More',
  moreOf: (shown: number, all: number) => `${shown} of ${all}`,
  failed: 'the reviews',
};

export const outcomes: Record<string, string> = {
  open: 'In review',
  approved: 'Approved',
  refused: 'Refused',
  withdrawn: 'Taken back',
};

export const review = {
  title: (app: string, number: number, environment: string, state: string) =>
    ({
      open: `${app} v${number} wants to run in ${environment}`,
      live: `${app} v${number} may run in ${environment}`,
      ended: `${app} v${number} may no longer run in ${environment}`,
      refused: `${app} v${number} was refused for ${environment}`,
      withdrawn: `${app} v${number} was taken out of review`,
    })[state] ?? `${app} v${number}`,
  name: (app: string, number: number) => `${app} v${number}`,
  reviews: 'Reviews',
  /** `when` stands within a sentence. */
  asked: (name: string, when: string, note: string) =>
    note ? `${name}, ${when}: “${note}”` : `${name} asked for a review ${when} and left no note.`,
  first: 'First version to be approved here',
  compared: (number: number) => `compared with v${number}, approved`,
  team: (name: string) => `Team ${name}`,
  digest: 'Whole digest:',
  failed: 'this review',
  one: 'Review',
  none: 'There is no such review',
  noneText: 'The address may be misspelt, or it is about an app of a team that you do not see.',
  aside: 'Time, decision and people',
  flow: (added: number, changed: number, removed: number) => {
    const told = [
      { many: added, one: 'is new', more: 'are new' },
      { many: changed, one: 'changed', more: 'changed' },
      { many: removed, one: 'is gone', more: 'are gone' },
    ].filter((part) => part.many > 0);
    if (told.length === 0) return 'What it does, step by step';
    return list(
      told.map(({ many, one, more }, index) => {
        const said = index === 0 ? `${inWords(many)} ${many === 1 ? 'step' : 'steps'}` : inWords(many).toLowerCase();
        return `${said} ${many === 1 ? one : more}`;
      }),
    );
  },
  queue: {
    place: (place: number, all: number) => `${place} of ${all} in your queue`,
    placeOpen: (place: number, all: number) => `${place} of ${all} open`,
    waiting: (all: number) => `${count(all, 'review')} ${all === 1 ? 'waits' : 'wait'} for you`,
    previous: 'Previous review',
    next: 'Next review',
    keyPrevious: 'k',
    keyNext: 'j',
  },
};

export const sections = {
  changed: (since: number) => `What changed since v${since}`,
  first: 'What it consists of',
  firstNote: 'nothing was approved for this environment before',
  changes: (all: number) => count(all, 'change'),
  effects: { more: 'It may do more', other: 'It does something differently', less: 'It may do less' },
  parts: {
    calls: 'What it reaches',
    data: 'What data it handles',
    fixed: 'What is fixed',
    steps: 'Its steps',
    rest: 'Besides',
  },
  raw: 'Raw difference',
  hideRaw: 'Hide the raw difference',
  rawLabel: (from: number, to: number) => `Closures of v${from} and v${to}, line by line`,
  rawOne: (to: number) => `Closure of v${to}`,
  rawFailed: 'the closures',
  rawSame: 'Both closures are the same.',
  gap: (hidden: number) => `${count(hidden, 'line')} the same`,
  version: (number: number) => `v${number}`,
  grants: 'What it may call',
  grantsTable: 'Operations that an approval allows',
  grantsNote: (fresh: number, gone: number, first: boolean) =>
    first
      ? 'an approval allows exactly this'
      : [fresh > 0 && `${fresh} new`, gone > 0 && `${gone} gone`].filter(Boolean).join(', ') || 'as approved before',
  grantsNone: 'It calls nothing through the hub',
  grantsNoneText: 'An approval lets it run; it gives no access to any connection.',
  grantColumns: {
    operation: 'Operation',
    connection: 'Connection',
    data: 'Data',
    call: 'Call',
    price: 'Price a call',
  },
  since: (number: number) => `Since v${number}`,
  grantStates: { new: 'New', changed: 'Interface changed', gone: 'No longer asked for', kept: 'As before' },
  connectionGone: 'is gone',
  checklist: 'Checklist',
  checklistNow: 'as it stands now',
  checks: (passed: number, all: number) => `${passed} of ${all} pass`,
  passes: 'Passes:',
  fails: 'Fails:',
  checkNames: {
    deputy_named: 'A deputy is named',
    purpose_said: 'Its purpose is said',
    connection_exists: 'Connections offer what it uses',
    data_class_allowed: 'Data stays in its class',
    definition_checked: 'The automatic checks block nothing',
  } as Record<string, string>,
  checkFails: (failed: number) => `${count(failed, 'line fails', 'lines fail')}`,
  checkOf: (total: number) => count(total, 'connection'),
  toChecklist: 'See what is missing',
  clockLabel: 'Time for the review',
  clock: (you: boolean, submitter: string) =>
    `${you ? 'Runs against you' : 'Runs against the reviewers'}, never against ${submitter}. At 0 nothing is decided by itself: it is overdue and stands on top.`,
  overdue: 'It is overdue. Nothing is decided by itself.',
  people: 'Who decides',
  had: 'Who had a part in it',
  may: 'May decide',
  mayNot: 'May not decide',
  more: (more: number) => `and ${more} more`,
  partsOf: parts,
  you: 'you',
  law: 'Nobody approves their own change, admins included.',
};

export const decision = {
  label: 'Your decision',
  checklist: 'Checklist:',
  reason: 'Reason',
  kept: 'kept in the audit',
  hint: (submitter: string) => `What ${submitter} should know`,
  missing: (submitter: string) => `A refusal needs a reason: ${submitter} has to know what would pass.`,
  approve: (digest: string) => `Approve ${digest}`,
  refuse: 'Refuse',
  next: {
    first: 'It may run as soon as every hub has it.',
    after: (before: number) => `It may run as soon as every hub has it; v${before} may run for 14 more days.`,
  },
  why: {
    parts: (held: readonly string[]) => `You are its ${parts(held)}. Nobody approves their own change.`,
    role: (team: string) => `You are no reviewer of ${team}.`,
    ask: (names: readonly string[]) =>
      names.length > 0 ? `${list(names)} may decide.` : 'Nobody may decide it yet: somebody needs the role reviewer.',
    checks: (failed: number) =>
      `Closed while ${failed === 1 ? 'a line' : `${failed} lines`} of the checklist ${failed === 1 ? 'fails' : 'fail'}.`,
  },
  open: 'Decide',
  close: 'Back to reading',
  withdraw: 'Take it back',
  withdrawText: 'It becomes a draft again, and can be proposed anew.',
  withdrawTitle: (name: string) => `Take ${name} out of review?`,
  withdrawBody:
    'The review ends without a decision. The version stays as a draft; proposing it again starts 48 new hours.',
  keep: 'Leave it in review',
  withdrawn: (name: string) => `${name} is a draft again`,
  approved: (name: string) => `${name} is approved. Hubs take it over now`,
  approvedRunning: (name: string) => `${name} is approved and is what runs. Hubs take it over now`,
  refused: (name: string, submitter: string) => `${name} is refused. ${submitter} reads why`,
  end: 'End this approval',
  ended: (name: string) => `The approval of ${name} has ended`,
  conflict: {
    title: 'What you read is no longer in review. Nothing was decided.',
    read: 'You read',
    now: 'In review now',
    nothing: 'nothing',
    go: 'Read the review that is open now',
    kept: 'Your reason is kept below.',
  },
};

export const outcome = {
  label: 'What was decided',
  by: (word: string) => `${word} by`,
  noReason: 'No reason was given.',
  reason: 'Reason',
  force: {
    yes: 'In force on every hub',
    soon: 'Hubs are taking it over',
    late: 'Not every live hub has it yet',
    lateText: 'It holds nowhere until all have it.',
    seeHubs: 'See the hubs',
  },
  until: 'Holds until',
  superseded: 'Superseded',
  supersededText: (until: string) => `A newer version was approved; this one may run until ${until}.`,
  revoked: 'Ended',
  over: 'Ran out',
  number: 'Version',
  bring: 'Bring the changed version',
  bringText: 'Change what the reason asks for, then propose it again.',
  next: (name: string) => `Next: ${name}`,
  nothingNext: 'Nothing else waits for you.',
  toQueue: 'To the reviews',
  typed: 'What you had written',
  openNow: 'Read the review that is open now',
  end: 'End this approval',
  endTitle: (name: string) => `End the approval of ${name}?`,
  endBody: 'It may no longer run or call anything here. To bring it back, it has to be reviewed again.',
  endStops: (environment: string) =>
    `Every call of it in ${environment} is refused within seconds, with tokens that it has already too.`,
  endRuns: 'It is what runs now: the app stands still until another approved version runs.',
  endReason: 'Reason, for the owner and the audit',
  endSafe: 'Keep it approved',
  endConfirm: 'End the approval',
};

export const meanwhile = {
  decided: (name: string, what: string) => `${name} ${what} this while you read it.`,
  acts: { approved: 'approved', refused: 'refused', withdrawn: 'took back' } as Record<string, string>,
  kept: 'What you had written is kept at the side.',
  newer: (name: string, number: number, reviewed: number) =>
    `${name} has brought v${number} since. This review stays about v${reviewed}: a decision does not reach v${number}.`,
  seeVersions: 'See the versions',
};
