const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}

/** The wall clock of a zone at an instant, written as if it were UTC (milliseconds). */
function wallClockMs(atMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return atMs;
  const parts = Object.fromEntries(
    format(timeZone)
      .formatToParts(atMs)
      .map((part) => [part.type, Number(part.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The calendar date of an instant in a zone, `YYYY-MM-DD`. */
export function dateIn(atMs: number, timeZone: string): string {
  return new Date(wallClockMs(atMs, timeZone)).toISOString().slice(0, 10);
}

/** The next instant after `afterMs` at which the zone's clocks show the given time of day. */
export function nextTimeOfDay(afterMs: number, timeZone: string, hour: number, minute: number): number {
  const wantedMs = (hour * 60 + minute) * 60_000;
  const midnight = Date.parse(`${dateIn(afterMs, timeZone)}T00:00:00Z`);
  for (let day = 0; day < 3; day += 1) {
    const wall = midnight + day * DAY_MS + wantedMs;
    const guess = wall - (wallClockMs(wall, timeZone) - wall);
    const at = guess - (wallClockMs(guess, timeZone) - wall);
    if (at > afterMs) return at;
  }
  throw new Error(`no next ${String(hour)}:${String(minute)} in ${timeZone}`);
}

/** A date moved by whole days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The date at the head of a date or date-time as written; null where there is none or it is no day of a calendar. */
export function parseDate(text: string): string | null {
  const found = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(text)?.[1];
  if (found === undefined) return null;
  const atMs = Date.parse(`${found}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(found) ? found : null;
}

/** An instant in a zone as hooks write it, without fractions: `2026-02-13T11:31:00+01:00`, `Z` only for UTC. */
export function isoIn(atMs: number, timeZone: string): string {
  const wholeMs = Math.floor(atMs / 1000) * 1000;
  return `${new Date(wallClockMs(wholeMs, timeZone)).toISOString().slice(0, 19)}${offsetAt(wholeMs, timeZone)}`;
}

/** The first instant of a date in a zone, written the same way. */
export function midnightIn(date: string, timeZone: string): string {
  const guessMs = Date.parse(`${date}T00:00:00Z`);
  const atMs = guessMs - (wallClockMs(guessMs, timeZone) - guessMs);
  return `${date}T00:00:00${offsetAt(atMs, timeZone)}`;
}

function offsetAt(atMs: number, timeZone: string): string {
  if (timeZone === 'UTC') return 'Z';
  const minutes = Math.round((wallClockMs(atMs, timeZone) - atMs) / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
