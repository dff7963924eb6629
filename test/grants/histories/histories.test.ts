import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/stores.ts';
import { beginning, checkChain, deed, live } from './history.ts';
import type { Beginning, Deed } from './history.ts';

/** A nightly run asks for many more: `HISTORIES=10000 HISTORY_SEED=... npm run jest -- histories`. */
const RUNS = Number(process.env['HISTORIES'] ?? 200);
const SEED = Number(process.env['HISTORY_SEED'] ?? 20_260_310);

const nobody = (promotions: Beginning['promotions']): Beginning => ({ row: null, promotions });

/** Histories that did not hold once. */
const ONCE_FAILED: [Beginning, Deed[]][] = [
  [
    nobody('listed'),
    [
      { do: 'grant', level: 10, minutes: 1 },
      { do: 'grant', level: 40, minutes: 1 },
      { do: 'end', which: 0 },
    ],
  ],
  [
    nobody('listed'),
    [
      { do: 'grant', level: 10, minutes: 1 },
      { do: 'grant', level: 40, minutes: 1 },
      { do: 'end', which: 1 },
    ],
  ],
  [
    nobody('off'),
    [
      { do: 'grant', level: 10, minutes: 1 },
      { do: 'back', minutes: 60 },
    ],
  ],
];

describe('any history of grants, ends, extensions, edits by others, faults and crashes', () => {
  const clock = { shiftMs: 0 };
  let store: Store;
  let people = 1_000;
  beforeAll(async () => {
    store = await openTestStore({ clockShiftMs: () => clock.shiftMs });
  }, 60_000);
  afterAll(() => store.close());

  it(
    'invariants 1 to 6 hold once the gateway has caught up',
    async () => {
      await fc.assert(
        fc.asyncProperty(beginning, fc.array(deed, { minLength: 1, maxLength: 12 }), async (before, events) => {
          people += 1;
          await live(store, clock, String(people), before, events);
        }),
        { numRuns: RUNS, seed: SEED, examples: ONCE_FAILED },
      );
      await checkChain(store);
    },
    RUNS * 3_000 + 60_000,
  );
});
