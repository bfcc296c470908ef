export const PASSWORD_MIN = 12;

export type PasswordState = 'empty' | 'short' | 'name' | 'fits';

/** What can be said of a password before it is sent; the rule is the server's. */
export function passwordState(password: string, name: string): PasswordState {
  if (password === '') return 'empty';
  const length = [...password].length;
  if (length < PASSWORD_MIN) return 'short';
  if (name !== '' && password.toLowerCase().replaceAll(name, '') === '') return 'name';
  return 'fits';
}
