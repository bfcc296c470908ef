const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_MAX = 63;

/** Whether a text can be an app's name. */
export function isName(text: string): boolean {
  return text.length <= NAME_MAX && NAME.test(text);
}

/** The name nearest to any text, by the same rule as the server's. */
export function suggestName(text: string): string {
  const trim = (value: string) => value.replace(/^-+|-+$/g, '');
  const joined = trim(trim(text.toLowerCase().replace(/[^a-z0-9]+/g, '-')).slice(0, NAME_MAX));
  if (joined === '') return '';
  return /^[a-z]/.test(joined) ? joined : trim(`app-${joined}`.slice(0, NAME_MAX));
}
