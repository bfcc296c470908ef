/** Return where to go after signing in: an address of this portal, whatever the link said. */
export function inside(next: unknown): string {
  if (typeof next !== 'string') return '/';
  let target: URL;
  try {
    target = new URL(next, window.location.origin);
  } catch {
    return '/';
  }
  // `//elsewhere` and `/\elsewhere` are other origins to a browser, whatever they look like.
  if (target.origin !== window.location.origin || target.pathname.startsWith('//')) return '/';
  const path = target.pathname + target.search + target.hash;
  return /^\/(sign-in|join)\b/.test(path) ? '/' : path;
}
