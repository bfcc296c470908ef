import { describe, expect, it } from 'vitest';
import { because, did } from './events';

describe('what somebody did', () => {
  it('names the version by its number, or by its digest', () => {
    expect(did({ action: 'approval.granted', facts: {}, number: 7 })).toBe('approved version 7');
    expect(did({ action: 'version.refused', facts: { digest: 'c1:sha256:9f4e21b07d5a' } })).toBe(
      'refused the version 9f4e 21b0',
    );
  });

  it('says what an edit changed', () => {
    const facts = { owner: ['mara', 'jonas'], deputy: ['', 'priya'], purpose: ['a', 'b'] };
    expect(did({ action: 'app.edited', facts })).toBe(
      'changed the owner from mara to jonas, the deputy to priya, the purpose',
    );
  });

  it('tells what was seen from what was said', () => {
    const facts = { from: 'c1:sha256:aaaa1111', to: 'c1:sha256:bbbb2222' };
    expect(did({ action: 'running.set', facts: { ...facts, source: 'observed' } })).toBe(
      'saw bbbb 2222 run instead of aaaa 1111',
    );
    expect(did({ action: 'running.set', facts: { ...facts, source: 'declared' } })).toBe('said that bbbb 2222 runs');
  });

  it('says what became of a source', () => {
    expect(did({ action: 'source.state_changed', facts: { from: 'ok', to: 'unreachable' } })).toBe(
      'does not answer any more',
    );
    expect(did({ action: 'source.state_changed', facts: { to: 'asleep' } })).toBe('is asleep now');
  });

  it('names what it has no words for', () => {
    expect(did({ action: 'moon.landed', facts: {} })).toBe('moon.landed');
    expect(because({ action: 'quarantine.placed', facts: { reason: 'Sends salaries' } })).toBe('Sends salaries');
  });
});
