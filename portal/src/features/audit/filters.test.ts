import { describe, expect, it } from 'vitest';
import { exportAddress, familiesOf, filtersOf, isNarrowed, none, queryOf, subjectOf } from './filters';

const NOW = Date.parse('2026-03-10T12:00:31Z');

describe('what is asked of the log', () => {
  it('comes from the address, without what is empty', () => {
    const filters = filtersOf({ q: ' iban ', action: 'approval', other: 'x' });
    expect(queryOf(filters, NOW)).toEqual({ q: 'iban', action: 'approval' });
    expect([isNarrowed(filters), isNarrowed(none)]).toEqual([true, false]);
  });

  it('begins at a whole minute, so that it stays the same question', () => {
    expect(queryOf({ ...none, range: '1h' }, NOW).after).toBe('2026-03-10T11:00:00.000Z');
    expect(queryOf({ ...none, range: '1h' }, NOW + 20_000)).toEqual(queryOf({ ...none, range: '1h' }, NOW));
  });

  it('takes whole days, the last one included', () => {
    const query = queryOf({ ...none, range: 'days', from: '2026-03-01', until: '2026-03-31' }, NOW);
    expect(new Date(query.after ?? '')).toEqual(new Date(2026, 2, 1));
    expect(new Date(query.until ?? '')).toEqual(new Date(2026, 3, 1));
    expect(queryOf({ ...none, range: 'days', from: 'soon', until: '' }, NOW)).toEqual({});
    // Days count only when they are asked for.
    expect(queryOf({ ...none, from: '2026-03-01' }, NOW)).toEqual({});
  });

  it('can be taken along', () => {
    expect(exportAddress({})).toBe('/api/v1/audit/export');
    expect(exportAddress({ q: 'a b', actor: 'mara' })).toBe('/api/v1/audit/export?q=a+b&actor=mara');
  });
});

describe('words of the log', () => {
  it('names families once', () => {
    expect(familiesOf(['app.edited', 'approval.granted', 'app.retired'])).toEqual(['app', 'approval']);
  });

  it('leads to what an event is about, if that has a place', () => {
    expect(subjectOf({ subject: 'app:01a2', subjectName: 'lead-router' })).toEqual({
      kind: 'app',
      name: 'lead-router',
      to: '/apps/lead-router',
    });
    expect(subjectOf({ subject: 'install:demo', subjectName: '' })).toEqual({ kind: 'install', name: '', to: null });
    expect(subjectOf({ subject: 'app:01a2', subjectName: '' }).to).toBeNull();
  });
});
