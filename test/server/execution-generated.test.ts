import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Context, Services } from '../../src/resolvers/services.ts';
import { fakeSchema } from './execution-fakes.ts';
import { anyQuestion, tapeOf } from './execution-generator.ts';
import { settled, twoSides } from './execution-sides.ts';
import type { Sides } from './execution-sides.ts';

const choices = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 150, size: 'max' });

/** Resolvers here answer out of themselves. */
const contextFor = (): Context => ({
  caller: { subject: 'test', name: 'Test', roles: ['ADMIN'], gitlabUsernames: [] },
  services: Object.create(null) as Services,
  reuse: { saw: () => undefined, oldestAgeMs: () => 0 },
  loaders: () => Promise.reject(new Error('No resolver here has a use for that.')),
});

/** How many questions were asked for true: neither refused before they ran nor without any data. */
let answered = 0;

async function compare(sides: Sides, given: number[], agree: (both: Awaited<ReturnType<Sides['both']>>) => void) {
  const question = anyQuestion(sides.schema, tapeOf(given));
  const both = await sides.both(question);
  if (both.plain.data != null) answered += 1;
  try {
    agree(both);
  } catch (error) {
    throw new Error(`${question.query}\n${JSON.stringify(question.variables)}`, { cause: error });
  }
}

describe('any query, compiled', () => {
  const sides = Promise.all([
    twoSides(fakeSchema({ errorIn: 50, promises: false }), contextFor),
    twoSides(fakeSchema({ errorIn: 80, promises: true }), contextFor),
  ]);
  afterAll(async () => {
    for (const each of await sides) await each.close();
  });

  it('has the status, data and errors, each in its place, that graphql-js gives', async () => {
    const [plain] = await sides;
    answered = 0;
    await fc.assert(
      fc.asyncProperty(choices, (given) =>
        compare(plain, given, ({ compiled, plain }) => {
          // Without any data it is told of one thing that took it, where graphql-js tells of the first.
          if (plain.data === null) expect(settled(compiled)).toEqual(settled(plain));
          else expect(compiled).toEqual(plain);
          expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(plain.data));
          expect(compiled.status).toBe(plain.status);
        }),
      ),
      { numRuns: 200, endOnFailure: true },
    );
    expect(answered).toBeGreaterThan(60);
  }, 600_000);

  it('with resolvers that wait: has the same data, and one error for each null where graphql-js has one', async () => {
    const [, waiting] = await sides;
    answered = 0;
    await fc.assert(
      fc.asyncProperty(choices, (given) =>
        compare(waiting, given, ({ compiled, plain }) => {
          expect({ ...compiled, errors: [] }).toEqual({ ...plain, errors: [] });
          expect(settled(compiled)).toEqual(settled(plain));
        }),
      ),
      { numRuns: 100, endOnFailure: true },
    );
    expect(answered).toBeGreaterThan(30);
  }, 600_000);
});
