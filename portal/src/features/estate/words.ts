import { count, day, list, milliseconds, number, percent } from '@/kit/format';

const things = (found: number): string => (found === 1 ? 'One thing runs' : `${number(found)} things run`);

/** How long a scan took: `40 ms`, `3.7 s`, `3 min 40 s`. */
function took(ms: number): string {
  if (ms < 60_000) return milliseconds(ms);
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const words = {
  name: 'Estate',
  what: 'the estate',
  title: (found: number, registered: number) => {
    const rest = found - registered;
    if (rest <= 0) return `${things(found)} here. Each of them is registered.`;
    if (registered === 0) return `${things(found)} here. Nobody approved ${found === 1 ? 'it' : 'any of them'}.`;
    return `${things(found)} here. Nobody approved ${number(rest)} of them.`;
  },
  emptyTitle: 'Nothing was read yet',
  lead: (origins: number) =>
    `Read from ${count(origins, 'source')} without changing anything. We looked at definitions, not at what people keep on their own machines.`,
  emptyLead:
    'Give Handrail what people built: exports, a folder, a zip. It reads them, finds where data leaves, and prepares each registration.',
  scanned: (at: string, ms: number | null) => `Read ${lower(day(at))}${ms ? ` in ${took(ms)}` : ''}`,
  add: 'Add files',
  strip: {
    label: 'Summary',
    found: 'Definitions found',
    foundNote: (fresh: number) =>
      fresh > 0 ? `${number(fresh)} new within seven days` : 'none new since the first reading',
    registered: 'Registered',
    registeredNote: (share: number) => `${percent(share)} of them`,
    keys: 'Keys outside the hub',
    keysNote: (apps: number) => `in ${count(apps, 'app')}`,
    keysNone: 'no app holds one of its own',
    leaks: 'Leak paths',
    leaksNote: (apps: number) => `in ${count(apps, 'app')}`,
    leaksNone: 'none found in what was read',
    unreadable: 'Could not read',
    unreadableNote: 'Why, and what helps',
    unreadableNone: 'every file was read',
  },
  leaks: {
    title: 'Leak paths',
    what: 'the leak paths',
    note: (shown: number, all: number) => (shown < all ? `worst first, ${shown} of ${number(all)}` : 'worst first'),
    all: (n: number) => `All ${number(n)}`,
    none: 'No path leads data out of the company',
    noneText: 'In what was read. What decides its destination only when it runs is listed with each definition.',
    open: 'Open',
    openLabel: (title: string) => `Open: ${title}`,
    pageTitle: (n: number) =>
      n === 0
        ? 'No path leads data out of the company'
        : `${count(n, 'path')} lead${n === 1 ? 's' : ''} data out of the company`,
    pageLead: 'Each by its shortest way, the worst first, with the one change that would end it.',
    across: 'across apps',
    within: (name: string) => `in ${name}`,
  },
  platforms: {
    title: 'By platform',
    head: {
      platform: 'Platform',
      found: 'Found',
      registered: 'Registered',
      ownKeys: 'Own keys',
      restricted: 'Restricted',
      leaks: 'Leaks',
      readable: 'Readable',
    },
    registered: (registered: number, found: number) =>
      `${number(registered)} registered, ${number(found - registered)} not`,
    bar: (registered: number, found: number) => `${registered} of ${found} registered`,
    none: '–',
    see: (platform: string, n: number) => `${number(n)}, show those of ${platform}`,
  },
  first: {
    title: 'Do first',
    none: 'Nothing waits. What is found next appears here.',
    act: {
      register: 'Start',
      keys: 'See keys',
      leaks: 'See paths',
      cuts: 'See changes',
      duplicates: 'Compare',
      unreadable: 'See why',
      owners: 'See which',
      personal: 'See which',
      vanished: 'See which',
    } as Readonly<Record<string, string>>,
    look: 'Show',
  },
  unread: {
    note: (n: number) => `${count(n, 'file')} could not be read`,
    text: 'We count them as unknown, not as safe. Each says why, and what helps.',
    link: 'See which',
    pageTitle: (n: number) => (n === 0 ? 'Every file was read' : `${count(n, 'file')} could not be read`),
    pageMore: (n: number) => `More than ${count(n, 'file')} could not be read`,
    pageLead: 'Unknown is not safe: what we cannot read, nobody has checked.',
    none: 'Nothing was left unread.',
    noneText: 'A file that cannot be read appears here with the place and what helps.',
    what: 'what could not be read',
    head: { path: 'File', origin: 'From', why: 'Why, and what helps', seen: 'Seen' },
  },
  twins: {
    pageTitle: (n: number) => (n === 0 ? 'No two do the same' : `${count(n, 'group')} do the same work more than once`),
    pageLead: 'Same trigger, same systems, same destination. One app in place of several is one owner, one approval.',
    none: 'Nothing here does what something else does already.',
    what: 'the duplicates',
    alike: (share: number) => `${percent(share)} alike`,
    same: 'identical',
    members: (n: number) => count(n, 'definition'),
    title: (operations: readonly string[]) =>
      operations.length === 0
        ? 'The same steps'
        : list(operations.length > 4 ? [...operations.slice(0, 3), `${operations.length - 3} more`] : operations),
    into: (places: readonly string[]) =>
      `Into ${list(places.length > 5 ? [...places.slice(0, 4), `${places.length - 4} more`] : places)}`,
    app: (name: string) => `the app ${name}`,
    more: 'Show more',
    range: (shown: number, all: number) => `${number(shown)} of ${number(all)}`,
  },
  lists: {
    label: 'Parts of the estate',
    overview: 'Overview',
    inventory: 'Inventory',
    leaks: 'Leak paths',
    duplicates: 'Duplicates',
    unreadable: 'Could not read',
  },
  certainty: { certain: 'certain: every step read', likely: 'likely: only a decision depends on it' } as Readonly<
    Record<string, string>
  >,
};

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export const dropping = {
  title: 'Add to the estate',
  upload: 'What is being read',
  drop: 'Drop files, folders or a zip here',
  dropNow: 'Let go to read them',
  kinds: 'n8n, Node-RED, Power Automate, Logic Apps, Open Workflow, Python. Nothing runs, nothing is changed.',
  files: 'Choose files',
  folder: 'Choose a folder',
  close: 'Close',
  team: 'For the team',
  teamHint: 'Choose a team',
  teamHelp: 'Its people see what is found.',
  teamMissing: 'Choose the team first, then drop.',
  origin: 'From',
  originHelp: 'The same name again is compared.',
  originFallback: 'uploads',
  noTeam: 'You build for no team',
  noTeamText: 'Adding files takes the role builder in a team, or steward. An admin gives it on the page People.',
  listing: (files: number) => `Looking through folders: ${count(files, 'file')} so far`,
  phase: {
    comparing: 'Comparing with what is known',
    sending: 'Reading',
    stopped: 'Stopped. Nothing is lost',
    cancelled: 'Stopped by you',
    done: 'Read',
  },
  progress: (settled: number, total: number) => `${number(settled)} of ${count(total, 'file')}`,
  bar: 'How much is read',
  so: (definitions: string) => `${definitions} definitions so far`,
  cancel: 'Stop',
  goOn: 'Go on',
  again: 'Try again',
  more: 'Add more',
  hide: 'Hide this',
  see: 'See the inventory',
  outcome: (part: { definitions: number; same: number; leaks: number; gone: number; blank: number; total: number }) => {
    if (part.total === 0) return 'No file here is one that a builder exports.';
    const said: string[] = [];
    if (part.definitions > 0) said.push(`${count(part.definitions, 'definition')} found`);
    if (part.leaks > 0) said.push(count(part.leaks, 'leak path'));
    if (part.same > 0) said.push(`${count(part.same, 'file')} as before`);
    if (part.blank > 0) said.push(`${count(part.blank, 'file')} without a flow`);
    if (part.gone > 0) said.push(`${number(part.gone)} no longer there`);
    if (part.definitions === 0 && part.same === part.total) return 'Nothing new: every file is as it was.';
    return said.length > 0 ? `${list(said)}.` : 'No definition was found in them.';
  },
  trouble: (n: number) => `${count(n, 'file')} could not be read`,
  troubleMore: (n: number) => `Show all ${number(n)}`,
  troubleLess: 'Show fewer',
  at: 'at',
  others: (kinds: readonly string[], n: number) => `Left out: ${count(n, 'file')} of other kinds (${list(kinds)}).`,
  noEnding: 'without an ending',
  skipped: (folders: readonly string[]) => `Not looked into: ${list(folders)}.`,
  skippedMore: (n: number) => `${count(n, 'more folder')}`,
  cut: (n: number) => `Only the first ${number(n)} files were taken. Drop the rest as folders of their own.`,
  tooLarge: 'It is too large to send from a browser.',
  tooLargeFix: 'Read it where it lies: handrail adopt FOLDER.',
  unread: (why: string) => (why === 'too_deep' ? 'It lies too deep in folders.' : 'The browser could not read it.'),
  unreadFix: 'Check that it is still there, then drop it again.',
};

export const inventory = {
  name: 'Inventory',
  what: 'the inventory',
  title: (total: number, filtered: boolean) =>
    filtered
      ? total === 0
        ? 'Nothing here fits'
        : `${count(total, 'definition')} fit${total === 1 ? 's' : ''}`
      : `${count(total, 'definition')} ${total === 1 ? 'was' : 'were'} found`,
  lead: 'What was read, the riskiest first. Nothing of it runs differently because it stands here.',
  search: 'Search the inventory',
  placeholder: 'Name, file, system or owner',
  clearSearch: 'Clear the search',
  filter: 'Filter',
  filters: 'Filters',
  closeFilter: 'Close the filters',
  show: (n: number) => `Show ${number(n)}`,
  on: 'filters on',
  clear: 'Clear filters',
  remove: (label: string) => `Remove ${label}`,
  active: 'Filters in force',
  views: 'Registered or not',
  tabs: { all: 'All', false: 'Not registered', true: 'Registered' },
  facets: {
    risk: 'Risk',
    platform: 'Builder',
    connector: 'System',
    origin: 'From',
    owner: 'Owner',
    team: 'Team',
  },
  risk: {
    leak: 'Leaks data',
    block: 'Blocked',
    warn: 'Warnings',
    note: 'Notes only',
    clean: 'Nothing found',
    secret: 'Holds a secret',
    personal: 'Personal accounts only',
    restricted: 'Restricted data',
  } as Readonly<Record<string, string>>,
  nobody: 'Nobody',
  nobodyAnswers: 'nobody answers for it',
  moreValues: (n: number) => `All ${n}`,
  fewerValues: 'Fewer',
  list: 'Definitions found',
  head: {
    name: 'Name',
    platform: 'Builder',
    origin: 'From',
    owner: 'Owner',
    dataClass: 'Data',
    findings: 'Findings',
    leaks: 'Leaks',
    state: 'Registered',
  },
  registered: 'Registered',
  unregistered: 'No',
  gone: 'no longer there',
  withGone: 'What is no longer there',
  leakCount: (n: number) => count(n, 'leak'),
  findings: (block: number, warn: number, note: number) =>
    `${count(block, 'blocker')}, ${count(warn, 'warning')}, ${count(note, 'note')}`,
  clean: 'none',
  steps: (n: number) => count(n, 'step'),
  none: 'Clear a filter, or search for less.',
  pages: 'Pages',
  range: (from: number, to: number, all: number) => `${number(from)} to ${number(to)} of ${number(all)}`,
  previous: 'Previous',
  first: 'First page',
  next: 'Next',
};
