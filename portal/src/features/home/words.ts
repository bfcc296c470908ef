import { count, inWords, list } from '@/kit/format';

export const words = {
  name: 'Home',
  title: (needs: number) =>
    needs === 0 ? 'Nothing needs you' : needs === 1 ? 'One thing needs you' : `${inWords(needs)} things need you`,
  lead: {
    none: 'You answer for no app yet.',
    all: (operating: number) =>
      operating === 1
        ? 'Your operating app runs what was approved.'
        : `Your ${operating} operating apps run what was approved.`,
    declared: (apps: readonly string[]) => `For ${list(apps)} we have only somebody’s word.`,
    drifted: (apps: readonly string[]) => `${list(apps)} ${apps.length === 1 ? 'runs' : 'run'} what nobody approved.`,
    idle: 'None of your apps operates yet.',
  },
  quiet: 'Whatever needs you appears here by itself.',
  more: (kinds: readonly string[]) => `There are more of: ${list(kinds)}.`,
  adopt: 'Bring an existing flow',
  newApp: 'New app',
  mine: 'My apps',
  mineNote: (apps: number, total: number) =>
    total > apps ? `${apps} of ${total}, calls over 14 days` : `${apps}, calls over 14 days`,
  openCatalog: 'Open in catalog',
  changed: 'What changed',
  changedNote: 'your teams’ apps',
  nothingChanged: 'Nothing has changed yet',
  nothingChangedText: 'What people and sources do to your teams’ apps appears here.',
  waiting: 'Waiting for others',
  waitingNone: 'You wait for nobody.',
  start: 'Start an app',
  startText:
    'Built one already? Drop its export and confirm three facts. Only an idea so far? Give it a name, so that nobody builds it twice.',
  columns: { app: 'App', stage: 'Stage', runs: 'What runs', calls: 'Calls', week: '14 days', cost: 'Cost, 14 days' },
  inReview: (number: number) => `v${number} in review`,
  noCalls: 'No calls yet',
  callsOf: (app: string, calls: number) => `Calls of ${app} over 14 days: ${calls} in all`,
  noApps: 'You own no app',
  noAppsText: 'Apps that you own or stand in for appear here with what runs and how they are used.',
  failed: 'what needs you',
  failedApps: 'your apps',
  empty: 'Your teams have no apps yet',
  emptyText: 'Bring a flow that somebody built already, or start with an idea.',
  setUp: 'Finish setting up',
  setUpText: (done: number, all: number) => `${done} of ${all} steps are done.`,
  setUpGo: 'Go on',
};

/** What one can act on: a title, what is behind it, and the button. */
export interface NeedWords {
  title: string;
  text: string;
  button: string;
}

export interface Facts {
  app: string;
  number: number | null;
  person: string;
  reason: string;
  details: Readonly<Record<string, unknown>>;
}

const named = (value: unknown): string => (typeof value === 'string' ? value : '');
const names = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Words for each kind of need; unknown kinds say their reason. */
export const needs: Record<string, (facts: Facts) => NeedWords> = {
  review_waiting: ({ app, number, person, reason }) => ({
    title: `Decide on ${app} version ${number}`,
    text: reason ? `${person}: “${reason}”` : `${person} asks for a review.`,
    button: 'Review',
  }),
  review_refused: ({ app, number, person, reason }) => ({
    title: `Change ${app} version ${number}, then propose it again`,
    text: `${person} refused it: “${reason}”`,
    button: 'See what to change',
  }),
  drifted: ({ app, reason, details }) => ({
    title: `${app} runs what nobody approved`,
    text: `${reason} Its calls are refused until a version is approved${details['approvedNumber'] ? ', or it is rolled back' : ''}.`,
    button: 'See what changed',
  }),
  quarantined: ({ app, reason }) => ({
    title: `${app} is quarantined`,
    text: `“${reason}” Every call is refused until the hold is lifted.`,
    button: 'Open',
  }),
  deputy_missing: ({ app, reason }) => ({
    title: `Name a deputy for ${app}`,
    text: `${reason} An app must not hang on one person.`,
    button: 'Name a deputy',
  }),
  approval_ends: ({ app, reason, details }) => ({
    title: details['superseded'] ? `${app} runs a version that was replaced` : `The approval of ${app} ends soon`,
    text: reason,
    button: 'Open',
  }),
  owner_gone: ({ app, person }) => ({
    title: `${app} needs a new owner`,
    text: `${person}, who owns it, has left.`,
    button: 'Hand over',
  }),
  source_silent: ({ app, reason, details }) => {
    const apps = names(details['apps']);
    return {
      title: `We can’t see ${app || count(apps.length, 'app')} at ${named(details['source'])}`,
      text: `${reason} What runs there is unknown until it answers.`,
      button: 'See the source',
    };
  },
  hub_problem: ({ reason, details }) => ({
    title: `Hub ${named(details['hub'])} needs a look`,
    text: reason,
    button: 'Open the hub',
  }),
  second_person: ({ reason }) => ({
    title: 'Invite a second person',
    text: `${reason} Nobody approves their own change, admins included.`,
    button: 'Invite',
  }),
  credential_missing: ({ reason, details }) => ({
    title: `Set the credential ${named(details['credential'])}`,
    text: reason,
    button: 'Set it',
  }),
  in_review: ({ app, number, person, details }) => {
    const deciders = names(details['deciders']);
    const more = Number(details['deciderCount'] ?? deciders.length) - deciders.length;
    return {
      title: `${app} v${number}`,
      text: person ? `With ${list(deciders)}${more > 0 ? ` and ${more} more` : ''}` : 'Nobody else may decide it',
      button: '',
    };
  },
  not_in_force: ({ app, number, reason }) => ({ title: `${app} v${number}`, text: reason, button: '' }),
};
