import { describe, expect, it } from 'vitest';
import type { VersionView } from '@/api';
import { lineOf } from './lines';

const app = {
  versions: [
    { number: 2, digest: 'c1:sha256:bbbb2222' },
    { number: 1, digest: 'c1:sha256:aaaa1111' },
  ] as VersionView[],
};

describe('what an event says', () => {
  it('calls versions by their numbers', () => {
    const facts = { digest: 'c1:sha256:bbbb2222', environment: 'production', grants: [['a', 'b']] };
    expect(lineOf({ action: 'approval.granted', facts }, app)).toEqual({
      did: 'approved version 2',
      more: ['1 operation granted'],
    });
  });

  it('says what runs instead of what, also where a version is not known', () => {
    const facts = { from: 'c1:sha256:aaaa1111', to: 'c1:sha256:cccc3333', source: 'observed' };
    expect(lineOf({ action: 'running.set', facts }, app).more).toEqual(['cccc 3333 instead of v1']);
    const first = { from: '', to: 'c1:sha256:aaaa1111', source: 'declared' };
    expect(lineOf({ action: 'running.set', facts: first }, app).more).toEqual(['v1']);
  });

  it('quotes reasons and names other environments', () => {
    const facts = { reason: 'No limit', environment: 'sandbox', digest: 'c1:sha256:aaaa1111' };
    expect(lineOf({ action: 'version.refused', facts }, app)).toEqual({
      did: 'refused version 1',
      more: ['“No limit”', 'In sandbox'],
    });
  });

  it('shows what it has no words for', () => {
    expect(lineOf({ action: 'moon.landed', facts: {} }, app)).toEqual({ did: 'moon.landed', more: [] });
  });
});
