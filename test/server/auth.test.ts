import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { ROOT_FIELD_ROLES, roleOf } from '../../src/resolvers/roles.ts';
import { readSdl } from '../../src/server/sdl.ts';
import { startBareServer } from './bare.ts';
import type { BareServer } from './bare.ts';

describe('who may ask', () => {
  let server: BareServer;
  beforeAll(async () => {
    server = await startBareServer();
  });
  afterAll(() => server.close());

  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['an unknown key', { authorization: 'Bearer gatehouse_unknown' }],
    ['an empty key', { authorization: 'Bearer ' }],
  ])('refuses a request with %s: 401 in the form of a GraphQL error', async (_name, headers) => {
    const answer = await server.post({ query: '{ viewer { name } }' }, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toEqual([
      { message: expect.stringContaining('Authorization: Bearer KEY'), extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it('asks for the key before it reads a body, and for GET alike', async () => {
    const broken = await server.post('{ not json', {});
    expect(broken.status).toBe(401);
    const get = await fetch(`${server.url}/graphql?query={__typename}`);
    expect(get.status).toBe(401);
  });

  it('knows the caller by the key', async () => {
    const answer = await server.ask('{ viewer { subject name roles gitlabUsernames } }', { role: 'REQUESTER' });
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({
      viewer: { subject: 'requester', name: 'The requester', roles: ['REQUESTER'], gitlabUsernames: [] },
    });
  });

  it('no key ever shows in the log', () => {
    const text = server.logged.join('\n');
    for (const key of Object.values(server.keys)) expect(text).not.toContain(key);
  });

  describe('roles', () => {
    const grant = `mutation { grantAccess(input: {connectionId: "x", user: {username: "a"}, target: {group: "g"},
      accessLevel: DEVELOPER, reason: "r"}) { userErrors { code } } }`;
    const remove = 'mutation { deleteConnection(input: {connectionId: "x"}) { userErrors { code } } }';

    it.each([
      ['VIEWER', grant],
      ['VIEWER', remove],
      ['REQUESTER', remove],
      ['APPROVER', remove],
    ] as const)('a %s is refused what needs more: FORBIDDEN, and nothing runs', async (role, query) => {
      const answer = await server.ask(query, { role });
      expect(answer.status).toBe(403);
      expect(answer.errors[0]?.extensions.code).toBe('FORBIDDEN');
      expect(answer.data).toBeUndefined();
    });

    it('a fragment, an alias and a directive hide no root field from the check', async () => {
      const hidden = `mutation Hidden { ...on Mutation { ...F } } fragment F on Mutation {
        harmless: deleteConnection(input: {connectionId: "x"}) @skip(if: true) { userErrors { code } } }`;
      const answer = await server.ask(hidden, { role: 'REQUESTER' });
      expect(answer.status).toBe(403);
    });

    it('every root field of the schema declares the role it needs', () => {
      const schema = buildSchema(readSdl());
      for (const type of [schema.getQueryType(), schema.getMutationType()]) {
        const name = type?.name === 'Mutation' ? 'Mutation' : 'Query';
        const fields = Object.keys(type?.getFields() ?? {});
        expect(fields.filter((field) => roleOf(name, field) === null)).toEqual([]);
        expect(Object.keys(ROOT_FIELD_ROLES[name]).sort()).toEqual(fields.sort());
      }
      expect(roleOf('Query', 'constructor')).toBeNull();
    });

    it('connections are changed by administrators only, and reading is for everybody with a key', () => {
      expect(Object.values(ROOT_FIELD_ROLES.Query).every((role) => role === 'VIEWER')).toBe(true);
      expect(Object.values(ROOT_FIELD_ROLES.Mutation)).not.toContain('VIEWER');
      for (const name of ['testConnection', 'saveConnection', 'updateConnection', 'deleteConnection'] as const) {
        expect(ROOT_FIELD_ROLES.Mutation[name]).toBe('ADMIN');
      }
    });
  });
});
