import { describe, expect, it } from 'vitest';
import type { PersonView } from '@/api';
import { endOfDay, gains, isPartial, matching, mayDo } from './rules';

const roles = [
  { role: 'viewer', permissions: ['app:read'] },
  { role: 'builder', permissions: ['app:read', 'app:write'] },
  { role: 'auditor', permissions: ['app:read', 'audit:read'] },
  { role: 'admin', permissions: ['app:read', 'people:write'] },
];

describe('what a role adds', () => {
  const held = [{ role: 'builder', team: 'finance' }];
  it('is nothing where it is held already, and all of it elsewhere', () => {
    expect(gains(held, 'viewer', 'finance', roles)).toEqual([]);
    expect(gains(held, 'viewer', 'sales', roles)).toEqual(['app:read']);
    expect(gains(held, 'builder', '*', roles)).toEqual(['app:read', 'app:write']);
    expect(gains([{ role: 'admin', team: '*' }], 'builder', 'sales', roles)).toEqual(['app:write']);
  });
  it('leaves out what only a role for all teams carries', () => {
    expect(gains([], 'auditor', 'finance', roles)).toEqual(['app:read']);
    expect(gains([], 'auditor', '*', roles)).toEqual(['app:read', 'audit:read']);
    expect(isPartial('auditor', 'finance', roles)).toBe(true);
    expect(isPartial('auditor', '*', roles)).toBe(false);
    expect(isPartial('builder', 'finance', roles)).toBe(false);
  });
  it('counts roles in all teams everywhere', () => {
    expect([...mayDo([{ role: 'admin', team: '*' }, ...held], 'finance', roles)].toSorted()).toEqual([
      'app:read',
      'app:write',
      'people:write',
    ]);
  });
});

describe('finding people', () => {
  const person = (name: string, displayName: string, team: string, status = 'active') =>
    ({ name, displayName, status, roles: [{ role: 'viewer', team, expiresAt: null }] }) as unknown as PersonView;
  const people = [
    person('zoe', 'Zoë Ångström', 'sales'),
    person('ines', 'Ines Costa', 'finance', 'disabled'),
    person('tomas', 'Tomás Rivas', '*'),
  ];
  const names = (filter: Partial<Parameters<typeof matching>[1]>) =>
    matching(people, { text: '', team: '', status: '', ...filter }).map((each) => each.name);
  it('ignores accents and case, and wants every word', () => {
    expect(names({ text: 'zoe ang' })).toEqual(['zoe']);
    expect(names({ text: 'TOMAS' })).toEqual(['tomas']);
    expect(names({ text: 'zoe rivas' })).toEqual([]);
  });
  it('finds those of all teams in each team, the disabled last', () => {
    expect(names({ team: 'finance' })).toEqual(['tomas', 'ines']);
    expect(names({ status: 'disabled' })).toEqual(['ines']);
  });
});

describe('the last day of a role', () => {
  it('ends with that day, and is none when nothing was written', () => {
    expect(endOfDay('')).toBeNull();
    expect(endOfDay('soon')).toBeNull();
    expect(new Date(endOfDay('2027-03-01') ?? '').getDate()).toBe(1);
  });
});
