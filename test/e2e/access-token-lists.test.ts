import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTokenWorld } from './token-world.ts';
import type { List, Token, TokenWorld } from './token-world.ts';

type Listed = { accessTokens: List | null };

let world: TokenWorld;
let acme: string;
let made: Record<'group' | 'sub' | 'project' | 'person', { id: string; userId: number }>;
/** Numbers of the tokens of one person who has many, in order. */
let many: string[];
/** A service account that acme made. */
let robot: { id: number; username: string };

beforeAll(async () => {
  world = await openTokenWorld();
  const { make, id, gateway } = world;
  acme = String(id('acme'));
  made = {
    group: await make(`groups/${acme}/access_tokens`, { name: 'ci' }),
    sub: await make(`groups/${String(id('acme/ops'))}/access_tokens`, { name: 'ops' }),
    project: await make(`projects/${String(id('acme/ops/deploy'))}/access_tokens`, { name: 'deploy' }),
    person: await make(`users/${String(id('dana'))}/personal_access_tokens`, { name: 'mine' }),
  };
  robot = (await world.gitlab('POST', `groups/${acme}/service_accounts`, { username: 'robot' })) as typeof robot;
  await make(`groups/${acme}/service_accounts/${String(robot.id)}/personal_access_tokens`, { name: 'robot' });
  many = Array.from({ length: 130 }, (_, at) => {
    const expiresAt = at % 3 === 0 ? world.day(-1) : null;
    const name = `token ${String(at)}`;
    const edit = { action: 'addToken' as const, userId: id('olivia'), scopes: ['read_api'], name, expiresAt };
    return String(gateway.sandbox.edit(edit)['id']);
  });
}, 120_000);
afterAll(() => world.gateway.close());
beforeEach(() => {
  world.gateway.sandbox.clearFaults();
  world.gateway.clearCalls();
});

/** Follows a list to its end and answers its pages. */
async function pagesOf(of: string, selection: (args: string) => string, first: number): Promise<Token[][]> {
  const pages: Token[][] = [];
  for (let after = ''; ;) {
    const { data, codes } = await world.ask<{ list: List } | { under: { list: List } }>(
      of,
      selection(`first: ${String(first)}${after}`),
    );
    expect(codes).toEqual([]);
    const { nodes, pageInfo } = 'list' in data ? data.list : data.under.list;
    pages.push(nodes);
    if (!pageInfo.hasNextPage) return pages;
    expect(pages.length).toBeLessThan(100);
    after = `, after: "${pageInfo.endCursor}"`;
  }
}

const PAGE = '{ nodes { id gitlabId kind name source { fullPath } } pageInfo { hasNextPage endCursor } }';
const olivias = (filter: string) => (args: string) =>
  `under: user(username: "olivia") { list: accessTokens(${args}${filter}) ${PAGE} }`;

describe('a long list of tokens', () => {
  it.each([100, 7])('comes to its end with every token once, in order, %i at a time', async (first) => {
    const pages = await pagesOf('admin', olivias(''), first);
    expect(pages.flat().map(({ gitlabId }) => gitlabId)).toEqual(many);
    expect(pages.slice(0, -1).every((page) => page.length === first)).toBe(true);
    const lists = world.calls().filter((call) => call.endsWith('personal_access_tokens'));
    expect(lists).toHaveLength(Math.ceil(130 / first));
  });

  it('does so with a filter that GitLab cannot apply', async () => {
    const pages = await pagesOf('admin', olivias(', filter: { active: false }'), 10);
    expect(pages.flat().map(({ gitlabId }) => gitlabId)).toEqual(many.filter((_, at) => at % 3 === 0));
    expect(pages.slice(0, -1).every((page) => page.length === 10)).toBe(true);
  });

  it('goes on behind a cursor in the middle of a page', async () => {
    const { data } = await world.ask<{ user: { accessTokens: { edges: { cursor: string }[] } } }>(
      'admin',
      'user(username: "olivia") { accessTokens(first: 9) { edges { cursor } } }',
    );
    const cursor = data.user.accessTokens.edges[4]?.cursor ?? '';
    const next = await world.ask<{ user: { accessTokens: List } }>(
      'admin',
      `user(username: "olivia") { accessTokens(first: 3, after: "${cursor}") { nodes { gitlabId } } }`,
    );
    expect(next.data.user.accessTokens.nodes.map(({ gitlabId }) => gitlabId)).toEqual(many.slice(5, 8));
  });

  it('refuses a page size outside 1 to 100, and a cursor of another list or filter', async () => {
    const { data } = await world.ask<{ user: { accessTokens: List } }>(
      'admin',
      'user(username: "olivia") { accessTokens(first: 2) { pageInfo { endCursor } } }',
    );
    const { endCursor } = data.user.accessTokens.pageInfo;
    for (const field of [
      'user(username: "olivia") { accessTokens(first: 0) { totalCount } }',
      'user(username: "olivia") { accessTokens(first: 101) { totalCount } }',
      `user(username: "dana") { accessTokens(after: "${endCursor}") { totalCount } }`,
      `user(username: "olivia") { accessTokens(filter: { active: true }, after: "${endCursor}") { totalCount } }`,
    ]) {
      const { data: answer, codes } = await world.ask<Record<'user', Listed>>('admin', field);
      expect(answer.user.accessTokens).toBeNull();
      expect(codes).toEqual([['user.accessTokens', 'BAD_USER_INPUT']]);
    }
  });
});

describe("an administrator's connection", () => {
  const all = (filter: string) => (args: string) => `list: accessTokens(${args}${filter}) ${PAGE}`;
  const NOT_MANY = ', filter: { kinds: [GROUP, PROJECT] }';

  it('answers every token of the instance, and tells those of bots by their group or project', async () => {
    const found = (await pagesOf('admin', all(''), 100)).flat();
    const { tokens } = world.gateway.sandbox.world;
    expect(found.map(({ gitlabId }) => gitlabId)).toEqual([...tokens.keys()].map(String));
    const of = (id: string) => found.find(({ gitlabId }) => gitlabId === id);
    expect(of(made.group.id)).toMatchObject({ kind: 'GROUP', source: { fullPath: 'acme' } });
    expect(of(made.project.id)).toMatchObject({ kind: 'PROJECT', source: { fullPath: 'acme/ops/deploy' } });
    expect(of(made.person.id)).toMatchObject({ kind: 'PERSONAL', source: null });
    const calls = world.calls();
    expect(calls.filter((call) => call.endsWith('personal_access_tokens'))).toHaveLength(2);
    expect(calls.filter((call) => call.startsWith('GET'))).toHaveLength(2);
    // A page's users, and its bots' rows in groups and in projects.
    expect(calls.length).toBeLessThanOrEqual(2 + 2 * 3);
  });

  it('keeps kinds, page after page', async () => {
    const pages = await pagesOf('admin', all(NOT_MANY), 1);
    const ids = pages.flat().map(({ gitlabId }) => gitlabId);
    expect(ids).toEqual([made.group.id, made.sub.id, made.project.id]);
  });

  it('gives a token the one id that its own place gives it', async () => {
    const [first] = (await pagesOf('admin', all(NOT_MANY), 100)).flat();
    const { data } = await world.ask<{ group: { accessTokens: List } }>(
      'admin',
      `group(fullPath: "acme") { accessTokens ${PAGE} }`,
    );
    expect(data.group.accessTokens.nodes[0]?.id).toBe(first?.id);
  });

  it('that lost its rights is refused, since GitLab would show its own tokens as if they were all', async () => {
    const { users } = world.gateway.sandbox.world;
    const root = users.get(world.id('root'));
    if (root) root.admin = false;
    const { data, codes } = await world.ask<Listed & { user: Listed }>(
      'admin',
      'accessTokens { nodes { name } } user(username: "olivia") { accessTokens { nodes { name } } }',
    );
    if (root) root.admin = true;
    expect(data).toEqual({ accessTokens: null, user: { accessTokens: null } });
    expect(codes.sort()).toEqual([
      ['accessTokens', 'UPSTREAM_FORBIDDEN'],
      ['user.accessTokens', 'UPSTREAM_FORBIDDEN'],
    ]);
  });
});

describe("anybody else's connection", () => {
  const list = (filter: string) => (args: string) => `list: accessTokens(${args}${filter}) ${PAGE}`;
  const GROUPS_AND_PROJECTS = [
    ['ci', 'GROUP', 'acme'],
    ['ops', 'GROUP', 'acme/ops'],
    ['deploy', 'PROJECT', 'acme/ops/deploy'],
  ];
  const told = (found: Token[]) => found.map(({ name, kind, source }) => [name, kind, source?.fullPath ?? null]);

  it('answers its own tokens, those of its service accounts, groups and projects, whatever the page size', async () => {
    const own = [
      ['owner', 'PERSONAL', null],
      ['robot', 'PERSONAL', null],
    ];
    for (const first of [1, 2, 100]) {
      expect(told((await pagesOf('work', list(''), first)).flat())).toEqual([...own, ...GROUPS_AND_PROJECTS]);
    }
  });

  it('asks each of its places once, and only those of the kinds that are kept', async () => {
    await pagesOf('work', list(''), 100);
    const rest = world.calls().filter((call) => call !== 'graphql');
    const owned = [`groups/${acme}`, `groups/${String(world.id('acme/ops'))}`];
    const maintained = ['acme/api', 'acme/ops/deploy'].map((path) => `projects/${String(world.id(path))}`);
    const accounts = `groups/${acme}/service_accounts`;
    const lists = ['groups', accounts, 'groups', 'projects'];
    const tokens = [...owned, ...maintained].map((path) => `${path}/access_tokens`);
    const people = ['personal_access_tokens', `${accounts}/${String(robot.id)}/personal_access_tokens`];
    expect(rest.sort()).toEqual([...lists, ...tokens, ...people].map((path) => `GET /${path}`).sort());
    world.gateway.clearCalls();
    const groups = (await pagesOf('work', list(', filter: { kinds: [GROUP] }'), 100)).flat();
    expect(groups.map(({ name }) => name)).toEqual(['ci', 'ops']);
    expect(world.calls().filter((call) => /projects|service_accounts|personal/.test(call))).toEqual([]);
  });

  it('tells of no service accounts where GitLab is not licensed to, and of all the rest', async () => {
    world.gateway.sandbox.settings({ plan: 'free' });
    const found = (await pagesOf('work', list(''), 100)).flat();
    world.gateway.sandbox.settings({ plan: 'ultimate' });
    expect(told(found)).toEqual([['owner', 'PERSONAL', null], ...GROUPS_AND_PROJECTS]);
  });

  it('is refused as a whole when one of its places is, and says so', async () => {
    world.gateway.sandbox.fault({
      method: 'GET',
      path: `/groups/${acme}/access_tokens`,
      kind: 'status',
      status: 403,
      times: 9,
    });
    const { data, codes } = await world.ask<Listed>('work', 'accessTokens { nodes { name } }');
    expect(data).toEqual({ accessTokens: null });
    expect(codes).toEqual([['accessTokens', 'UPSTREAM_FORBIDDEN']]);
  });
});

describe('node', () => {
  const idIn = async (connection: string, name: string): Promise<string> => {
    const { data } = await world.ask<{ accessTokens: List }>(
      connection,
      'accessTokens(first: 100) { nodes { id name } }',
    );
    return data.accessTokens.nodes.find((token) => token.name === name)?.id ?? '';
  };
  const SELECTED = '... on AccessToken { name kind source { fullPath } }';

  it.each([
    ['work', 'owner', { kind: 'PERSONAL', source: null }],
    ['work', 'ci', { kind: 'GROUP', source: { fullPath: 'acme' } }],
    ['work', 'deploy', { kind: 'PROJECT', source: { fullPath: 'acme/ops/deploy' } }],
    ['admin', 'mine', { kind: 'PERSONAL', source: null }],
    ['admin', 'ci', { kind: 'GROUP', source: { fullPath: 'acme' } }],
  ])('finds, for the connection %s, the token %s again', async (connection, name, expected) => {
    const id = await idIn(connection, name);
    const { data, codes } = await world.node(id, `id ${SELECTED}`);
    expect(codes).toEqual([]);
    expect(data).toEqual({ id, name, ...expected });
  });

  it("finds the token of a group's service account, for who owns the group", async () => {
    const { data } = await world.ask<{ user: { accessTokens: List } }>(
      'work',
      'user(username: "robot") { accessTokens { nodes { id } } }',
    );
    const id = data.user.accessTokens.nodes[0]?.id ?? '';
    expect((await world.node(id, SELECTED)).data).toEqual({ name: 'robot', kind: 'PERSONAL', source: null });
  });

  const forged = (...parts: string[]): string => Buffer.from(['AccessToken', ...parts].join(':')).toString('base64url');
  const connectionOf = async (name: string): Promise<string> => {
    const { data } = await world.ask<{ id: string }>(name, 'id');
    return Buffer.from(data.id, 'base64url').toString('utf8').split(':')[1] ?? '';
  };

  it('answers null for one that is gone or belongs elsewhere, and an error for one that is refused', async () => {
    const [admin, work] = [await connectionOf('admin'), await connectionOf('work')];
    const dana = String(world.id('dana'));
    for (const id of [
      forged(admin, '999999', 'user', dana),
      forged(admin, made.group.id, 'user', dana),
      forged(admin, made.group.id, 'project', String(world.id('acme/api'))),
      forged(work, made.group.id, 'group', '999999'),
    ]) {
      expect(await world.node(id, 'id')).toMatchObject({ data: null, codes: [] });
    }
    const refused = await world.node(forged(work, made.person.id, 'user', dana), 'id');
    expect(refused).toMatchObject({ data: null, codes: [['', 'UPSTREAM_FORBIDDEN']] });
    const nonsense = await world.node(forged(work, made.person.id, 'robot', dana), 'id');
    expect(nonsense).toMatchObject({ data: null, codes: [['', 'BAD_USER_INPUT']] });
  });
});

it('a token of the connection that GitLab no longer takes is told as that, and not as a refusal of the tokens', async () => {
  const { sandbox } = world.gateway;
  const { token } = sandbox.edit({ action: 'addToken', userId: world.id('gatehouse'), scopes: ['api'] });
  await world.gateway.connect({ name: 'gone', token: String(token) });
  const known = [...sandbox.world.tokens.values()].find(({ value }) => value === token);
  await world.gitlab('DELETE', `personal_access_tokens/${String(known?.id)}`);
  const { data, codes } = await world.ask<Listed>(
    'gone',
    'accessTokens(filter: { kinds: [PERSONAL] }) { nodes { name } }',
  );
  expect(data).toEqual({ accessTokens: null });
  expect(codes).toEqual([['accessTokens', 'UPSTREAM_UNAUTHENTICATED']]);
});
