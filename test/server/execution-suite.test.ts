import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kind, OperationTypeNode, getNamedType, isInputObjectType, parse, typeFromAST, validate } from 'graphql';
import type { DocumentNode, OperationDefinitionNode, TypeNode } from 'graphql';
import { PROJECTS, USERS } from '../../sandbox/seed/index.ts';
import { GitLabError } from '../../src/gitlab/errors.ts';
import { createContext } from '../../src/resolvers/context.ts';
import { makeSchema } from '../../src/server/apollo.ts';
import type { Services } from '../../src/resolvers/services.ts';
import type { Store } from '../../src/store/store.ts';
import { QUERY_ARGUMENTS, operationOf } from '../e2e/everything.ts';
import { servicesOf } from '../resolvers/ask.ts';
import { fakeClient, fakeUser } from '../resolvers/fake-gitlab.ts';
import type { FakeWorld } from '../resolvers/fake-gitlab.ts';
import { smallTree } from '../resolvers/worlds.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { openTestStore } from '../support/stores.ts';
import { fakeConnection } from './fake-connection.ts';
import { settled, twoSides } from './execution-sides.ts';
import type { Sides } from './execution-sides.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const schema = makeSchema();

/** Every query that stands in a test or in the README, with a word for what a test puts in. */
function queriesOfTheSuite(): string[] {
  const files = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  const paths = ['README.md', ...files.filter((file) => file.endsWith('.ts')).map((file) => path.join('test', file))];
  const texts = paths.flatMap((file) => {
    const content = readFileSync(path.join(ROOT, file), 'utf8');
    const found = content.matchAll(/```graphql\n([^`]+)```|`([^`]*\{[^`]*)`|'([^'\n]*\{[^'\n]*)'/g);
    const pieces = piecesOf(content);
    return [...found].map(([, block, template, quoted]) => block ?? filledIn(template ?? quoted ?? '', pieces));
  });
  return [...new Set(texts)].filter(isQuery);
}

/** The texts that a file puts together its queries from, by the names that it gives them. */
function piecesOf(content: string): Map<string, string> {
  const named = content.matchAll(/const (\w+)(?:: string)? =\s+(?:`([^`]*)`|'([^'\n]*)');/g);
  return new Map([...named].map(([, name = '', template, quoted]) => [name, template ?? quoted ?? '']));
}

function filledIn(text: string, pieces: ReadonlyMap<string, string>, depth = 0): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    const piece = depth < 4 ? pieces.get(name) : undefined;
    return piece === undefined ? 'acme' : filledIn(piece, pieces, depth + 1);
  });
}

function isQuery(text: string): boolean {
  const document = parsed(text) ?? parsed(`{ connection(name: "work") { ${text} } }`);
  return document !== null && operationsOf(document).every(({ operation }) => operation === OperationTypeNode.QUERY);
}

/** Null for what is no document of the schema. */
function parsed(text: string): DocumentNode | null {
  try {
    const document = parse(text);
    return validate(schema, document).length === 0 ? document : null;
  } catch {
    return null;
  }
}

function operationsOf(document: DocumentNode): OperationDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

/** Something for each variable; mostly right. */
function variablesFor(operation: OperationDefinitionNode | undefined): Record<string, unknown> {
  const definitions = operation?.variableDefinitions ?? [];
  return Object.fromEntries(definitions.map(({ variable, type }) => [variable.name.value, valueFor(type)]));
}

function valueFor(type: TypeNode): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return valueFor(type.type);
  if (type.kind === Kind.LIST_TYPE) return [valueFor(type.type)];
  const named = typeFromAST(schema, type);
  if (named !== undefined && isInputObjectType(getNamedType(named))) return {};
  return { Int: 3, Boolean: true }[type.name.value] ?? 'acme';
}

function busyWorld(): FakeWorld {
  const world = smallTree();
  for (let id = 1; id <= 12; id += 1) world.users.push(fakeUser(String(id), `person${String(id)}`));
  world.rows = Array.from({ length: 40 }, (_, index) => ({
    rowId: 100 + index,
    source: { kind: index % 4 === 0 ? ('project' as const) : ('group' as const), id: String(1 + (index % 2)) },
    userId: String(1 + (index % 12)),
    level: [10, 30, 40, 50][index % 4] ?? 10,
  })).filter(
    (row, index, rows) =>
      rows.findIndex(
        (other) => other.userId === row.userId && JSON.stringify(other.source) === JSON.stringify(row.source),
      ) === index,
  );
  world.links = [{ into: { kind: 'group', id: '1' }, invited: '4', level: 30 }];
  world.hidden.add('group:5');
  world.failing.set('group:3', new GitLabError('RATE_LIMITED', 'Too many.', { retryAfterMs: 1000 }));
  world.failing.set('acme/gone', new GitLabError('TIMEOUT', 'No answer.'));
  return world;
}

describe('every query of the suite, compiled', () => {
  let store: Store;
  let sides: Sides;
  beforeAll(async () => {
    store = await openTestStore({ clockShiftMs: () => 0 });
    const connection = fakeConnection('work');
    const services = Object.create(servicesOf(connection, fakeClient(busyWorld(), []), {}), {
      store: { value: store },
    }) as Services;
    const caller = { subject: 'test', name: 'Test', roles: ['ADMIN' as const], gitlabUsernames: [] };
    sides = await twoSides(schema, () => createContext({ services, caller }));
  }, 120_000);
  afterAll(async () => {
    await sides.close();
    await store.close();
  });

  it('has the status, data and errors that graphql-js gives', async () => {
    const queries = queriesOfTheSuite();
    expect(queries.length).toBeGreaterThan(110);
    let withData = 0;
    for (const text of queries) {
      const query = parsed(text) === null ? `{ connection(name: "work") { ${text} } }` : text;
      for (const operation of operationsOf(parse(query))) {
        const operationName = operation.name?.value;
        const variables = variablesFor(operation);
        const { compiled, plain } = await sides.both({
          query,
          variables,
          ...(operationName === undefined ? {} : { operationName }),
        });
        expect({ query, ...compiled, errors: settled(compiled) }).toEqual({ query, ...plain, errors: settled(plain) });
        if (plain.data != null) withData += 1;
      }
    }
    expect(withData).toBeGreaterThan(40);
  }, 300_000);
});

describe('a query asked again and again', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ store: 'memory', sandbox: { size: 'small' } });
  }, 120_000);
  afterAll(() => gateway.close());

  it('has the same answer each time, with every field of every type over a whole gateway', async () => {
    const connectionId = await gateway.connect({ name: 'everything' });
    const input = {
      connectionId,
      user: { username: USERS.eve },
      target: { project: PROJECTS.tooling },
      accessLevel: 'MAINTAINER',
      duration: 'PT2H',
      reason: 'the release',
    };
    const granted = await gateway.query<{ grantAccess: { grant: { id: string } } }>(
      'mutation($input: GrantAccessInput!) { grantAccess(input: $input) { grant { id } } }',
      { input },
    );
    // GitLab recalculates levels in the background; then nothing moves any more.
    await gateway.advance(60_000);
    const fields = Object.keys(schema.getQueryType()?.getFields() ?? {});
    const everything = operationOf(schema, 'query', fields, QUERY_ARGUMENTS, '$id: ID!');
    for (const id of [connectionId, granted.data.grantAccess.grant.id, 'no id']) {
      const [first, ...others] = [
        await gateway.query(everything, { id }),
        await gateway.query(everything, { id }),
        await gateway.query(everything, { id }),
      ];
      expect(first.status).toBe(200);
      for (const other of others) expect(other).toEqual(first);
    }
  }, 120_000);
});
