import { describe, expect, it } from 'vitest';
import { type Problem } from '@/kit/problem';
import { blank, errorsOf, fieldsOfDocument, limitsOf, manifestOf, nameFor, sides, signOf, together } from './manifest';

const problem = (some: Partial<Problem>): Problem => ({
  status: 422,
  code: 'manifest_invalid',
  detail: '',
  fix: '',
  place: '',
  requestId: '',
  problems: [],
  details: {},
  ...some,
});

const fields = {
  ...blank,
  name: 'crm',
  connector: 'crm',
  version: '1.0.0',
  environment: 'production',
  upstream: 'https://crm.example.com',
};

describe('the manifest of a form', () => {
  it('leaves out what is empty and writes whole numbers as numbers', () => {
    const written = JSON.parse(manifestOf({ ...fields, callsPerMinute: ' 100 ' })) as unknown;
    expect(written).toEqual({
      apiVersion: 'handrail.dev/v1',
      kind: 'Connection',
      metadata: { name: 'crm' },
      spec: {
        connector: 'crm',
        version: '1.0.0',
        environment: 'production',
        upstream: 'https://crm.example.com',
        network: 'public',
        limits: { callsPerMinute: 100 },
      },
    });
    expect(fieldsOfDocument(written)).toEqual({ ...fields, callsPerMinute: '100' });
  });

  it('sends what is no number as it was typed, so that the API says what is wrong', () => {
    expect(manifestOf({ ...fields, burst: 'many' })).toContain('"burst":"many"');
  });

  it('keeps to limits that are the connection’s own', () => {
    const connector = { callsPerMinute: 240, burst: 300 };
    expect(limitsOf({ callsPerMinute: 240, burst: 300 }, connector)).toEqual({ callsPerMinute: '', burst: '' });
    expect(limitsOf({ callsPerMinute: 100, burst: 100 }, connector)).toEqual({ callsPerMinute: '100', burst: '' });
    expect(limitsOf({ callsPerMinute: 240, burst: 10 }, connector)).toEqual({ callsPerMinute: '', burst: '10' });
    expect(limitsOf({ callsPerMinute: 100, burst: 300 }, connector)).toEqual({ callsPerMinute: '100', burst: '300' });
  });
});

describe('two people at once', () => {
  const mine = { ...fields, upstream: 'https://new.example.com' };
  const theirs = { ...fields, callsPerMinute: '50' };

  it('shows where the two sides differ', () => {
    expect(sides(fields, mine, theirs).map((side) => side.field)).toEqual(['upstream', 'callsPerMinute']);
  });

  it('puts both together, mine first', () => {
    expect(together(fields, mine, theirs)).toEqual({
      ...fields,
      upstream: 'https://new.example.com',
      callsPerMinute: '50',
    });
    expect(together(fields, mine, { ...fields, upstream: 'https://their.example.com' }).upstream).toBe(mine.upstream);
  });
});

describe('what is wrong with a form', () => {
  it('finds the field by pointer, by place or by what is missing', () => {
    const listed = [
      { place: 'crm.json:1:9', pointer: '/spec/upstream', detail: 'It must begin with https://.', fix: '' },
      {
        place: 'crm.json:1:9',
        pointer: '/spec',
        detail: 'version is missing in spec.',
        fix: "Add version: the connector's version.",
      },
    ];
    expect(errorsOf(problem({ problems: listed }))).toEqual({
      upstream: 'It must begin with https://.',
      version: "The connector's version.",
    });
    expect(errorsOf(problem({ place: 'spec.credential', detail: 'There is none.', fix: 'Set it.' }))).toEqual({
      credential: 'There is none. Set it.',
    });
    expect(errorsOf(problem({ detail: 'No.' }))).toEqual({});
    expect(errorsOf(null)).toEqual({});
  });
});

describe('words', () => {
  it('tells what is added, removed and changed', () => {
    expect(
      ['limits.burst is added: 5', 'region is removed: eu', "upstream changes from 'a' to 'b'"].map(signOf),
    ).toEqual(['+', '-', '~']);
  });

  it('names a sandbox as one', () => {
    expect([nameFor('crm', 'production'), nameFor('crm', 'sandbox'), nameFor('crm', '')]).toEqual([
      'crm',
      'crm-sandbox',
      'crm',
    ]);
  });
});
