import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isObjectType, parse } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context, Services } from '../../src/resolvers/services.ts';
import { makeSchema } from '../../src/server/apollo.ts';
import { createExecution } from '../../src/server/execution.ts';
import { LeastRecent } from '../../src/server/least-recent.ts';
import { twoSides } from './execution-sides.ts';
import type { Question, Sides } from './execution-sides.ts';

const schema = makeSchema();
const caller = { subject: 'test', name: 'Test', roles: ['ADMIN' as const], gitlabUsernames: [] };
const contextFor = (): Context => ({
  caller,
  services: Object.create(null) as Services,
  reuse: { saw: () => undefined, oldestAgeMs: () => 0 },
  loaders: () => Promise.reject(new Error('Nothing is loaded here.')),
});

/** What each look at `connection` was asked for, and whether by compiled code, whose paths name no types. */
const asked: { name: unknown; compiled: boolean }[] = [];

const query = schema.getQueryType();
if (!isObjectType(query)) throw new Error('The schema has no queries.');
const fields = query.getFields();
if (fields['connection'] !== undefined) {
  fields['connection'].resolve = (
    _root: unknown,
    { name }: { name: unknown },
    _context: unknown,
    info: GraphQLResolveInfo,
  ) => {
    asked.push({ name, compiled: info.path.typename === undefined });
    return null;
  };
}

describe('what is compiled', () => {
  let sides: Sides;
  beforeAll(async () => {
    sides = await twoSides(schema, contextFor);
  });
  afterAll(() => sides.close());

  const same = async (question: Question) => {
    const { compiled, plain } = await sides.both(question);
    expect(compiled).toEqual(plain);
    return compiled;
  };

  it('is no text of the caller: what looks like code to the compiler stays a string', async () => {
    const date = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
    const texts = [
      `${date}(() => { globalThis.owned = 1 })()`,
      `${date}0`,
      '__MAGIC_NAN__57f286b9_4c20_487f_b409_79804ddcb4f8',
    ];
    for (const text of texts) {
      asked.length = 0;
      await same({ query: `{ connection(name: ${JSON.stringify(text)}) { id } }` });
      expect(asked).toEqual([
        { name: text, compiled: true },
        { name: text, compiled: false },
      ]);
    }
    expect('owned' in globalThis).toBe(false);
  });

  it('never are mutations, introspection, and names that every object knows', async () => {
    await same({ query: '{ __schema { queryType { name } } connection(name: "a") { id } }' });
    await same({ query: '{ __proto__: viewer { name } connection(name: "a") { id } }' });
    await same({ query: '{ constructor: viewer { toString: name } connection(name: "a") { id } }' });
    await same({ query: 'query($__proto__: String!) { connection(name: $__proto__) { id } }', variables: {} });
    const input = { connectionId: 'x', user: { username: 'a' }, target: {}, accessLevel: 'OWNER', reason: 'r' };
    await same({
      query: 'mutation($input: GrantAccessInput!) { grantAccess(input: $input) { userErrors { code } } }',
      variables: { input },
    });
    asked.length = 0;
    await sides.both({ query: '{ constructor: viewer { name } connection(name: "a") { id } }' });
    expect(asked.map(({ compiled }) => compiled)).toEqual([false, false]);
  });

  it('is what is left by @skip and @include, for each of their values', async () => {
    const text = `query($a: Boolean!, $b: Boolean = true) {
      viewer { name @include(if: $a) ...V @skip(if: $a) ...V @include(if: $b) ... @skip(if: $b) { roles } }
    }
    fragment V on Viewer { subject }`;
    const answers = new Set<string>();
    for (const a of [true, false]) {
      for (const b of [true, false, undefined]) {
        const { data, errors } = await same({ query: text, variables: { a, ...(b === undefined ? {} : { b }) } });
        expect(errors).toEqual([]);
        answers.add(JSON.stringify(data));
      }
    }
    expect(answers.size).toBe(4);
    await same({ query: text, variables: { a: true, b: null } });
  });

  it('knows no @defer: it is refused before anything runs', async () => {
    const { status } = await same({ query: '{ viewer { ... @defer { name } } }' });
    expect(status).toBe(400);
  });

  it('answers an operation that the text does not have as graphql-js does', async () => {
    const two = 'query A { viewer { name } } query B { viewer { subject } }';
    expect((await same({ query: two, operationName: 'B' })).data).toEqual({ viewer: { subject: 'test' } });
    expect((await same({ query: two, operationName: 'C' })).status).toBe(400);
    expect((await same({ query: two })).status).toBe(400);
  });

  it('is nothing that fragments blow up: it is answered without', async () => {
    const fragments = Array.from({ length: 40 }, (_, index) => {
      const next = `F${String(index + 1)}`;
      return `fragment F${String(index)} on Viewer { ${index === 39 ? 'name' : `...${next} ... on Viewer { ...${next} }`} }`;
    });
    const { data } = await same({ query: `{ viewer { ...F0 } } ${fragments.join(' ')}` });
    expect(data).toEqual({ viewer: { name: 'Test' } });
  });
});

it('a query is compiled when it comes the second time, and each of its operations by itself', async () => {
  const execute = createExecution(schema, { compileAt: 2 });
  const document = parse('query A { connection(name: "a") { id } } query B { connection(name: "b") { id } }');
  asked.length = 0;
  for (const name of ['A', 'A', 'B', 'B', 'A']) {
    const operation = document.definitions.find((one) => 'operation' in one && one.name?.value === name);
    if (operation === undefined || !('operation' in operation)) throw new Error('There is no such operation.');
    await execute({ request: { operationName: name }, queryHash: 'hash', document, operation, context: contextFor() });
  }
  expect(asked.map(({ name, compiled }) => [name, compiled])).toEqual([
    ['a', false],
    ['a', true],
    ['b', false],
    ['b', true],
    ['a', true],
  ]);
});

it('what was not asked for longest is forgotten as soon as all together weigh too much', () => {
  const kept = new LeastRecent<number>(10, (weight) => weight);
  kept.set('a', 4);
  kept.set('b', 4);
  expect(kept.get('a')).toBe(4);
  kept.set('c', 4);
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([4, undefined, 4]);
  kept.set('a', 1);
  kept.set('d', 5);
  expect([kept.get('a'), kept.get('c'), kept.get('d'), kept.size]).toEqual([1, 4, 5, 3]);
  kept.set('whole', 20);
  expect([kept.get('whole'), kept.size]).toEqual([20, 1]);
});
