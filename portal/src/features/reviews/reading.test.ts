import { describe, expect, it } from 'vitest';
import type { ChangeView } from '@/api';
import { folded, pretty, sideBySide } from './lines';
import {
  barredPeople,
  byEffect,
  byPart,
  checksInShort,
  dataClassOf,
  fits,
  grantsAsked,
  marksOf,
  neighbours,
} from './reading';

const change = (kind: string, severity: string, step = ''): ChangeView => ({
  kind,
  severity,
  step,
  text: `${kind} ${step}`,
  pointer: '',
});

describe('what changed', () => {
  it('stands by effect, what may do more first', () => {
    const groups = byEffect([
      change('wire_removed', 'narrows', 'a'),
      change('constant_changed', 'neutral'),
      change('operation_added', 'widens'),
    ]);
    expect(groups.map((group) => group.name)).toEqual(['more', 'other', 'less']);
  });

  it('leaves empty groups out, and never hides what it does not know', () => {
    expect(byEffect([])).toEqual([]);
    expect(byEffect([change('new_kind', 'unheard of')])).toEqual([
      { name: 'other', items: [change('new_kind', 'unheard of')] },
    ]);
  });

  it('tells a first version by what it consists of', () => {
    const groups = byPart([
      change('first_version', 'widens'),
      change('step_added', 'neutral', 'a'),
      change('operation_added', 'widens'),
      change('egress_added', 'widens'),
      change('data_class_added', 'widens'),
      change('constant_added', 'neutral'),
    ]);
    expect(groups.map((group) => [group.name, group.items.length])).toEqual([
      ['calls', 1],
      ['data', 1],
      ['fixed', 1],
      ['steps', 1],
    ]);
  });
});

describe('words of a first version', () => {
  it('compare with nothing', () => {
    const said = (kind: string, text: string) => byPart([{ ...change(kind, 'widens'), text }])[0]?.items[0]?.text;
    expect(said('step_added', "new step 'Read order' (calls GET x)")).toBe("step 'Read order' (calls GET x)");
    expect(said('data_class_added', 'it now handles pii data')).toBe('it handles pii data');
    expect(said('egress_added', 'it may now reach x.example outside every connection')).toBe(
      'it may reach x.example outside every connection',
    );
    expect(said('constant_added', 'constant limit was added')).toBe('constant limit is fixed');
    const [group] = byPart([{ ...change('constant_added', 'neutral'), text: 'constant limit was added' }], {
      constants: { limit: '5000' },
    });
    expect(group?.items[0]?.text).toBe('constant limit is fixed at "5000"');
  });
});

describe('marks of the drawing', () => {
  it('marks each step once: new and gone before changed', () => {
    const marks = marksOf(
      [
        change('wire_added', 'widens', 'new'),
        change('step_added', 'widens', 'new'),
        change('field_changed', 'neutral', 'limit'),
        change('wire_moved', 'neutral', 'new'),
        change('step_removed', 'narrows', 'old'),
        change('comment_added', 'neutral', 'note'),
        change('constant_changed', 'neutral'),
      ],
      1,
    );
    expect([...marks]).toEqual([
      ['new', 'added'],
      ['limit', 'changed'],
      ['old', 'removed'],
    ]);
  });

  it('marks nothing in a first version', () => {
    expect(marksOf([change('step_added', 'widens', 'a')], 0).size).toBe(0);
  });
});

describe('grants', () => {
  const closure = (...operations: string[][]) => ({ operations });

  it('says what is new, changed, gone and kept, in this order', () => {
    const now = closure(['ledger', 'read', 'i1'], ['ledger', 'vat', 'i2'], ['slack', 'post', 'i9']);
    const before = closure(['ledger', 'read', 'i1'], ['mail', 'send', 'i3'], ['slack', 'post', 'i4']);
    const asked = [
      { connection: 'ledger', operation: 'read' },
      { connection: 'ledger', operation: 'vat' },
      { connection: 'slack', operation: 'post' },
    ];
    expect(grantsAsked(asked, now, before).map((row) => `${row.state} ${row.connection} ${row.operation}`)).toEqual([
      'new ledger vat',
      'changed slack post',
      'gone mail send',
      'kept ledger read',
    ]);
  });

  it('has everything new where nothing was approved, and reads no nonsense', () => {
    const asked = [{ connection: 'ledger', operation: 'read' }];
    expect(grantsAsked(asked).map((row) => row.state)).toEqual(['new']);
    expect(grantsAsked(asked, { operations: 'x' }, { operations: [3, null] }).map((row) => row.state)).toEqual(['new']);
  });
});

describe('people, checks and classes', () => {
  it('names everybody once with all their parts', () => {
    expect(
      barredPeople([
        { part: 'uploader', name: 'mara' },
        { part: 'owner', name: 'mara' },
        { part: 'author', name: 'Hedy Lamarr' },
      ]),
    ).toEqual([
      { name: 'mara', parts: ['owner', 'uploader'] },
      { name: 'Hedy Lamarr', parts: ['author'] },
    ]);
  });

  it('puts a line that fails first', () => {
    expect(
      checksInShort([
        { name: 'deputy_named', passed: true },
        { name: 'connection_exists', passed: true },
        { name: 'connection_exists', passed: false },
      ]),
    ).toEqual([
      { name: 'connection_exists', total: 2, failed: 1 },
      { name: 'deputy_named', total: 1, failed: 0 },
    ]);
  });

  it('finds the highest class', () => {
    expect(dataClassOf(['pii', 'internal', 'confidential'])).toEqual({ level: 'confidential', tags: ['pii'] });
    expect(dataClassOf(undefined)).toEqual({ level: '', tags: [] });
  });
});

describe('the queue', () => {
  it('knows where one stands, and goes on with the most urgent', () => {
    expect(neighbours(['a', 'b', 'c'], 'b')).toEqual({ place: 2, previous: 'a', next: 'c' });
    expect(neighbours(['a', 'b'], 'gone')).toEqual({ place: 0, next: 'a' });
    expect(neighbours([], 'gone')).toEqual({ place: 0 });
  });

  it('is filtered by every word, wherever it stands', () => {
    const item = { app: 'invoice-approver', team: 'finance', environment: 'production', note: 'Raises it', reason: '' };
    expect(fits(item, 'RAISES finance', [])).toBe(true);
    expect(fits(item, 'lindqvist', ['Mara Lindqvist'])).toBe(true);
    expect(fits(item, 'finance sales', [])).toBe(false);
    expect(fits(item, '', [])).toBe(true);
  });
});

describe('texts side by side', () => {
  it('writes one fact a line', () => {
    expect(pretty({ a: [['x', 'y']], b: { c: 1 }, d: [] })).toEqual([
      '{',
      '  "a": [',
      '    ["x", "y"]',
      '  ],',
      '  "b": {',
      '    "c": 1',
      '  },',
      '  "d": []',
      '}',
    ]);
  });

  it('pairs what was replaced and folds what stays', () => {
    const rows = sideBySide(['a', 'b', 'c', 'd', 'e', 'f'], ['a', 'b', 'c', 'd', 'x', 'y', 'f']);
    expect(rows.filter((row) => row.kind === 'changed')).toEqual([
      { kind: 'changed', left: 'e', right: 'x' },
      { kind: 'changed', right: 'y' },
    ]);
    expect(folded(rows, 1).map((row) => row.hidden ?? row.right)).toEqual([3, 'd', 'x', 'y', 'f']);
    expect(folded(sideBySide(['a'], ['a']))).toEqual([{ kind: 'same', left: 'a', right: 'a' }]);
  });
});
