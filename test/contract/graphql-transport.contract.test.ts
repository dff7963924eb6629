import { beforeAll, expect, it } from '@jest/globals';
import { said } from './helpers/answers.ts';
import { createCaller } from './helpers/http.ts';
import { at, numberAt, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { must, openWorld } from './helpers/world.ts';
import type { Person } from './helpers/world.ts';

const INVALID_TOKEN = { status: 401, json: { errors: [{ message: 'Invalid token' }] } };
const WHO = '{currentUser{username}}';
const MAX_QUERY_CHARACTERS = 10_000;

const world = openWorld();
let alice: Person;

beforeAll(async () => {
  alice = await world.person('alice');
});

const who = (person: Person) => ({ status: 200, json: { data: { currentUser: { username: person.username } } } });

contract('graphql: transport', () => {
  it('a token is taken from PRIVATE-TOKEN and from Authorization: Bearer alike', async () => {
    for (const header of [{ 'private-token': alice.token }, { authorization: `Bearer ${alice.token}` }]) {
      expect(said(await createCaller(world.url, header).graphql(WHO))).toEqual(who(alice));
    }
  });

  it('without a token the answer is 200 with nulls', async () => {
    const answer = await world.anonymous.graphql('{currentUser{username} metadata{version}}');
    expect(said(answer)).toEqual({ status: 200, json: { data: { currentUser: null, metadata: null } } });
  });

  it('variables come as an object or as a text of JSON', async () => {
    const query = 'query($u:String!){user(username:$u){username}}';
    for (const variables of [{ u: alice.username }, JSON.stringify({ u: alice.username })]) {
      const answer = await alice.call.raw('POST', '/api/graphql', { body: { query, variables } });
      expect(said(answer)).toEqual({ status: 200, json: { data: { user: { username: alice.username } } } });
    }
  });

  it('operationName chooses the operation', async () => {
    const query = 'query A{currentUser{id}} query B{currentUser{username}}';
    const answer = await alice.call.raw('POST', '/api/graphql', { body: { query, operationName: 'B' } });
    expect(said(answer)).toEqual(who(alice));
  });

  it('a batch is a list in and a list out, in order', async () => {
    const body = [{ query: WHO }, { query: '{metadata{enterprise}}' }];
    const answer = await alice.call.raw('POST', '/api/graphql', { body });
    expect(said(answer)).toEqual({
      status: 200,
      json: [who(alice).json, { data: { metadata: { enterprise: world.enterprise } } }],
    });
  });

  it('a query may come by GET, a mutation not: 422', async () => {
    expect(said(await alice.call.raw('GET', '/api/graphql', { query: { query: WHO } }))).toEqual(who(alice));
    const mutation =
      'mutation{groupMemberBulkUpdate(input:{groupId:"gid://gitlab/Group/1",userIds:[],accessLevel:GUEST}){errors}}';
    const refused = await alice.call.raw('GET', '/api/graphql', { query: { query: mutation } });
    expect(said(refused)).toEqual({
      status: 422,
      json: { errors: [{ message: 'Mutations are forbidden in GET requests' }] },
    });
  });

  it('a text over 10,000 characters is 422, alone and as the sum of a batch', async () => {
    const padded = (length: number) => `${WHO}${' '.repeat(length - WHO.length)}`;
    expect((await alice.call.graphql(padded(MAX_QUERY_CHARACTERS))).status).toBe(200);
    const tooLarge = { status: 422, json: { errors: [{ message: 'Query too large' }] } };
    expect(said(await alice.call.graphql(padded(MAX_QUERY_CHARACTERS + 1)))).toEqual(tooLarge);
    const batch = [{ query: padded(MAX_QUERY_CHARACTERS / 2) }, { query: padded(MAX_QUERY_CHARACTERS / 2 + 1) }];
    expect(said(await alice.call.raw('POST', '/api/graphql', { body: batch }))).toEqual(tooLarge);
  });

  it('metadata agrees with REST', async () => {
    const rest = await alice.call.get('/metadata');
    const graphql = await alice.call.graphql('{metadata{version revision enterprise}}');
    expect(at(graphql.json, 'data', 'metadata')).toEqual({
      version: textAt(rest.json, 'version'),
      revision: at(rest.json, 'revision'),
      enterprise: world.enterprise,
    });
  });
});

contract('graphql: refused tokens', (section) => {
  it.each(['unknown', 'expired', 'revoked', 'scope'])('%s: 401 Invalid token', async (kind) => {
    const made: Record<string, () => Promise<string>> = {
      unknown: () => Promise.resolve('glpat-nobody-has-this-token'),
      expired: () => world.token(alice.id, ['api'], world.day(-3)),
      scope: () => world.token(alice.id, ['read_user']),
      revoked: async () => {
        const row = await world.tokenRow(alice.id, ['api']);
        await must(204, world.admin.delete(`/personal_access_tokens/${String(numberAt(row.json, 'id'))}`));
        return textAt(row.json, 'token');
      },
    };
    const token = await made[kind]?.();
    expect(said(await world.with(token ?? '').graphql(WHO))).toEqual(INVALID_TOKEN);
  });

  it('a refused batch is answered by one object', async () => {
    const body = [{ query: WHO }, { query: WHO }];
    expect(said(await world.with('glpat-nobody-has-this-token').raw('POST', '/api/graphql', { body }))).toEqual(
      INVALID_TOKEN,
    );
  });

  it("a blocked person's token is 401 here, unlike in REST", async () => {
    const bob = await world.person('bob');
    await must(201, world.admin.post(`/users/${String(bob.id)}/block`));
    expect(said(await bob.call.graphql(WHO))).toEqual(INVALID_TOKEN);
  });

  it("a deactivated person's token is 403", async () => {
    const bob = await world.person('bob');
    await must(201, world.admin.post(`/users/${String(bob.id)}/deactivate`));
    expect(said(await bob.call.graphql(WHO))).toEqual({
      status: 403,
      json: { errors: [{ message: 'API not accessible for user' }] },
    });
  });

  it('a read_api token may ask', async () => {
    expect(said(await world.with(await world.token(alice.id, ['read_api'])).graphql(WHO))).toEqual(who(alice));
  });

  section.notAsked('timeouts, 5xx, the general throttle (need faults)');
});
