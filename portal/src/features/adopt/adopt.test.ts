import { describe, expect, it } from 'vitest';
import type { ConnectionView, DraftView } from '@/api';
import { answersOf, completeManifest, offersOf, withLevel } from './manifest';
import { isName, suggestName } from './names';

const draft: DraftView = {
  name: 'stand-up',
  title: 'Stand-up',
  platform: 'n8n',
  summary: '3 steps',
  steps: [],
  connectors: ['github', 'openai'],
  calls: ['slack: chat.postMessage'],
  egress: ['api.stripe.com'],
  credentials: [],
  suggestions: [],
  unknown: [],
  findings: [],
  part: '',
  questions: {},
  manifest: {
    apiVersion: 'handrail.dev/v1',
    kind: 'App',
    metadata: { name: 'stand-up' },
    spec: {
      title: 'Stand-up',
      platform: 'n8n',
      connections: [{ connection: 'slack', operations: ['chat.postMessage'] }],
      egress: ['api.stripe.com'],
    },
  },
};

const connection = (name: string, connector: string, upstream: string, environment = 'production') =>
  ({ name, connector, upstream, environment, operations: [] }) as unknown as ConnectionView;

describe('an app’s name', () => {
  it.each([
    ['invoice-approver', true],
    ['a1-2b', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['1st', false],
    ['-a', false],
    ['a--b', false],
    ['A', false],
    ['', false],
  ])('%s: %s', (text, fits) => expect(isName(text)).toBe(fits));

  it.each([
    ['Invoice approver', 'invoice-approver'],
    ['  Zahlungen (März) ', 'zahlungen-m-rz'],
    ['2026 budget', 'app-2026-budget'],
    ['!!!', ''],
    ['x'.repeat(80), 'x'.repeat(63)],
  ])('nearest to %s is %s', (text, name) => expect(suggestName(text)).toBe(name));

  it('that is suggested always fits', () => {
    for (const text of ['9'.repeat(90), 'a'.repeat(62) + ' b', 'Ünïcode 42!', '--x--'])
      expect(isName(suggestName(text)), text).toBe(true);
  });
});

describe('a completed manifest', () => {
  it('keeps what the file told and leaves out what nobody said', () => {
    const answers = { ...answersOf(draft, 'mara', 'finance'), purpose: ' Reminds us. ', title: 'Stand up' };
    expect(completeManifest(draft, answers)).toEqual({
      apiVersion: 'handrail.dev/v1',
      kind: 'App',
      metadata: { name: 'stand-up' },
      spec: {
        title: 'Stand up',
        platform: 'n8n',
        team: 'finance',
        owner: 'mara',
        purpose: 'Reminds us.',
        connections: [{ connection: 'slack', operations: ['chat.postMessage'] }],
        egress: ['api.stripe.com'],
      },
    });
  });

  it('takes connections away that somebody unticked, and adds others in order', () => {
    const answers = { ...answersOf(draft, 'mara', 'finance'), uses: { stripe: ['b', 'a'], github: [] } };
    expect(completeManifest(draft, { ...answers, dataClasses: ['internal', 'pii'] })['spec']).toMatchObject({
      dataClasses: ['internal', 'pii'],
      connections: [
        { connection: 'github', operations: [] },
        { connection: 'stripe', operations: ['a', 'b'] },
      ],
    });
    expect(completeManifest(draft, { ...answers, uses: {} })['spec']).not.toHaveProperty('connections');
  });
});

describe('connections on offer', () => {
  it('are those it calls, then those that lead where it goes; rivals are named', () => {
    const offers = offersOf(
      draft,
      [
        connection('stripe', 'stripe', 'https://api.stripe.com/v1'),
        connection('slack', 'slack', 'https://slack.com'),
        connection('github', 'github', 'https://api.github.com'),
        connection('github-legal', 'github', 'https://git.example.com'),
        connection('crm', 'crm', 'https://crm.example.com'),
        connection('slack-sandbox', 'slack', 'https://slack.com', 'sandbox'),
      ],
      'production',
    );
    expect(offers.map((offer) => [offer.connection.name, offer.reason.kind, offer.rivals])).toEqual([
      ['slack', 'called', []],
      ['stripe', 'host', []],
      ['github', 'system', ['github-legal']],
      ['github-legal', 'system', ['github']],
    ]);
  });
});

describe('data classes', () => {
  it('have one level and any tags', () => {
    expect(withLevel(['internal', 'pii'], 'restricted')).toEqual(['restricted', 'pii']);
    expect(withLevel(['restricted', 'pii'], 'restricted')).toEqual(['pii']);
  });
});
