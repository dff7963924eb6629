import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOKENS } from '../../sandbox/seed/index.ts';
import { ACCESS_ERROR, startHarness } from './graphql-harness.ts';
import type { Harness, WireError } from './graphql-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.sandbox.close());

function codes(errors: readonly WireError[]): (string | undefined)[] {
  return errors.map(({ extensions }) => extensions?.code);
}

describe('who may ask', () => {
  const question = '{currentUser{username} metadata{version}}';

  it('answers a bad, expired or revoked token and a blocked person with 401, as one object even to a batch', async () => {
    const invalid = { errors: [{ message: 'Invalid token' }] };
    for (const token of ['glpat-nonsense', TOKENS.expired, TOKENS.revoked, TOKENS.blocked]) {
      const answer = await harness.post(JSON.stringify([{ query: question }, { query: question }]), { token });
      expect([answer.status, answer.body]).toEqual([401, invalid]);
    }
  });

  it('answers a deactivated person and a blocked robot with 403', async () => {
    const { gatehouse } = harness.fixtures.users;
    for (const state of ['deactivated', 'blocked'] as const) {
      gatehouse.state = state;
      const answer = await harness.ask(question);
      expect([answer.status, answer.body]).toEqual([403, { errors: [{ message: 'API not accessible for user' }] }]);
    }
    gatehouse.state = 'active';
  });

  it('takes a token without api or read_api for a wrong one', async () => {
    const [token] = [...harness.sandbox.world.tokens.values()].filter(({ value }) => value === TOKENS.readOnly);
    if (token) token.scopes = ['read_user'];
    expect((await harness.ask(question, { token: TOKENS.readOnly })).status).toBe(401);
    if (token) token.scopes = ['read_api'];
    expect((await harness.ask(question, { token: TOKENS.readOnly })).data).toMatchObject({
      currentUser: { username: 'gatehouse' },
    });
  });

  it('answers nobody with public data only', async () => {
    const { data, errors } = await harness.ask(
      '{currentUser{id} metadata{version} open:group(fullPath:"acme/open"){name} acme:group(fullPath:"acme"){name} users{nodes{id}}}',
      { token: null },
    );
    expect(data).toEqual({ currentUser: null, metadata: null, open: { name: 'Open' }, acme: null, users: null });
    expect(errors).toMatchObject([{ message: ACCESS_ERROR, path: ['users'] }]);
  });

  it('gives an administrator all rights although Admin Mode is on', async () => {
    harness.sandbox.settings({ adminMode: true });
    const { data } = await harness.ask('{group(fullPath:"shadow"){userPermissions{adminAllResources}}}', {
      token: TOKENS.admin,
    });
    expect(data).toEqual({ group: { userPermissions: { adminAllResources: true } } });
    harness.sandbox.settings({ adminMode: false });
  });
});

describe('the request', () => {
  it('comes as JSON, as a form or in the address, and in other content types as nothing', async () => {
    const query = '{currentUser{username}}';
    const data = { currentUser: { username: 'gatehouse' } };
    const form = new URLSearchParams({ query }).toString();
    expect((await harness.ask(query)).data).toEqual(data);
    expect((await harness.post(form, { contentType: 'application/x-www-form-urlencoded' })).data).toEqual(data);
    expect((await harness.get(`?${form}`)).data).toEqual(data);
    const other = await harness.post(JSON.stringify({ query }), { contentType: 'text/plain' });
    expect(other.body).toEqual({ errors: [{ message: 'Unexpected end of document', locations: [] }] });
  });

  it('may hold 10,000 characters of query, summed over a batch', async () => {
    const padded = (length: number): string => '{currentUser{id}}'.padEnd(length, ' ');
    expect((await harness.ask(padded(10_000))).status).toBe(200);
    const over = await harness.post(JSON.stringify([{ query: padded(6_000) }, { query: padded(4_001) }]));
    expect([over.status, over.body]).toEqual([422, { errors: [{ message: 'Query too large' }] }]);
  });

  it('may not mutate by GET', async () => {
    const query = 'mutation{groupMemberBulkUpdate(input:{groupId:"x",userIds:[],accessLevel:GUEST}){errors}}';
    const { status, errors } = await harness.get(`?${new URLSearchParams({ query }).toString()}`);
    expect([status, errors[0]?.message]).toEqual([422, 'Mutations are forbidden in GET requests']);
  });

  it('may bring variables as JSON text, and is refused with 422 when that is broken', async () => {
    const query = 'query($p:ID!){group(fullPath:$p){name}}';
    const good = await harness.post(JSON.stringify({ query, variables: '{"p":"acme"}' }));
    expect(good.data).toEqual({ group: { name: 'Acme' } });
    expect((await harness.post(JSON.stringify({ query, variables: '{"p":' }))).status).toBe(422);
    expect((await harness.post(JSON.stringify({ query, variables: 7 }))).status).toBe(422);
  });

  it('is refused with 400 and a plain error when its JSON is too deep or broken', async () => {
    const deep = `{"query":"{currentUser{id}}","variables":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`;
    for (const body of [deep, '{']) {
      const answer = await harness.post(body);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({ error: expect.any(String) });
    }
  });

  it('is answered in order when it is a batch, each query on its own', async () => {
    const batch = [{ query: '{currentUser{username}}' }, { query: '{nope}' }, { query: '{metadata{version}}' }];
    const { body } = await harness.post(JSON.stringify(batch));
    expect(body).toMatchObject([
      { data: { currentUser: { username: 'gatehouse' } } },
      { errors: [{ extensions: { code: 'undefinedField' } }] },
      { data: { metadata: { version: '18.9.0-ee' } } },
    ]);
  });

  it('picks its operation by name', async () => {
    const query = 'query A{metadata{version}} query B{currentUser{username}}';
    const ask = (operationName?: string) => harness.post(JSON.stringify({ query, operationName }));
    expect((await ask('B')).data).toEqual({ currentUser: { username: 'gatehouse' } });
    expect((await ask('C')).errors[0]?.message).toBe('No operation named "C"');
    expect((await ask()).errors[0]?.message).toBe('An operation name is required');
  });
});

describe('a query that cannot run', () => {
  it('names each fault by code with its place in the text of the query, at most five', async () => {
    const faults = await harness.ask(
      '{a:group(fullPath:"acme"){wrong groupMembers(foo:1,first:"q"){nodes{id}}} group{id} currentUser user(id:"7"){id{x}}}',
    );
    expect(faults.status).toBe(200);
    expect(faults.body).not.toHaveProperty('data');
    expect(faults.errors.map(({ path, extensions }) => [extensions?.code, path])).toEqual([
      ['undefinedField', ['query', 'a', 'wrong']],
      ['argumentNotAccepted', ['query', 'a', 'groupMembers', 'foo']],
      ['argumentLiteralsIncompatible', ['query', 'a', 'groupMembers', 'first']],
      ['missingRequiredArguments', ['query', 'group']],
      ['selectionMismatch', ['query', 'currentUser']],
    ]);
    expect(faults.errors[0]).toMatchObject({
      message: "Field 'wrong' doesn't exist on type 'Group'",
      locations: [{ line: 1, column: 27 }],
      extensions: { typeName: 'Group', fieldName: 'wrong' },
    });
  });

  it('names faults of variables, fragments, types and directives by code', async () => {
    const query = `query Q($id:UserID!,$n:String,$unused:Int){ user(id:$id){id @nope} groups(first:$n){nodes{id}} users(ids:[$gone]){nodes{id}} ...on Gone{id} }`;
    expect(codes((await harness.ask(query, { variables: { id: 'gid://gitlab/User/1' } })).errors).sort()).toEqual([
      'undefinedDirective',
      'undefinedType',
      'variableMismatch',
      'variableNotDefined',
      'variableNotUsed',
    ]);
  });

  it('echoes a bad variable value back with what is wrong', async () => {
    const { body } = await harness.ask('query($u:UserID!){user(id:$u){id}}', { variables: { u: '7' } });
    expect(body).toMatchObject({
      errors: [
        {
          message: 'Variable $u of type UserID! was provided invalid value',
          extensions: { value: '7', problems: [{ path: [], explanation: '"7" is not a valid Global ID' }] },
        },
      ],
    });
  });

  it('tells where its syntax fails', async () => {
    const { status, errors } = await harness.ask('{group(');
    expect(status).toBe(200);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^Expected .+, actual: /), locations: [{ line: 1 }] },
    ]);
  });

  it('is too deep beyond 20 levels, beyond 15 for nobody', async () => {
    // A query 21 deep meets the recursion rule first, so the limit is lowered here.
    harness.graphql.depth.user = 4;
    const { errors } = await harness.ask('{group(fullPath:"acme"){projects(first:1){nodes{namespace{id}}}}}');
    expect(errors).toEqual([{ message: 'Query has depth of 5, which exceeds max depth of 4' }]);
    harness.graphql.depth.user = 20;
  });

  it('is recursive when one branch has a field a third time', async () => {
    expect((await harness.ask('{group(fullPath:"acme"){parent{parent{id}}}}')).errors).toEqual([]);
    const { errors } = await harness.ask('{group(fullPath:"acme"){parent{parent{parent{id}}}}}');
    expect(errors[0]?.message).toContain(`Recursive query - too many of fields '{"parent"=>3}' detected`);
  });
});

describe('introspection', () => {
  const query = '{__schema{queryType{name}}}';

  it('is answered from a file with the whole schema, whatever was asked', async () => {
    for (const body of [{ query }, { query: 'query X{currentUser{id}}', operationName: 'IntrospectionQuery' }]) {
      const { data } = await harness.post(JSON.stringify(body));
      expect(data).toMatchObject({ __schema: { types: expect.any(Array) } });
    }
  });

  it('is switched off in a batch and under any other operation name, null included', async () => {
    const named = await harness.post(JSON.stringify({ query, operationName: null }));
    expect(codes(named.errors)).toEqual(['undefinedField']);
    const { body } = await harness.post(JSON.stringify([{ query }]));
    expect(body).toMatchObject([{ errors: [{ extensions: { code: 'undefinedField' } }] }]);
  });
});

describe('a failure inside GitLab', () => {
  it('is a 500 for the whole request and the whole batch', async () => {
    const bad = '{users(ids:["gid://gitlab/Nonsense/1"]){nodes{id}}}';
    const answer = await harness.post(JSON.stringify([{ query: '{currentUser{id}}' }, { query: bad }]));
    expect([answer.status, answer.body]).toEqual([500, { errors: [{ message: 'Internal server error' }] }]);
  });

  it('that is a field running out of time leaves its siblings answered', async () => {
    harness.graphql.timeouts.add('Group.groupMembers');
    const { status, data, errors } = await harness.ask(
      '{group(fullPath:"acme"){name groupMembers{nodes{id}}} currentUser{username}}',
    );
    expect(status).toBe(200);
    expect(data).toEqual({ group: { name: 'Acme', groupMembers: null }, currentUser: { username: 'gatehouse' } });
    expect(errors).toMatchObject([{ message: 'Timeout on Group.groupMembers', path: ['group', 'groupMembers'] }]);
    harness.graphql.timeouts.clear();
  });
});
