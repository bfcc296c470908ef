import { beforeAll, describe, expect, it } from 'vitest';
import { inside } from './next';

beforeAll(() => {
  Object.assign(globalThis, { window: { location: { origin: 'https://handrail.example' } } });
});

describe('where to go after signing in', () => {
  it.each([
    ['/apps/standup?tab=flow#x', '/apps/standup?tab=flow#x'],
    ['https://handrail.example/reviews', '/reviews'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['\\\\evil.example', '/'],
    ['https:evil.example', '/evil.example'],
    ['javascript:alert(1)', '/'],
    ['data:text/html,x', '/'],
    ['/sign-in?next=/sign-in', '/'],
    [['/a', '/b'], '/'],
    [undefined, '/'],
  ])('%s leads to %s', (given, wanted) => {
    expect(inside(given)).toBe(wanted);
  });
});
