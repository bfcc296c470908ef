import { useEffect, useState } from 'react';
import { ago, day, moment } from './format';

const EVERY = 20_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Return the time, anew every 20 s; all ages on a page share one clock. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const tick = () => setNow(Date.now());
    listeners.add(tick);
    timer ??= setInterval(() => listeners.forEach((listener) => listener()), EVERY);
    return () => {
      listeners.delete(tick);
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, []);
  return now;
}

/** How long ago something was; the whole moment on hover. */
export function Age({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={moment(at)} className="num">
      {ago(at, now)}
    </time>
  );
}

/** The day of something: `Today 15:12`, `Sun 22 Nov`. */
export function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} title={moment(at)} className="num">
      {day(at)}
    </time>
  );
}
