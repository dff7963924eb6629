import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, PROJECTS, TOKENS, USERS } from '../../sandbox/seed/names.ts';
import { startGateway, type Gateway } from '../support/gateway.ts';

type Row = {
  kind: string;
  accessLevelValue: number;
  user: { username: string; state: string };
  source: { fullPath: string } | null;
};
type Page = { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
type Access = { accessLevelValue: number; pathsComplete: boolean; paths: Row[] };

const ROW = 'kind accessLevelValue user { username state } source { fullPath }';
const PAGE = `{ nodes { ${ROW} } pageInfo { hasNextPage endCursor } }`;

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ store: 'memory', sandbox: { size: 'medium' } });
  await gateway.connect({ name: 'owner' });
  await gateway.connect({ name: 'admin', token: TOKENS.admin });
}, 120_000);
afterEach(() => {
  gateway.sandbox.clearFaults();
});
afterAll(() => gateway.close());

async function ask<T>(name: string, selection: string) {
  gateway.clearCalls();
  const { data, errors } = await gateway.query<{ connection: T }>(`{ connection(name: "${name}") { ${selection} } }`);
  return { data: data.connection, errors, calls: gateway.calls() };
}

async function members(name: string, where: string, args = 'kinds: [DIRECT, INHERITED, SHARED]'): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = '', more = true; more;) {
    const { data, errors } = await ask<{ it: { members: Page } }>(
      name,
      `it: ${where} { members(${args} first: 100${after}) ${PAGE} }`,
    );
    expect(errors).toEqual([]);
    rows.push(...data.it.members.nodes);
    more = data.it.members.pageInfo.hasNextPage;
    after = ` after: "${data.it.members.pageInfo.endCursor ?? ''}"`;
  }
  return rows;
}

function of(username: string, rows: readonly Row[]): [string, number, string | null][] {
  return rows
    .filter(({ user }) => user.username === username)
    .map(({ kind, accessLevelValue, source }) => [kind, accessLevelValue, source?.fullPath ?? null]);
}

async function access(name: string, project: string, username: string) {
  const { data, errors, calls } = await ask<{ project: { access: Access } }>(
    name,
    `project(fullPath: "${project}") { access(user: { username: "${username}" }) {
      accessLevelValue pathsComplete paths { ${ROW} } } }`,
  );
  expect(errors).toEqual([]);
  const { accessLevelValue, pathsComplete, paths } = data.project.access;
  return { level: accessLevelValue, complete: pathsComplete, paths: of(username, paths), calls };
}

describe.each(['owner', 'admin'])('reading GitLab with the token of an %s', (name) => {
  const isAdmin = name === 'admin';

  it('keeps the direct, inherited and shared rows of one person apart, each with its source', async () => {
    const rows = await members(name, `group(fullPath: "${GROUPS.payments}")`);
    expect(of(USERS.carol, rows)).toEqual([
      ['DIRECT', 40, GROUPS.payments],
      ['INHERITED', 20, GROUPS.platform],
      // The owner may not read partners, and GitLab tells it of no other row of carol's than the highest.
      ...(isAdmin ? [['SHARED', 30, GROUPS.partners]] : []),
    ]);
    expect(of(USERS.paul, rows)).toEqual([['SHARED', 30, isAdmin ? GROUPS.partners : null]]);
  });

  it('keeps them apart on a project, where GitLab mixes them, with the level of each row', async () => {
    const rows = await members(name, `project(fullPath: "${PROJECTS.api}")`);
    expect(of(USERS.heidi, rows)).toEqual([['DIRECT', 20, PROJECTS.api]]);
    expect(of(USERS.erin, rows)).toEqual([['INHERITED', 30, GROUPS.payments]]);
    expect(of(USERS.carol, rows).slice(0, 1)).toEqual([['INHERITED', 40, GROUPS.payments]]);
    expect(of(USERS.ivan, rows)).toEqual([['SHARED', 20, isAdmin ? GROUPS.contractors : null]]);
    expect(of(USERS.frank, rows)).toEqual([]);
  });

  it('lists people who are blocked or deactivated, also when levels are filtered', async () => {
    const where = `group(fullPath: "${GROUPS.platform}")`;
    const rows = await members(name, where, 'kinds: [DIRECT], accessLevels: [DEVELOPER, REPORTER]');
    expect(rows.find(({ user }) => user.username === USERS.dave)?.user.state).toBe('BLOCKED');
    expect(rows.find(({ user }) => user.username === USERS.dina)?.user.state).toBe('DEACTIVATED');
    expect(new Set(rows.map(({ accessLevelValue }) => accessLevelValue))).toEqual(new Set([20, 30]));
  });

  it('reads a list of over a thousand to its end, everybody once', async () => {
    const rows = await members(name, `group(fullPath: "${GROUPS.everyone}")`, 'kinds: [DIRECT]');
    const people = new Set(rows.map(({ user }) => user.username));
    const { world } = gateway.sandbox;
    const group = [...world.groups.values()].find(({ fullPath }) => fullPath === GROUPS.everyone);
    const expected = [...world.members.values()].filter(
      ({ sourceKind, sourceId, requestedAt }) =>
        sourceKind === 'Group' && sourceId === group?.id && requestedAt === null,
    );
    expect(expected.length).toBeGreaterThan(1000);
    expect([people.size, rows.length]).toEqual([expected.length, expected.length]);
  });

  it('takes at most 3 calls for the direct and inherited members of 20 groups by path, on a new connection too', async () => {
    const known = await ask<{ groups: { nodes: { fullPath: string }[] } }>(
      name,
      'groups(first: 20) { nodes { fullPath } }',
    );
    const paths = known.data.groups.nodes.map(({ fullPath }) => JSON.stringify(fullPath)).join(' ');
    await gateway.connect({ name: `${name} for groups`, token: isAdmin ? TOKENS.admin : TOKENS.owner });
    const { data, errors, calls } = await ask<{ groups: { nodes: { members: Page }[] } }>(
      `${name} for groups`,
      `groups(fullPaths: [${paths}]) { nodes { members ${PAGE} } }`,
    );
    expect(errors).toEqual([]);
    expect(data.groups.nodes.length).toBe(20);
    expect(calls).toBeLessThanOrEqual(3);
  });

  it('takes at most 6 calls for the access of one user to a project four groups deep, on a new connection too', async () => {
    await gateway.connect({ name: `${name} for access`, token: isAdmin ? TOKENS.admin : TOKENS.owner });
    const { calls, ...found } = await access(`${name} for access`, PROJECTS.ledgerApi, USERS.bob);
    expect(found).toEqual({ level: 30, complete: true, paths: [['INHERITED', 30, GROUPS.platform]] });
    expect(calls).toBeLessThanOrEqual(6);
    expect((await access(name, PROJECTS.ledgerApi, USERS.niaj)).calls).toBeLessThanOrEqual(6);
  });

  it('asks once for the access of many people to one group, and answers each as by itself', async () => {
    const usernames = Object.values(USERS).slice(0, 12);
    const where = `group(fullPath: "${GROUPS.platform}")`;
    type Level = { accessLevelValue: number; pathsComplete: boolean };
    const shown = '{ accessLevelValue pathsComplete }';
    const { data, errors } = await ask<{ group: Record<string, Level> }>(
      name,
      `${where} { ${usernames.map((username, index) => `u${String(index)}: access(user: { username: "${username}" }) ${shown}`).join(' ')} }`,
    );
    expect(errors).toEqual([]);
    const everybody = gateway.sandbox.calls().filter(({ path }) => path.includes('/members/all'));
    expect(everybody).toHaveLength(isAdmin ? 0 : 1);
    for (const [index, username] of usernames.entries()) {
      const alone = await ask<{ group: { access: Level } }>(
        name,
        `${where} { access(user: { username: "${username}" }) ${shown} }`,
      );
      expect(data.group[`u${String(index)}`]).toEqual(alone.data.group.access);
    }
    expect(new Set(Object.values(data.group).map(({ accessLevelValue }) => accessLevelValue)).size).toBeGreaterThan(2);
  });

  it('says where the paths do not explain the access', async () => {
    expect(await access(name, PROJECTS.api, USERS.ivan)).toMatchObject(
      isAdmin
        ? { level: 20, complete: true, paths: [['SHARED', 20, GROUPS.contractors]] }
        : { level: 20, complete: false, paths: [] },
    );
  });

  it.each([
    [USERS.dave, [GROUPS.platform]],
    [USERS.grace, [GROUPS.design]],
    [USERS.niaj, []],
  ])('finds the memberships of %s, blocked or private as they may be', async (username, expected) => {
    const { data, errors } = await ask<{ user: { memberships: Page } }>(
      name,
      `user(username: "${username}") { memberships(first: 50) ${PAGE} }`,
    );
    expect(errors).toEqual([]);
    expect(data.user.memberships.nodes.map(({ source }) => source?.fullPath)).toEqual(expected);
  });

  it('reads a custom role when it is asked for', async () => {
    const { data } = await ask<{ group: { members: { nodes: unknown[] } } }>(
      name,
      `group(fullPath: "${GROUPS.design}") { members(search: "${USERS.peggy}") {
        nodes { user { username } memberRole { name baseAccessLevel } } } }`,
    );
    expect(data.group.members.nodes).toEqual([
      { user: { username: USERS.peggy }, memberRole: { name: 'Incident Responder', baseAccessLevel: 'REPORTER' } },
    ]);
  });

  it('answers what GitLab could not as an error on its field, and the rest in full', async () => {
    gateway.sandbox.fault({ method: 'GET', path: '/members\\?', kind: '503', times: 9 });
    const { data, errors } = await ask<{ group: { name: string; members: { nodes: Record<string, unknown>[] } } }>(
      name,
      `group(fullPath: "${GROUPS.design}") { name members(search: "${USERS.peggy}") {
        nodes { user { username } memberRole { name } } } }`,
    );
    expect(data.group).toEqual({
      name: 'Design',
      members: { nodes: [{ user: { username: USERS.peggy }, memberRole: null }] },
    });
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ['memberRole', 'UPSTREAM_UNAVAILABLE'],
    ]);
  });
});

it('shows an owner its reach, and an administrator the instance; a look-up by path answers beyond the reach', async () => {
  const count = async (name: string): Promise<number> =>
    (await ask<{ groups: { totalCount: number } }>(name, 'groups(first: 1) { totalCount }')).data.groups.totalCount;
  expect(await count('owner')).toBeLessThan(await count('admin'));
  const { data } = await ask(
    'owner',
    `library: group(fullPath: "${GROUPS.library}") { fullPath } shadow: group(fullPath: "${GROUPS.shadow}") { fullPath }`,
  );
  expect(data).toEqual({ library: { fullPath: GROUPS.library }, shadow: null });
});
