import { states as words } from '@/words/states';

/** A refusal, whatever it came from. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  fix: string;
  place: string;
  requestId: string;
  problems: readonly { place: string; detail: string; fix?: string }[];
  details: Readonly<Record<string, unknown>>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Return what is known of an error: an RFC 9457 answer, or a network that is away. */
export function problemOf(error: unknown): Problem {
  if (typeof error === 'object' && error !== null && 'code' in error && 'detail' in error) {
    const given = error as Record<string, unknown>;
    const details = (
      typeof given['details'] === 'object' && given['details'] !== null ? given['details'] : {}
    ) as Record<string, unknown>;
    const listed = Array.isArray(details['problems'])
      ? (details['problems'] as { place: string; detail: string; fix?: string }[])
      : [];
    return {
      status: Number(given['status']),
      code: text(given['code']),
      detail: text(given['detail']),
      fix: text(given['fix']),
      place: text(given['place']),
      requestId: text(given['requestId']),
      problems: listed,
      details,
    };
  }
  return {
    status: 0,
    code: 'unreachable',
    detail: words.unreachable,
    fix: words.unreachableFix,
    place: '',
    requestId: '',
    problems: [],
    details: {},
  };
}
