import { describe, expect, it } from 'vitest';
import type { SigningKeyView } from '@/api';
import { byNeed, countsOf, hubAddress, keysOf } from './checks';

const check = (name: string, state: 'ok' | 'warning' | 'failed') => ({ check: name, state, detail: '', fix: '' });
const key = (kid: string, state: string, createdAt: string, kind = 'production'): SigningKeyView => ({
  kid,
  kind,
  state,
  createdAt,
  activatedAt: null,
  retiredAt: null,
});

describe('what is shown of an install', () => {
  it('puts failures first and keeps the order otherwise', () => {
    const checks = [check('disk', 'ok'), check('hubs', 'warning'), check('vault', 'failed'), check('audit', 'ok')];
    expect(byNeed(checks).map((each) => each.check)).toEqual(['vault', 'hubs', 'disk', 'audit']);
    expect(countsOf(checks)).toEqual({ failed: 1, warning: 1, all: 4 });
  });

  it('shows the key that signs first', () => {
    const keys = [
      key('old', 'retired', '2026-01-01'),
      key('older', 'retired', '2025-01-01'),
      key('next', 'next', '2026-03-01'),
      key('now', 'active', '2026-02-01'),
      key('other', 'active', '2026-02-01', 'sandbox'),
    ];
    expect(keysOf(keys, 'production').map((each) => each.kid)).toEqual(['now', 'next', 'old', 'older']);
  });

  it('finds the hub’s address', () => {
    expect(hubAddress([{ name: 'crm', address: 'http://hub:8780/crm' }])).toBe('http://hub:8780');
    expect(hubAddress([])).toBeNull();
  });
});
