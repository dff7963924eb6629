import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError, GraphQLList, GraphQLNonNull, getNamedType, isLeafType, isObjectType, parse } from 'graphql';
import { variablesOf, warmServices } from '../../bench/execute-world.ts';
import { createContext } from '../../src/resolvers/context.ts';
import type { Context } from '../../src/resolvers/services.ts';
import { ofNode } from '../../src/resolvers/of-node.ts';
import { makeSchema } from '../../src/server/apollo.ts';
import { createAnswerBuffers } from '../../src/server/answer-buffers.ts';
import { plainOperation } from '../../src/server/execution-document.ts';
import { askForRows } from '../../src/server/row-fields.ts';
import { OddRow, rowsWriter } from '../../src/server/row-text.ts';
import { startBareServer } from './bare.ts';
import type { BareServer } from './bare.ts';
import { fakeSchema } from './execution-fakes.ts';
import { settled, twoSides } from './execution-sides.ts';
import type { Sides } from './execution-sides.ts';

const schema = makeSchema();
const SIZES = { groups: 60, members: 100 };
const services = warmServices(SIZES);
const caller = { subject: 'test', name: 'Test', roles: ['VIEWER' as const], gitlabUsernames: [] };

const members = (fields: string, groups = 2) =>
  `{ connection(name: "work") { groups(fullPaths: ${JSON.stringify(variablesOf({ groups, members: 1 }).paths)}, first: 100) { nodes {
    fullPath members(kinds: [DIRECT], first: 100) { ${fields} } } } } }`;
const EVERYTHING =
  'nodes { __typename id kind accessLevel accessLevelValue expiresAt createdAt createdBy { id } user { id gitlabId username name state } source { __typename id gitlabId fullPath } }';

function asksForRows(query: string): boolean {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation === undefined || !('operation' in operation)) throw new Error('There is no operation.');
  return askForRows(schema, plainOperation(schema, document, operation, {}).operation) !== null;
}

describe('rows that are written whole', () => {
  let sides: Sides;
  beforeAll(async () => {
    sides = await twoSides(schema, () => createContext({ services, caller }));
  });
  afterAll(() => sides.close());

  it.each([
    ['everything that comes with a row', EVERYTHING],
    ['names of its own', 'nodes { a: id b: id who: user { called: name } }'],
    ['fields asked for twice', 'nodes { id user { id } id user { name id } } pageInfo { hasNextPage }'],
    [
      'fragments, also on types that are not there',
      'nodes { ...R ... on Member { kind } source { ... on Project { id } ... on Group { name } ...S } }',
    ],
  ])('are the same as executed field by field: %s', async (_what, fields) => {
    const fragments = fields.includes('...R')
      ? ' fragment R on Member { id user { username } } fragment S on MembershipSource { fullPath }'
      : '';
    const query = `${members(fields)}${fragments}`;
    const first = await sides.both({ query });
    const again = await sides.both({ query });
    for (const { compiled, plain } of [first, again]) {
      expect(compiled).toEqual(plain);
      expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(plain.data));
    }
    expect(JSON.stringify(first.plain.data).length).toBeGreaterThan(2_000);
  });

  it('are those alone that are made of their node: what is looked up, and what stands in two lists at one place, is executed', () => {
    expect(asksForRows(members(EVERYTHING))).toBe(true);
    expect(asksForRows(members('nodes { id grant { id } }'))).toBe(false);
    expect(asksForRows(members('nodes { id user { memberships(first: 1) { nodes { id } } } }'))).toBe(true);
    expect(asksForRows(members('nodes { id } nodes { kind }'))).toBe(false);
    expect(asksForRows(members('nodes { id } nodes { grant { id } }'))).toBe(false);
    expect(asksForRows(members('nodes { grant { id } } nodes { id }'))).toBe(false);
    expect(asksForRows('{ grants(first: 1) { nodes { id } } }')).toBe(false);
  });
});

const leavesOf = (name: string): string[] => {
  const type = schema.getType(name);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  return [
    '__typename',
    ...fields
      .filter((field) => field.args.length === 0 && isLeafType(getNamedType(field.type)))
      .map((field) => field.name),
  ];
};

/** Fields of one row, some of them twice, under names of their own, in fragments, and behind other rows. */
const anySelection = fc.letrec<{ user: string; source: string; member: string }>((tie) => {
  const some = (...fields: fc.Arbitrary<string>[]) =>
    fc.array(fc.oneof(...fields), { minLength: 1, maxLength: 6 }).map((chosen) => chosen.join(' '));
  const leaf = (name: string) =>
    fc
      .tuple(fc.constantFrom(...leavesOf(name)), fc.boolean())
      .map(([field, aliased]) => (aliased ? `as_${field}: ${field}` : field));
  const below = (field: string, inner: fc.Arbitrary<string>) => inner.map((fields) => `${field} { ${fields} }`);
  const group = some(leaf('Group'));
  return {
    user: some(leaf('User'), leaf('User'), below('... on User', some(leaf('User')))),
    source: some(
      fc.constantFrom('fullPath', 'id', '__typename'),
      below('... on Group', group),
      below('... on Project', some(leaf('Project'))),
    ),
    member: some(
      leaf('Member'),
      leaf('Member'),
      below('user', tie('user')),
      below('createdBy', tie('user')),
      below('source', tie('source')),
      below('... on Member', some(leaf('Member'))),
    ),
  };
}).member;

describe('any rows, written whole', () => {
  const contextFor = (): Context => createContext({ services, caller });
  it.each([
    ['of records that are as they should be', 100_000],
    ['some of which are not', 60],
  ])(
    'have the status, data and errors that graphql-js gives: %s',
    async (_what, errorIn) => {
      const fakes = await twoSides(fakeSchema({ errorIn, promises: false }), contextFor);
      let answered = 0;
      try {
        await fc.assert(
          fc.asyncProperty(anySelection, fc.nat(), async (fields, number) => {
            const query = `{ connection(name: "${String(number)}") { groups(first: 3) { nodes { id members(first: 3) { nodes { ${fields} } totalCount } } } } }`;
            expect(asksForRows(query)).toBe(true);
            const { compiled, plain } = await fakes.both({ query });
            expect(compiled.status).toBe(plain.status);
            expect(settled(compiled)).toEqual(settled(plain));
            expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(plain.data));
            if (JSON.stringify(plain.data).length > 150) answered += 1;
          }),
          { numRuns: 150 },
        );
      } finally {
        await fakes.close();
      }
      expect(answered).toBeGreaterThan(30);
    },
    120_000,
  );
});

describe('the writer of rows', () => {
  const type = schema.getType('User');
  if (!isObjectType(type)) throw new Error('There are no users.');
  const writerOf = (fields: string) => {
    const [operation] = parse(`{ x { ${fields} } }`).definitions;
    const selection =
      operation !== undefined && 'selectionSet' in operation ? operation.selectionSet.selections[0] : undefined;
    const set = selection !== undefined && 'selectionSet' in selection ? selection.selectionSet : undefined;
    if (set === undefined) throw new Error('There are no fields.');
    const writer = rowsWriter(schema, new GraphQLList(new GraphQLNonNull(type)), set);
    if (writer === null) throw new Error('They cannot be written.');
    return (rows: unknown): string => {
      const pieces: string[] = [];
      writer(rows, pieces);
      return pieces.join('');
    };
  };
  it('writes ASCII alone, which reads as the same letters', () => {
    const name = 'José "Łukasz" 李\u2028\u007f\u0001 😀 \ud800 \\';
    const text = writerOf('name username')([{ name, username: 'jose' }]);
    expect(text).toMatch(/^[\u0020-\u007e]*$/);
    expect(JSON.parse(text)).toEqual([{ name, username: 'jose' }]);
    expect(writerOf('name')([])).toBe('[]');
  });

  it('asks each node once, for as long as it lives', () => {
    const field = type.getFields()['gitlabId'];
    let asked = 0;
    const before = { resolve: field?.resolve, extensions: field?.extensions };
    Object.assign(
      field ?? {},
      ofNode(({ id }: { id: string }) => `${id}:${String((asked += 1))}`),
    );
    try {
      const write = writerOf('gitlabId');
      const [one, two] = [{ id: '1' }, { id: '2' }];
      expect(write([one, two])).toBe('[{"gitlabId":"1:1"},{"gitlabId":"2:2"}]');
      expect(write([two, one, one])).toBe('[{"gitlabId":"2:2"},{"gitlabId":"1:1"},{"gitlabId":"1:1"}]');
      expect(writerOf('gitlabId')([one])).toBe('[{"gitlabId":"1:3"}]');
    } finally {
      Object.assign(field ?? {}, before);
    }
  });

  it.each([
    ['null where none may be', [null]],
    ['a field without its value', [{ username: null }]],
    ['an error', [new GraphQLError('no')]],
    ['an error in a field', [{ username: new Error('no') }]],
    ['a promise', [Promise.resolve({ username: 'a' })]],
    ['a promise in a field', [{ username: Promise.resolve('a') }]],
    ['no object', ['a']],
    ['no list', { username: 'a' }],
  ])('refuses what the type does not promise: %s', (_what, rows) => {
    expect(() => writerOf('username')(rows)).toThrow(OddRow);
  });
});

describe('long answers', () => {
  let server: BareServer;
  beforeAll(async () => {
    server = await startBareServer({ connections: services.connections });
  }, 60_000);
  afterAll(() => server.close());

  const ask = async (query: string, signal?: AbortSignal) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${server.keys.VIEWER}` },
      body: JSON.stringify({ query, extensions: { cache: true } }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { length: Number(response.headers.get('content-length')), text: await response.text() };
  };

  it('go out whole and unmixed, whatever their size, while other answers are given up half read', async () => {
    const queries = [
      members(EVERYTHING, 60),
      members(EVERYTHING, 12),
      members('nodes { id }', 3),
      members(EVERYTHING, 1),
    ];
    const alone: string[] = [];
    for (const query of queries) {
      await ask(query);
      const { text, length } = await ask(query);
      expect(Buffer.byteLength(text)).toBe(length);
      expect(JSON.parse(text)).toMatchObject({ data: {}, extensions: { cache: { oldestAgeMs: 0 } } });
      alone.push(text);
    }
    expect(alone[0]?.length).toBeGreaterThan(1_048_576);
    const givenUp = queries.map(async (query, index) => {
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort();
      }, index * 3);
      await ask(query, controller.signal).catch(() => undefined);
    });
    const together = Array.from({ length: 24 }, (_, index) => ask(queries[index % queries.length] ?? ''));
    await Promise.all(givenUp);
    for (const [index, { text }] of (await Promise.all(together)).entries()) {
      expect(text === alone[index % queries.length]).toBe(true);
    }
  }, 60_000);

  it('are written into memory that is used again only when it is free', () => {
    const buffers = createAnswerBuffers();
    const first = buffers.write(['one', ' ', 'two']);
    const second = buffers.write(['three']);
    expect([first.bytes.toString(), second.bytes.toString()]).toEqual(['one two', 'three']);
    first.free();
    const third = buffers.write(['four']);
    expect(third.bytes.buffer).toBe(first.bytes.buffer);
    expect([second.bytes.toString(), third.bytes.toString()]).toEqual(['three', 'four']);
  });
});
