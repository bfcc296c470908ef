import { describe, expect, it } from 'vitest';
import type { AppDetailView, ApprovalView, RunningView, VersionView } from '@/api';
import {
  classesOf,
  closureOf,
  environmentsOf,
  matchOf,
  shownVersion,
  stageDates,
  stepsOf,
  troubleOf,
  usesOf,
} from './model';

const version = (number: number, status = 'approved', environment = 'production'): VersionView => ({
  id: `id${number}`,
  environment,
  number,
  digest: `c1:sha256:${number}`,
  status,
  platform: 'n8n',
  sourceDigest: '',
  author: '',
  createdAt: `2026-10-0${number}T08:00:00Z`,
});
const approval = (number: number, more: Partial<ApprovalView> = {}): ApprovalView => ({
  id: `a${number}`,
  approver: 'priya',
  digest: `c1:sha256:${number}`,
  environment: 'production',
  expiresAt: '2027-04-01T00:00:00Z',
  inForce: true,
  live: true,
  number,
  policy: '',
  revokedAt: null,
  supersededAt: null,
  validFrom: `2026-10-1${number}T08:00:00Z`,
  ...more,
});
const running = (number: number, source = 'observed'): RunningView => ({
  ageS: 1,
  digest: `c1:sha256:${number}`,
  environment: 'production',
  number,
  seenAt: '2026-11-01T00:00:00Z',
  setBy: '',
  since: '2026-11-01T00:00:00Z',
  source,
});
const app = (more: Partial<AppDetailView> = {}): AppDetailView => ({
  approvals: [],
  assurance: 'observed',
  createdAt: '2026-09-01T08:00:00Z',
  deputy: '',
  deputyName: '',
  etag: 't',
  id: 'x',
  name: 'invoice-approver',
  owner: 'mara',
  ownerActive: true,
  ownerName: 'Mara',
  platform: 'n8n',
  purpose: '',
  quarantine: null,
  reviews: [],
  running: [],
  stage: 'operating',
  team: 'finance',
  title: '',
  versions: [],
  ...more,
});

describe('what was approved against what runs', () => {
  it('is the same, as well as we know it', () => {
    const found = matchOf(app({ approvals: [approval(1)], running: [running(1)] }), 'production');
    expect([found.kind, found.older]).toEqual(['observed', false]);
    const said = matchOf(app({ approvals: [approval(1)], running: [running(1, 'declared')] }), 'production');
    expect(said.kind).toBe('declared');
  });

  it('drifts when what runs has no approval that holds', () => {
    const approvals = [approval(1), approval(2, { live: false, revokedAt: '2026-10-20T00:00:00Z' })];
    const found = matchOf(app({ approvals, running: [running(2)] }), 'production');
    expect(found.kind).toBe('drifted');
    expect(troubleOf(app(), found)).toBe('drifted');
    expect(troubleOf(app({ quarantine: { at: '', by: '', reason: '' } }), found)).toBe('quarantined');
  });

  it('lets an older version run while its approval holds', () => {
    const approvals = [approval(1, { supersededAt: '2026-10-13T00:00:00Z' }), approval(2)];
    const found = matchOf(app({ approvals, running: [running(1)] }), 'production');
    expect([found.kind, found.older, found.approval?.number]).toEqual(['observed', true, 2]);
  });

  it('knows nothing runs, and which draft is next', () => {
    const found = matchOf(app({ versions: [version(1), version(2, 'draft')] }), 'production');
    expect([found.kind, found.draft?.number]).toEqual(['none', 2]);
    expect(matchOf(app({ versions: [version(1, 'draft'), version(2)] }), 'production').draft).toBeUndefined();
  });

  it('shows what runs before what is approved before what is newest', () => {
    const versions = [version(3, 'draft'), version(2), version(1)];
    const of = (more: Partial<AppDetailView>) => {
      const whole = app({ versions, ...more });
      return shownVersion(whole, matchOf(whole, 'production'))?.number;
    };
    expect(of({ running: [running(1)], approvals: [approval(2)] })).toBe(1);
    expect(of({ approvals: [approval(2)] })).toBe(2);
    expect(of({})).toBe(3);
  });
});

it('puts production first among environments', () => {
  const versions = [version(1, 'draft', 'sandbox'), version(2, 'draft')];
  expect(environmentsOf(app({ versions }))).toEqual(['production', 'sandbox']);
  expect(environmentsOf(app())).toEqual(['production']);
});

it('dates stages by what is known, and by events where they tell', () => {
  const whole = app({ versions: [version(2), version(1)], approvals: [approval(1)] });
  expect(stageDates(whole, [])).toEqual({
    idea: '2026-09-01T08:00:00Z',
    prototype: '2026-10-01T08:00:00Z',
    operating: '2026-10-11T08:00:00Z',
  });
});

describe('what a version consists of', () => {
  it('reads a closure, and one that lacks everything', () => {
    const found = closureOf({ operations: [['ledger', 'invoices.list', 'sha256:1']], constants: { limit: '5' } });
    expect(found.operations).toEqual([['ledger', 'invoices.list']]);
    expect(found.constants).toEqual([['limit', '5']]);
    expect(closureOf({})).toEqual({
      operations: [],
      egress: [],
      unknown: [],
      dataClasses: [],
      constants: [],
      reachable: 0,
    });
  });

  it('counts steps, not comments', () => {
    expect(stepsOf({ steps: [{ kind: 'http' }, { kind: 'comment' }, { kind: 'config' }] })).toBe(1);
  });

  it('takes the highest class and keeps tags apart', () => {
    expect(classesOf(['internal', 'pii', 'restricted'])).toEqual({ level: 'restricted', tags: ['pii'] });
  });
});

it('sets asked, granted and called side by side', () => {
  const called: Parameters<typeof usesOf>[2] = [
    {
      connection: 'slack',
      operation: 'files.upload',
      calls: 2,
      refused: 2,
      errors: 0,
      p95Ms: 3,
      lastAt: '',
      refusals: { grant_missing: 2 },
    },
    {
      connection: 'ledger',
      operation: 'invoices.list',
      calls: 9,
      refused: 0,
      errors: 1,
      p95Ms: 20,
      lastAt: '',
      refusals: {},
    },
  ];
  const found = usesOf(
    [
      ['ledger', 'invoices.list'],
      ['ledger', 'orders.get'],
    ],
    [{ connection: 'ledger', operation: 'invoices.list' }],
    called,
  );
  expect([...found.keys()]).toEqual(['ledger', 'slack']);
  expect(found.get('ledger')?.map((use) => [use.operation, use.granted, use.calls])).toEqual([
    ['invoices.list', true, 9],
    ['orders.get', false, 0],
  ]);
  expect(found.get('slack')?.[0]).toMatchObject({ asked: false, granted: false, refused: 2 });
});
