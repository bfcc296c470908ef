import type { EventView } from '@/api';
import { shortDigest } from '@/kit/format';
import { because, did } from '@/words/events';
import { historyWords as words } from '../actWords';
import { numberOf } from '../model';
import { v } from '../words';

type Versions = Parameters<typeof numberOf>[0];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A digest as people call it: its number where it is one of the app's, else its first digits. */
function named(app: Versions, digest: unknown): string {
  const number = numberOf(app, digest);
  return number ? v(number) : text(digest) ? shortDigest(text(digest)) : '';
}

/** An edit's people as they are called. */
function withNames(facts: EventView['facts'], called: (name: string) => string): EventView['facts'] {
  const found = { ...facts };
  for (const field of ['owner', 'deputy']) {
    const change = facts[field];
    if (Array.isArray(change)) found[field] = change.map((name) => (text(name) ? called(text(name)) : name));
  }
  return found;
}

/** What an event says: what was done, and what else is known of it. */
export function lineOf(
  event: Pick<EventView, 'action' | 'facts'>,
  app: Versions,
  called: (name: string) => string = (name) => name,
): { did: string; more: string[] } {
  const { action, facts } = event;
  const number = typeof facts['number'] === 'number' ? facts['number'] : numberOf(app, facts['digest']);
  const told = { action, facts: withNames(facts, called), ...(number ? { number } : {}) };
  const more: string[] = [];
  const reason = because(told);
  if (reason) more.push(`“${reason}”`);
  if (action === 'running.set') more.push(words.ran(named(app, facts['to']), named(app, facts['from'])));
  if (action === 'approval.granted' && Array.isArray(facts['grants'])) more.push(words.granted(facts['grants'].length));
  if (facts['carriedFrom']) more.push(words.carried);
  if (action === 'version.taken_in' && text(facts['author'])) more.push(words.author(called(text(facts['author']))));
  if (action.startsWith('client.') && text(facts['client']))
    more.push(words.client(text(facts['client']).slice(0, 13)));
  const environment = text(facts['environment']);
  if (environment && environment !== 'production') more.push(words.in(environment));
  return { did: did(told), more };
}
