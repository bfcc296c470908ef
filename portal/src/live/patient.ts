import { answers, unreached } from './reach';

const AGAIN_MS = 1_000;

/**
 * Load a part of the portal; while the server is away, wait for it: the page that is open stays in view. An error means
 * that the server answers and the page has to be read again: the portal was renewed, or the browser remembers that the
 * part could not be loaded.
 */
export async function patient<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    if (await answers()) return load();
  }
  unreached();
  await new Promise((resolve) => {
    setTimeout(resolve, AGAIN_MS);
  });
  return patient(load);
}

/** Whether a part of the portal could not be loaded. */
export function isMissingPart(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|module script/i.test(error.message);
}
