import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDurationMs } from '../src/duration.ts';

it.each([
  ['PT2H', 7_200_000],
  ['P7D', 604_800_000],
  ['P1W', 604_800_000],
  ['P1W2DT3H4M5S', 788_645_000],
  ['PT1.5S', 1500],
  ['PT90M', 5_400_000],
  ['PT0S', 0],
])('%s is %d ms', (text, durationMs) => {
  expect(parseDurationMs(text)).toBe(durationMs);
});

it.each([
  '',
  'P',
  'PT',
  'P1DT',
  '2H',
  'PT2',
  '-PT2H',
  'PT1.5H',
  'P1H',
  'pt2h',
  ' PT2H',
  'P99999999999W',
  `P${'9'.repeat(400)}D`,
])('%j is no duration, and the message says what is', (text) => {
  expect(() => parseDurationMs(text)).toThrow(/PT1H30M|P36500D/);
});

it.each(['P1Y', 'P1M', 'P1Y2D', 'P3M1D'])('%s is refused, since years and months have no fixed length', (text) => {
  expect(() => parseDurationMs(text)).toThrow(/no fixed length/);
});

it('what is written is read back as the same length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 36_500 * 86_400_000 }), (durationMs) => {
      expect(parseDurationMs(formatDuration(durationMs))).toBe(durationMs);
    }),
  );
});

it.each([
  [7_200_000, 'PT2H'],
  [129_600_000, 'P1DT12H'],
  [1500, 'PT1.5S'],
  [0, 'PT0S'],
])('%d ms are written %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
