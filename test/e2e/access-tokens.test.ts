import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL, openTokenWorld } from './token-world.ts';
import type { List, TokenWorld } from './token-world.ts';

type Listed = { accessTokens: List | null };

let world: TokenWorld;
let group: string;
let project: string;
/** When the tokens were made, by GitLab's clock. */
let madeMs = 0;
/** Numbers of tokens. */
const made = { group: '', sub: '', project: '', revoked: '', dead: '', today: '', quiet: '', endless: '' };

beforeAll(async () => {
  world = await openTokenWorld();
  const { make, day, id } = world;
  [group, project] = [`groups/${String(id('acme'))}/access_tokens`, `projects/${String(id('acme/api'))}/access_tokens`];
  const olivia = `users/${String(id('olivia'))}/personal_access_tokens`;
  made.group = (await make(group, { name: 'ci', access_level: 30 })).id;
  made.sub = (await make(`groups/${String(id('acme/ops'))}/access_tokens`, { name: 'ops', access_level: 20 })).id;
  made.project = (await make(project, { name: 'deploy', scopes: ['read_api'] })).id;
  made.revoked = (await make(project, { name: 'old' })).id;
  await world.gitlab('DELETE', `${project}/${made.revoked}`);
  made.dead = (await make(olivia, { name: 'dead', expires_at: day(-2) })).id;
  made.today = (await make(olivia, { name: 'today', expires_at: day(0) })).id;
  made.quiet = (await make(olivia, { name: 'quiet', expires_at: day(5) })).id;
  made.endless = (await make(olivia, { name: 'endless', expires_at: day(300) })).id;
  const { tokens } = world.gateway.sandbox.world;
  const now = world.gateway.sandbox.clock.now();
  madeMs = now;
  Object.assign(tokens.get(Number(made.quiet)) ?? {}, {
    createdAt: now - 90 * 86_400_000,
    lastUsedAt: now - 40 * 86_400_000,
  });
  Object.assign(tokens.get(Number(made.endless)) ?? {}, { createdAt: now - 60 * 86_400_000, expiresAt: null });
}, 120_000);
afterAll(() => world.gateway.close());
beforeEach(() => {
  world.gateway.sandbox.clearFaults();
  world.gateway.clearCalls();
});

const listCalls = (): string[] => world.calls().filter((call) => call.endsWith('access_tokens'));
const ago = (days: number): string => new Date(madeMs - days * 86_400_000).toISOString();
const before = (days: number): string => new Date(world.gateway.sandbox.clock.now() - days * 86_400_000).toISOString();

describe('the access tokens of a group and of a project', () => {
  it('are those of that very place, each with its bot, its role and its maker, for one call each', async () => {
    const { data, codes } = await world.ask<Record<'group' | 'project', { accessTokens: List }>>(
      'work',
      `group(fullPath: "acme") { accessTokens { ${ALL} } } project(fullPath: "acme/api") { accessTokens { ${ALL} } }`,
    );
    expect(codes).toEqual([]);
    expect(data.group.accessTokens).toMatchObject({ totalCount: 1, pageInfo: { hasNextPage: false } });
    expect(data.group.accessTokens.nodes).toMatchObject([
      {
        gitlabId: made.group,
        kind: 'GROUP',
        name: 'ci',
        scopes: ['api'],
        active: true,
        revoked: false,
        expiresAt: world.day(30),
        lastUsedAt: null,
        source: { __typename: 'Group', fullPath: 'acme' },
        accessLevel: 'DEVELOPER',
        accessLevelValue: 30,
        createdBy: { username: 'root' },
      },
    ]);
    expect(data.group.accessTokens.nodes[0]?.user?.username).toMatch(/^group_\d+_bot_/);
    expect(data.project.accessTokens.nodes).toMatchObject([
      { gitlabId: made.project, kind: 'PROJECT', accessLevel: 'MAINTAINER', scopes: ['read_api'], active: true },
      { gitlabId: made.revoked, kind: 'PROJECT', active: false, revoked: true, createdBy: { username: 'root' } },
    ]);
    expect(listCalls()).toHaveLength(2);
  });

  it('cost one call for each place of a tick; users and makers are asked for together', async () => {
    const { data, codes } = await world.ask<Record<'groups' | 'projects', { nodes: Listed[] }>>(
      'work',
      `groups { nodes { accessTokens { nodes { gitlabId user { username } createdBy { username } } } } }
       projects { nodes { accessTokens { nodes { gitlabId user { username } createdBy { username } } } } }`,
    );
    expect(codes).toEqual([]);
    const found = [...data.groups.nodes, ...data.projects.nodes].flatMap(
      ({ accessTokens }) => accessTokens?.nodes ?? [],
    );
    expect(found.map(({ gitlabId }) => gitlabId).sort()).toEqual(
      [made.group, made.sub, made.project, made.revoked].sort(),
    );
    expect(found).toHaveLength(4);
    for (const token of found) expect(token).toMatchObject({ user: {}, createdBy: { username: 'root' } });
    expect(new Set(listCalls()).size).toBe(4);
    expect(listCalls()).toHaveLength(4);
    // The projects; the bots, and their rows, of the groups and of the projects.
    expect(world.calls().filter((call) => call === 'graphql').length).toBeLessThanOrEqual(5);
  });

  it('are an error on the place that GitLab does not answer for, and are answered for the others', async () => {
    world.gateway.sandbox.fault({ method: 'GET', path: `/${group}`, kind: 'status', status: 403, times: 9 });
    const { data, codes } = await world.ask<Record<'a' | 'b', Listed>>(
      'work',
      `a: group(fullPath: "acme") { accessTokens { nodes { name } } } b: group(fullPath: "acme/ops") { accessTokens { nodes { name } } }`,
    );
    expect(data).toEqual({ a: { accessTokens: null }, b: { accessTokens: { nodes: [{ name: 'ops' }] } } });
    expect(codes).toEqual([['a.accessTokens', 'UPSTREAM_FORBIDDEN']]);
  });

  it('are refused as such to who does not manage the place: null with an error, never an empty list', async () => {
    const { sandbox } = world.gateway;
    await world.gitlab('POST', 'groups', { name: 'side', path: 'side', visibility: 'private' });
    const side = String(world.id('side'));
    await world.gitlab('POST', `groups/${side}/members`, { user_id: world.id('dana'), access_level: 50 });
    await world.gateway.connect({ name: 'plain', token: sandbox.tokens.user });
    world.gateway.clearCalls();
    const { data, codes } = await world.ask<Record<'acme' | 'api' | 'side', Listed>>(
      'plain',
      `acme: group(fullPath: "acme") { accessTokens { nodes { name } } }
       api: project(fullPath: "acme/api") { accessTokens { nodes { name } } }
       side: group(fullPath: "side") { accessTokens { nodes { name } } }`,
    );
    expect(data).toEqual({
      acme: { accessTokens: null },
      api: { accessTokens: null },
      side: { accessTokens: { nodes: [] } },
    });
    expect(codes.toSorted()).toEqual([
      ['acme.accessTokens', 'UPSTREAM_FORBIDDEN'],
      ['api.accessTokens', 'UPSTREAM_FORBIDDEN'],
    ]);
    const { data: still } = await world.ask<{ status: string }>('plain', 'status');
    expect(still.status).toBe('CONNECTED');
  });
});

describe("a user's access tokens", () => {
  it("are personal ones to an administrator, dead ones too, and a bot's are those of its place", async () => {
    const bot = (
      await world.ask<Record<'group', { accessTokens: List }>>(
        'work',
        `group(fullPath: "acme") { accessTokens { ${ALL} } }`,
      )
    ).data.group.accessTokens.nodes[0]?.user?.username;
    const { data, codes } = await world.ask<Record<'olivia' | 'bot', { accessTokens: List }>>(
      'admin',
      `olivia: user(username: "olivia") { accessTokens { ${ALL} } } bot: user(username: "${String(bot)}") { accessTokens { ${ALL} } }`,
    );
    expect(codes).toEqual([]);
    expect(data.olivia.accessTokens.nodes.map(({ name }) => name)).toEqual(['dead', 'today', 'quiet', 'endless']);
    expect(data.olivia.accessTokens.totalCount).toBe(4);
    for (const token of data.olivia.accessTokens.nodes) {
      const none = { source: null, accessLevel: null, accessLevelValue: null, createdBy: null };
      expect(token).toMatchObject({ kind: 'PERSONAL', user: { username: 'olivia' }, ...none });
    }
    expect(data.olivia.accessTokens.nodes).toMatchObject([
      { active: false, revoked: false, expiresAt: world.day(-2), lastUsedAt: null },
      { active: false, revoked: false, expiresAt: world.day(0) },
      { active: true, createdAt: ago(90), expiresAt: world.day(5), lastUsedAt: ago(40) },
      { active: true, createdAt: ago(60), expiresAt: null, lastUsedAt: null },
    ]);
    expect(data.bot.accessTokens.nodes).toMatchObject([
      {
        gitlabId: made.group,
        kind: 'GROUP',
        source: { fullPath: 'acme' },
        accessLevel: 'DEVELOPER',
        createdBy: { username: 'root' },
      },
    ]);
  });

  it("are null with an error to anybody else's connection, which is told apart without a call for tokens", async () => {
    const { data, codes, messages } = await world.ask<Record<'olivia', Listed>>(
      'work',
      'olivia: user(username: "olivia") { accessTokens { nodes { name } } }',
    );
    expect(data).toEqual({ olivia: { accessTokens: null } });
    expect(codes).toEqual([['olivia.accessTokens', 'UPSTREAM_FORBIDDEN']]);
    expect(messages[0]).toMatch(/Only administrators and that user are shown the access tokens of olivia/);
    expect(listCalls()).toEqual([]);
  });

  it("are shown of the connection's own user, of a bot it manages, and of service accounts of its groups", async () => {
    const acme = String(world.id('acme'));
    const account = (await world.gitlab('POST', `groups/${acme}/service_accounts`, { username: 'renamed-robot' })) as {
      id: number;
    };
    const own = await world.make(`groups/${acme}/service_accounts/${String(account.id)}/personal_access_tokens`, {
      name: 'sa',
    });
    const foreign = (await world.gitlab('POST', 'service_accounts', { username: 'instance-robot' })) as { id: number };
    await world.make(`users/${String(foreign.id)}/personal_access_tokens`, { name: 'not shown' });
    const bot = [...world.gateway.sandbox.world.users.values()].find(({ username }) => username.startsWith('project_'));
    const asked = ['_gatehouse', 'renamed-robot', 'instance-robot'].map(
      (
        name,
        at,
      ) => `u${String(at)}: user(username: "${name === '_gatehouse' ? `service_account_group_${acme}_gatehouse` : name}")
        { accessTokens { nodes { name kind source { fullPath } } } }`,
    );
    const { data, codes } = await world.ask<Record<string, Listed>>(
      'work',
      `${asked.join(' ')} bot: user(username: "${String(bot?.username)}") { accessTokens { nodes { gitlabId kind source { fullPath } } } }`,
    );
    expect(data).toMatchObject({
      u0: { accessTokens: { nodes: [{ name: 'owner', kind: 'PERSONAL', source: null }] } },
      u1: { accessTokens: { nodes: [{ name: 'sa', kind: 'PERSONAL', source: null }] } },
      u2: { accessTokens: null },
      bot: { accessTokens: { nodes: [{ gitlabId: made.project, kind: 'PROJECT', source: { fullPath: 'acme/api' } }] } },
    });
    expect(codes).toEqual([['u2.accessTokens', 'UPSTREAM_FORBIDDEN']]);
    await world.gitlab(
      'DELETE',
      `groups/${acme}/service_accounts/${String(account.id)}/personal_access_tokens/${own.id}`,
    );
  });
});

describe('the tokens of a bot that is blocked and has a private profile, so that lists of people leave it out', () => {
  it('are told to be those of its group, to an administrator and to who manages the group', async () => {
    const { userId, id } = await world.make(group, { name: 'hidden', access_level: 20 });
    const bot = world.gateway.sandbox.world.users.get(userId);
    if (bot) Object.assign(bot, { state: 'blocked', privateProfile: true });
    for (const connection of ['admin', 'work']) {
      const { data, codes } = await world.ask<{ user: { accessTokens: List } }>(
        connection,
        `user(username: "${String(bot?.username)}") { accessTokens { ${ALL} } }`,
      );
      expect(codes).toEqual([]);
      expect(data.user.accessTokens.nodes).toMatchObject([
        {
          gitlabId: id,
          kind: 'GROUP',
          source: { fullPath: 'acme' },
          accessLevel: 'REPORTER',
          createdBy: { username: 'root' },
        },
      ]);
    }
  });
});

describe('a filter', () => {
  const names = async (filter: string): Promise<string[]> => {
    const { data, codes } = await world.ask<Record<'user', { accessTokens: List }>>(
      'admin',
      `user(username: "olivia") { accessTokens(filter: ${filter}) { nodes { name } totalCount } }`,
    );
    expect(codes).toEqual([]);
    expect(data.user.accessTokens.totalCount).toBeNull();
    return data.user.accessTokens.nodes.map(({ name }) => name);
  };

  it('keeps what works, or what does not, that which ended today included', async () => {
    expect(await names('{ active: true }')).toEqual(['quiet', 'endless']);
    expect(await names('{ active: false }')).toEqual(['dead', 'today']);
  });

  it('keeps what stops working before a day, and never what has no end', async () => {
    expect(await names(`{ expiringBefore: "${world.day(5)}" }`)).toEqual(['dead', 'today']);
    expect(await names(`{ expiringBefore: "${world.day(6)}" }`)).toEqual(['dead', 'today', 'quiet']);
    expect(await names(`{ expiringBefore: "${world.day(6)}", active: true }`)).toEqual(['quiet']);
  });

  it('keeps what was made before or after a moment, and what is unused since one', async () => {
    expect(await names(`{ createdBefore: "${before(1)}" }`)).toEqual(['quiet', 'endless']);
    expect(await names(`{ createdAfter: "${before(70)}" }`)).toEqual(['dead', 'today', 'endless']);
    expect(await names(`{ unusedSince: "${before(30)}" }`)).toEqual(['quiet', 'endless']);
    expect(await names(`{ unusedSince: "${before(50)}" }`)).toEqual(['endless']);
    expect(await names(`{ unusedSince: "${before(70)}" }`)).toEqual([]);
  });

  it('keeps kinds, and asks GitLab for nothing where a place has none such', async () => {
    const { data } = await world.ask<{ group: Listed }>(
      'work',
      'group(fullPath: "acme") { accessTokens(filter: { kinds: [PROJECT, PERSONAL] }) { nodes { name } } }',
    );
    expect(data.group.accessTokens?.nodes).toEqual([]);
    expect(listCalls()).toEqual([]);
    expect(await names('{ kinds: [GROUP] }')).toEqual([]);
  });
});

it('no answer and no line of the log holds the value of a token', () => {
  expect(world.values.length).toBeGreaterThan(10);
  const told = [...world.answered, ...world.gateway.logged].join('\n');
  expect(told).toContain('quiet');
  expect(world.values.filter((value) => told.includes(value))).toEqual([]);
});
