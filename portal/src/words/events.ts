import { shortDigest } from '@/kit/format';

/** One line of the audit as far as its words need it. */
export interface Told {
  action: string;
  facts: Readonly<Record<string, unknown>>;
  /** Number of the version it is about. */
  number?: number | null;
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const count = (value: unknown, what: string): string => `${text(value) || '0'} ${what}${value === 1 ? '' : 's'}`;
const digest = (value: unknown): string => (text(value) ? shortDigest(text(value)) : 'nothing');
const version = ({ number, facts }: Told): string =>
  number ? `version ${number}` : facts['digest'] ? `the version ${digest(facts['digest'])}` : 'a version';

const FIELDS: Record<string, string> = {
  owner: 'the owner',
  deputy: 'the deputy',
  purpose: 'the purpose',
  title: 'the title',
  team: 'the team',
  name: 'the name',
};

/** What was edited: `the owner from mara to jonas and the purpose`. */
function edited(facts: Told['facts']): string {
  const parts = Object.entries(facts).map(([field, change]) => {
    const named = FIELDS[field] ?? field;
    if (!Array.isArray(change) || field === 'purpose' || field === 'title') return named;
    const [from, to] = change.map(text);
    return from ? `${named} from ${from} to ${to || 'nobody'}` : `${named} to ${to}`;
  });
  return parts.length > 0 ? parts.join(', ') : 'nothing';
}

/** What a source became, as what it does. */
const SOURCE_STATES: Record<string, string> = {
  ok: 'can be read',
  waiting: 'waits for its first look',
  unreachable: 'does not answer any more',
  unauthorised: 'refuses the token',
  unreadable: 'answers what we do not understand',
  missing: 'does not have the part that is watched',
};

const sentences: Record<string, (told: Told) => string> = {
  'api_token.made': ({ facts }) => `made the API token ${text(facts['name'])}`,
  'api_token.revoked': ({ facts }) => `ended the API token ${text(facts['name'])}`,
  'app.assurance_changed': ({ facts }) => `made it ${text(facts['to'])} instead of ${text(facts['from'])}`,
  'app.edited': ({ facts }) => `changed ${edited(facts)}`,
  'app.registered': () => 'registered the app',
  'app.retired': () => 'retired the app',
  'app.stage_moved': ({ facts }) => `moved it from ${text(facts['from'])} to ${text(facts['to'])}`,
  'approval.expired': (told) => `let the approval of ${version(told)} run out`,
  'approval.granted': (told) => `approved ${version(told)}`,
  'approval.revoked': (told) => `ended the approval of ${version(told)}`,
  'backup.made': () => 'made a backup',
  'client.added': () => 'added a client to sign in with',
  'client.revoked': () => 'ended a client',
  'connection.applied': () => 'changed the connection',
  'connection.removed': () => 'removed the connection',
  'connector.applied': ({ facts }) => `added ${text(facts['version']) || 'a version'} of the connector`,
  'credential.put': ({ facts }) => `set version ${text(facts['version']) || 'new'} of the credential`,
  'database.restored': () => 'put a backup back',
  'demo.filled': () => 'filled the demo',
  'drift.grace_ended': () => 'ended the time in which a change is tolerated',
  'drift.grace_shortened': ({ facts }) =>
    `shortened the time in which a change is tolerated to ${text(facts['hours'])} hours`,
  'drift.tolerated': (told) => `tolerates ${version(told)} for a while, with what was approved`,
  'estate.files_read': ({ facts }) =>
    `read ${count(facts['files'], 'file')} of ${text(facts['origin'])} into the estate`,
  'estate.finished': ({ facts }) =>
    `went through all of ${text(facts['origin'])}: ${count(facts['gone'], 'file')} gone`,
  'estate.linked': () => 'joined what was found to the app',
  'estate.origin_added': ({ facts }) => `began to read ${text(facts['name'])} into the estate`,
  'estate.unlinked': () => 'parted what was found from the app',
  'hub.enrolled': () => 'enrolled the hub',
  'hub.key_bound': () => 'bound the hub to its key',
  'hub.removed': () => 'removed the hub',
  'hub.token_renewed': () => 'renewed the hub’s token',
  'invitation.made': () => 'invited somebody',
  'invitation.redeemed': () => 'joined by an invitation',
  'invitation.revoked': () => 'ended an invitation',
  'layout.moved': () => 'moved steps of the drawing',
  'layout.tidied': () => 'tidied the drawing up',
  'password.changed': () => 'changed the password',
  'person.added': () => 'made an account',
  'person.disabled': () => 'disabled the account',
  'person.enabled': () => 'let them sign in again',
  'profile.changed': () => 'changed the profile',
  'quarantine.lifted': () => 'lifted the quarantine',
  'quarantine.placed': () => 'quarantined the app',
  'role.granted': ({ facts }) => `gave the role ${text(facts['role'])}`,
  'role.revoked': ({ facts }) => `took the role ${text(facts['role'])}`,
  'running.set': ({ facts }) =>
    facts['source'] === 'observed'
      ? `saw ${digest(facts['to'])} run instead of ${digest(facts['from'])}`
      : `said that ${digest(facts['to'])} runs`,
  'session.confirmed': () => 'confirmed who they are',
  'session.ended': () => 'signed out',
  'sessions.ended': () => 'ended sessions',
  'setup.redeemed': () => 'set Handrail up, as its first admin',
  'setup_link.made': () => 'made the link for the first admin',
  'sign_in.failed': () => 'failed to sign in',
  'sign_in.succeeded': () => 'signed in',
  // A key comes as one of its states: in use at once, or to be used later.
  'signing_key.active': () => 'made a signing key and put it to use',
  'signing_key.activated': () => 'put a signing key to use',
  'signing_key.dropped': () => 'dropped a signing key',
  'signing_key.next': () => 'made the next signing key',
  'signing_key.retired': () => 'retired a signing key',
  'source.added': () => 'added the source',
  'source.app_vanished': () => 'no longer finds an app where it was',
  'source.bound': () => 'had the source watch one more app',
  'source.listed': ({ facts }) =>
    `listed what there is: ${count(facts['new'], 'flow')} new, ${text(facts['gone'])} gone`,
  'source.part_failed': () => 'could not read a part',
  'source.removed': () => 'removed the source',
  'source.rules_set': () => 'changed the standing rules of the source',
  'source.state_changed': ({ facts }) =>
    SOURCE_STATES[text(facts['to'])] ?? `is ${text(facts['to']) || 'in another state'} now`,
  'team.added': () => 'added the team',
  'team.changed': () => 'changed the team',
  'vault.rewrapped': () => 'sealed the credentials with a new key',
  'version.refused': (told) => `refused ${version(told)}`,
  'version.submitted': (told) => `proposed ${version(told)}`,
  'version.taken_in': (told) => `brought ${version(told)}`,
  'version.withdrawn': (told) => `took ${version(told)} out of review`,
  'view.removed': ({ facts }) => `removed the view ${text(facts['name'])}`,
  'view.saved': ({ facts }) => `saved the view ${text(facts['name'])}`,
};

/** What somebody did, to stand after their name: `approved version 7`. An action nobody has words for is named. */
export function did(told: Told): string {
  return sentences[told.action]?.(told) ?? told.action;
}

/** What they said about it, if anything. */
export function because(told: Told): string {
  return text(told.facts['reason']) || text(told.facts['note']);
}
