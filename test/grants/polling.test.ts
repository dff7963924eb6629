import { expect, it } from '@jest/globals';
import { FULL_LOOK_EVERY_MS, POLL_EVERY_MS, wantsFullLook } from '../../src/grants/polling.ts';

const START = Date.parse('2026-03-01T00:00:00Z');

/** When, by the clock from its activation on, a key that is polled every five minutes gets its full looks. */
function fullLooksWithin(keyId: string, ms: number): number[] {
  const looks: number[] = [];
  for (let at = POLL_EVERY_MS; at <= ms; at += POLL_EVERY_MS) {
    const verifiedAt = new Date(START + at - POLL_EVERY_MS);
    const grants = [{ status: 'ACTIVE' as const, activatedAt: new Date(START), verifiedAt }];
    if (wantsFullLook(keyId, grants, new Date(START + at))) looks.push(at);
  }
  return looks;
}

it('every key gets a full look at least twice a day, and no more than three times', () => {
  for (const keyId of ['1', '2', '17', '4096', '9223372036854775807']) {
    const looks = fullLooksWithin(keyId, 2 * FULL_LOOK_EVERY_MS + POLL_EVERY_MS);
    expect(looks.length).toBeGreaterThanOrEqual(2);
    expect(looks.length).toBeLessThanOrEqual(3);
  }
});

it('the full looks of keys that began together are spread', () => {
  const first = Array.from(
    { length: 200 },
    (_, id) => fullLooksWithin(String(id + 1), FULL_LOOK_EVERY_MS + POLL_EVERY_MS)[0],
  );
  const atOnce = Math.max(...[...Map.groupBy(first, (at) => at).values()].map((same) => same.length));
  expect(atOnce).toBeLessThanOrEqual(20);
});

it('a poll that was missed for longer than that is a full look', () => {
  const grants = [{ status: 'ACTIVE' as const, activatedAt: new Date(START), verifiedAt: new Date(START) }];
  expect(wantsFullLook('5', grants, new Date(START + FULL_LOOK_EVERY_MS))).toBe(true);
});
