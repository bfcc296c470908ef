/** The time zones that this browser knows; `UTC` is one that some lists leave out. */
export function timeZones(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted();
}

/** What time it is in a zone: `14:05`; empty when the browser does not know it. */
export function timeIn(zone: string, now: number): string {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      ...(zone ? { timeZone: zone } : {}),
    }).format(now);
  } catch {
    return '';
  }
}
