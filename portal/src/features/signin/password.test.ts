import { describe, expect, it } from 'vitest';
import { passwordState } from './password';

describe('a password before it is sent', () => {
  it.each([
    ['', 'mara', 'empty'],
    ['short words', 'mara', 'short'],
    ['a few words do', 'mara', 'fits'],
    ['maramaramara', 'mara', 'name'],
    ['MARAmaraMARA', 'mara', 'name'],
    ['maramaramara!', 'mara', 'fits'],
    ['🔑🔑🔑🔑🔑🔑', '', 'short'],
  ])('%s of %s: %s', (password, name, wanted) => expect(passwordState(password, name)).toBe(wanted));
});
