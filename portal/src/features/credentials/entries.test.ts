import { describe, expect, it } from 'vitest';
import type { ConnectionView, CredentialView } from '@/api';
import { entriesOf, matching } from './entries';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const days = (count: number): string => new Date(NOW - count * 86_400_000).toISOString();

const held = (name: string, some: Partial<CredentialView> = {}): CredentialView => ({
  name,
  environment: 'production',
  version: 1,
  fields: ['token'],
  usedBy: [name],
  createdAt: days(10),
  createdBy: 'tomas',
  lastUsedAt: days(0),
  ...some,
});

const connection = (name: string, credential: string | null, environment = 'production') =>
  ({ name, credential, environment, connector: `${name}-kind` }) as ConnectionView;

describe('credentials', () => {
  it('puts missing ones first, then old ones, then those that nobody uses', () => {
    const found = entriesOf(
      [
        held('well'),
        held('unused', { usedBy: [], lastUsedAt: null }),
        held('idle', { lastUsedAt: null }),
        held('old', { createdAt: days(91) }),
      ],
      [connection('crm', 'missing'), connection('open', null)],
      NOW,
    );
    expect(found.map((each) => [each.name, each.state])).toEqual([
      ['missing', 'missing'],
      ['old', 'old'],
      ['idle', 'idle'],
      ['unused', 'unused'],
      ['well', 'well'],
    ]);
    expect(found[0]).toMatchObject({ usedBy: ['crm'], connectors: ['crm-kind'], held: null });
  });

  it('keeps the environments apart', () => {
    const found = entriesOf([held('bot')], [connection('a', 'bot'), connection('b', 'bot', 'sandbox')], NOW);
    expect(found.map((each) => [each.environment, each.state])).toEqual([
      ['sandbox', 'missing'],
      ['production', 'well'],
    ]);
  });

  it('is found by the connection that uses it', () => {
    const found = entriesOf([held('bot', { usedBy: ['crm'] }), held('other')], [], NOW);
    expect(matching(found, ' CR').map((each) => each.name)).toEqual(['bot']);
    expect(matching(found, '')).toHaveLength(2);
  });
});
