import { expect, it } from '@jest/globals';
import { refuse } from '../../src/errors.ts';
import { payload } from '../../src/resolvers/payload.ts';

it('the answer of a use case becomes the payload, without user errors unless it has some', async () => {
  expect(await payload({ thing: 0 }, () => Promise.resolve({ thing: 1 }))).toEqual({ thing: 1, userErrors: [] });
  const told = [{ code: 'REFUSED_BY_GITLAB' as const, message: 'no', field: null }];
  expect(await payload({ thing: 0 }, () => Promise.resolve({ thing: 1, userErrors: told }))).toEqual({
    thing: 1,
    userErrors: told,
  });
});

it('a refusal becomes user errors, and anything else stays an error', async () => {
  const refused = await payload({ thing: null }, () => Promise.reject(refuse('NOT_FOUND', 'Name another.', ['user'])));
  expect(refused).toEqual({
    thing: null,
    userErrors: [{ code: 'NOT_FOUND', message: 'Name another.', field: ['user'] }],
  });
  await expect(payload({ thing: null }, () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
});
