/** Numbers, money and times as people read them; all through Intl. */
let timeZone: string | undefined;

/** Use a person's own time zone from here on; empty means the browser's. */
export function setTimeZone(zone: string): void {
  timeZone = zone || undefined;
}

const locale = 'en-GB';
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const number = (value: number): string => whole.format(value);

/** A share from 0 to 1 as percent with a thin space: `98.6 %`. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value > 0 && value < 10 ? 1 : value > 90 && value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} %`;
}

export interface Money {
  micros: number;
  currency: string;
}

/** Amounts in millionths: `38.20 EUR`; small ones keep what makes them differ from nothing. */
export function money({ micros, currency }: Money): string {
  const value = micros / 1_000_000;
  const text = value !== 0 && Math.abs(value) < 0.01 ? value.toPrecision(2) : exact.format(value);
  return `${text} ${currency}`;
}

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${whole.format(value)} ms`;
  return `${(value / 1000).toFixed(1)} s`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago: `just now`, `4 min ago`, `3 h ago`, `5 d ago`, then the date. */
export function ago(at: string, now: number = Date.now()): string {
  const passed = now - Date.parse(at);
  if (passed < -MINUTE) return date(at);
  if (passed < 45_000) return 'just now';
  if (passed < HOUR) return `${Math.max(1, Math.round(passed / MINUTE))} min ago`;
  if (passed < 2 * DAY) return `${Math.round(passed / HOUR)} h ago`;
  if (passed < 14 * DAY) return `${Math.round(passed / DAY)} d ago`;
  return date(at);
}

/** How much is left until a time: `42 h`, `25 min`, `overdue by 3 h`. */
export function left(until: string, now: number = Date.now()): string {
  const rest = Date.parse(until) - now;
  const size = Math.abs(rest);
  const text =
    size < HOUR
      ? `${Math.max(1, Math.round(size / MINUTE))} min`
      : size < 4 * DAY
        ? `${Math.floor(size / HOUR)} h`
        : `${Math.floor(size / DAY)} d`;
  return rest < 0 ? `overdue by ${text}` : text;
}

/** `12 Oct`, with the year when it is another one. */
export function date(at: string): string {
  const when = new Date(at);
  const sameYear = when.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    timeZone,
  }).format(when);
}

/** `14:05`. */
export function time(at: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(at));
}

/** `Wed 19:57`: a time within a few days. */
export function weekTime(at: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone })
    .format(new Date(at))
    .replace(',', '');
}

/** `Today 15:12`, `Yesterday 09:31`, `Sun 22 Nov`, `12 Oct`. */
export function day(at: string): string {
  const when = new Date(at);
  const key = (value: Date): string => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(value);
  if (key(when) === key(new Date())) return `Today ${time(at)}`;
  if (key(when) === key(new Date(Date.now() - DAY))) return `Yesterday ${time(at)}`;
  if (Date.now() - when.getTime() < 7 * DAY && when.getTime() < Date.now()) {
    return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone }).format(when);
  }
  return date(at);
}

/** `Today`, `Yesterday`, `Sun 22 Nov`, `12 Oct 2025`: a day alone, to stand above what happened on it. */
export function dayName(at: string): string {
  return day(at).replace(/ \d\d:\d\d$/, '');
}

/** `14:05:31`. */
export function clock(at: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(new Date(at));
}

/** The whole moment, for titles: `26 November 2026 at 14:05:31 CET`. */
export function moment(at: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long', timeZone }).format(new Date(at));
}

/** `1 app`, `3 apps`; several forms for words that are irregular. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

const SMALL = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten', 'Eleven', 'Twelve'];

/** A number at the start of a title: words up to twelve. */
export function inWords(value: number): string {
  return SMALL[value] ?? number(value);
}

/** `Mara, Jonas and Priya`. */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(items).replace(/, and /, ' and ');
}

/** The eight digits that people compare: `9f4e 21b0`. */
export function shortDigest(digest: string): string {
  const hex = digest.slice(digest.lastIndexOf(':') + 1);
  return `${hex.slice(0, 4)} ${hex.slice(4, 8)}`;
}

/** `ML` of Mara Lindqvist. */
export function initials(name: string): string {
  const parts = name.split(/[\s._-]+/).filter(Boolean);
  return (
    (parts[0]?.[0] ?? '?') + (parts.length > 1 ? (parts.at(-1)?.[0] ?? '') : (parts[0]?.[1] ?? ''))
  ).toUpperCase();
}
