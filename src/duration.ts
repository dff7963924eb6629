const WEEK_MS = 604_800_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
const LONGEST_MS = 36_500 * DAY_MS;

const PATTERN = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;
const UNITS_MS = [WEEK_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS];

/**
 * Milliseconds of an ISO 8601 duration with weeks, days, hours, minutes and seconds (`P7D`, `PT1H30M`). Throws a `RangeError` that
 * says what is accepted; years and months are refused, since their length differs.
 */
export function parseDurationMs(text: string): number {
  const match = PATTERN.exec(text);
  if (match === null) {
    const hint = /^P\d+[YM]/.test(text) ? 'years and months have no fixed length' : 'it is not a duration';
    throw new RangeError(
      `Duration "${text.slice(0, 40)}" is not accepted, since ${hint}. Write weeks, days, hours, minutes and seconds, for example P7D or PT1H30M.`,
    );
  }
  const durationMs = Math.round(
    UNITS_MS.reduce((sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0),
  );
  if (durationMs > LONGEST_MS) throw new RangeError('A duration may be at most 36500 days (P36500D).');
  return durationMs;
}

/** The ISO 8601 duration of this many milliseconds (0 or more), in days, hours, minutes and seconds. */
export function formatDuration(durationMs: number): string {
  const days = Math.floor(durationMs / DAY_MS);
  const hours = Math.floor((durationMs % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((durationMs % HOUR_MS) / MINUTE_MS);
  const seconds = (durationMs % MINUTE_MS) / SECOND_MS;
  const time = `${part(hours, 'H')}${part(minutes, 'M')}${part(seconds, 'S')}`;
  const text = `P${part(days, 'D')}${time === '' ? '' : `T${time}`}`;
  return text === 'P' ? 'PT0S' : text;
}

function part(count: number, unit: string): string {
  return count === 0 ? '' : `${String(count)}${unit}`;
}
