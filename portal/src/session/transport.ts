import type { CreateClientConfig } from '@/api/client.gen';
import { unreached } from '@/live/reach';
import { askAgain } from './again';

/** Paths whose 401 and 403 are answers about what was typed, not about the session. */
const SIGNING_IN = [
  '/api/v1/sign-in',
  '/api/v1/setup',
  '/api/v1/invitations/redeem',
  '/api/v1/me/confirm',
  '/api/v1/demo/',
];

async function codeOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.includes('json')) return '';
  const body: unknown = await answer.clone().json();
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
}

/**
 * Send a request; when the session has ended, or the act wants the password again, ask for it over the open page and
 * send the same request once more. So nothing that was typed is lost.
 */
async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const retry = request.clone();
  const answer = await fetch(request).catch((error: unknown) => {
    if (!request.signal.aborted) unreached();
    throw error;
  });
  if (answer.status !== 401 && answer.status !== 403) return answer;
  if (SIGNING_IN.some((path) => new URL(request.url).pathname.startsWith(path))) return answer;
  const wanted =
    answer.status === 401 ? 'sign-in' : (await codeOf(answer)) === 'reauthentication_needed' ? 'confirm' : null;
  if (wanted === null || !(await askAgain(wanted))) return answer;
  return fetch(retry);
}

/** How the generated client reaches this origin's API. */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: window.location.origin,
  fetch: send as typeof fetch,
});
