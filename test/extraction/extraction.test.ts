import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { addMember, addMemberRole, addToken, addUser, isActive } from '../../sandbox/model/index.ts';
import { defaultGraphQLSettings } from '../../sandbox/graphql/index.ts';
import { GROUPS, USERS } from '../../sandbox/seed/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { endOf, extract, modelFacts, see, start, storedFacts } from './asking.ts';
import type { Facts } from './asking.ts';

const PAGE = 100;
const LISTS = 4;
const SOURCES_IN_A_LOT = 20;
const LOTS_AT_ONCE = 4;
const STORES = ['memory', 'postgres'] as const;

describe.each(STORES)('an extraction, on the %s store', (store) => {
  const graphql = defaultGraphQLSettings();
  let gateway: Gateway;
  let connectionId: string;

  beforeAll(async () => {
    gateway = await startGateway({ store, sandbox: { size: 'small', graphql } });
    gateway.sandbox.settings({ rateLimits: false });
    connectionId = await gateway.connect({ token: gateway.sandbox.tokens.admin });
  }, 120_000);
  afterEach(() => {
    gateway.sandbox.clearFaults();
  });
  afterAll(() => gateway.close());

  const model = (): Facts => {
    const { world } = gateway.sandbox;
    return modelFacts(world, (id) => {
      const token = world.tokens.get(id);
      return token !== undefined && isActive(world, token);
    });
  };
  const groupId = (fullPath: string): number => gateway.sandbox.world.index.groupByPath.get(fullPath)?.id ?? 0;

  it('holds every fact that GitLab holds, row by row, in few calls', async () => {
    const run = await extract(gateway, connectionId);
    expect(run).toMatchObject({ status: 'DONE', mode: 'FULL', problem: null, unknownSources: { totalCount: 0 } });
    expect(run.total).toBe(gateway.sandbox.world.groups.size + gateway.sandbox.world.projects.size);
    expect(run.done).toBe(run.total);
    expect(await storedFacts(gateway)).toEqual(model());
    // By REST only what GraphQL showed a need of: custom roles stand on Reporter here.
    const { members, shares, tokens } = model();
    const sourceOf = (text: string): string => text.split(' ').slice(0, 2).join(' ');
    const reporters = members.filter((text) => text.split(' ')[3] === '20').map(sourceOf);
    const bots = tokens.filter((text) => !text.startsWith('PERSONAL'));
    const byRest = new Set(reporters).size + new Set(shares.map(sourceOf)).size + bots.length;
    const roots = [...gateway.sandbox.world.groups.values()].filter(({ parentId }) => parentId === null);
    const alone = { probeAndTokens: 2, listsMembersPeopleAndRoles: 14, whoWaits: roots.length };
    const allowed = Object.values(alone).reduce((sum, calls) => sum + calls, byRest);
    expect(run.calls).toBeLessThanOrEqual(allowed);
    const held = gateway.logged
      .filter((text) => text.includes('rowsHeldAtMost'))
      .map((text) => JSON.parse(text) as object);
    expect(held).toHaveLength(1);
    // A page of each list, and the lots of members that are under way, however much there is to read.
    const mostRows = Number((held[0] as { rowsHeldAtMost?: unknown }).rowsHeldAtMost);
    expect(mostRows).toBeGreaterThan(0);
    expect(mostRows).toBeLessThanOrEqual(PAGE * (LISTS + SOURCES_IN_A_LOT * LOTS_AT_ONCE));
  }, 120_000);

  it('changes only what has changed since, and keeps what was true before under the runs before', async () => {
    const before = await storedFacts(gateway);
    const { world } = gateway.sandbox;
    const joins = addUser(world, { username: 'joins.later' });
    addMember(world, { sourceKind: 'Group', sourceId: groupId(GROUPS.design), userId: joins.id, accessLevel: 30 });
    const leaves = [...world.members.values()].find(({ sourceId }) => sourceId === groupId(GROUPS.everyone));
    const raised = [...world.members.values()].find(
      ({ sourceKind, accessLevel }) => sourceKind === 'Project' && accessLevel < 40,
    );
    if (leaves === undefined || raised === undefined) throw new Error('The small world has changed.');
    const control = await fetch(
      `${gateway.sandbox.url}/api/v4/groups/${String(leaves.sourceId)}/members/${String(leaves.userId)}`,
      {
        method: 'DELETE',
        headers: { 'private-token': gateway.sandbox.tokens.admin },
      },
    );
    expect(control.status).toBe(204);
    raised.accessLevel = 40;
    const { run } = await extract(gateway, connectionId);
    expect(await storedFacts(gateway)).toEqual(model());
    expect((await storedFacts(gateway, `from_run = ${String(run)}`)).members).toHaveLength(2);
    expect((await storedFacts(gateway, `to_run = ${String(run)}`)).members).toHaveLength(2);
    const past = await storedFacts(
      gateway,
      `from_run < ${String(run)} and (to_run is null or to_run >= ${String(run)})`,
    );
    expect(past).toEqual(before);
  }, 120_000);

  it('custom roles are read where there can be one, and bots of tokens bring their tokens', async () => {
    const { world } = gateway.sandbox;
    const role = addMemberRole(world, {
      groupId: null,
      name: 'Auditor of planets',
      description: '',
      baseAccessLevel: 20,
      permissions: [],
    });
    const row = [...world.members.values()].find(({ accessLevel }) => accessLevel === 20);
    if (row === undefined) throw new Error('Nobody is a Reporter.');
    row.memberRoleId = role.id;
    const bot = addUser(world, { username: `group_${String(groupId(GROUPS.design))}_bot_1`, userType: 'project_bot' });
    addMember(world, { sourceKind: 'Group', sourceId: groupId(GROUPS.design), userId: bot.id, accessLevel: 30 });
    addToken(world, { userId: bot.id, name: 'deploys', scopes: ['read_api'] });
    const run = await extract(gateway, connectionId);
    expect(run).toMatchObject({ status: 'DONE', unknownSources: { totalCount: 0 } });
    expect(await storedFacts(gateway)).toEqual(model());
  }, 120_000);

  it('a row that waits for a seat is not taken for access, whatever its level, and the other rows of its user are', async () => {
    const { world } = gateway.sandbox;
    const before = await storedFacts(gateway);
    const of = (userId: number) => [...world.members.values()].filter((row) => row.userId === userId);
    const row = [...world.members.values()].find(
      ({ accessLevel, userId, sourceKind }) => accessLevel === 40 && sourceKind === 'Project' && of(userId).length > 1,
    );
    if (row === undefined) throw new Error('No Maintainer has two rows.');
    row.state = 'awaiting';
    const run = await extract(gateway, connectionId);
    row.state = 'active';
    expect(run).toMatchObject({ status: 'DONE', unknownSources: { totalCount: 0 } });
    const after = await storedFacts(gateway);
    const gone = before.members.filter((line) => !after.members.includes(line));
    expect(gone).toEqual([
      expect.stringMatching(new RegExp(`^project ${String(row.sourceId)} ${String(row.userId)} 40 `)),
    ]);
    expect(after.members).toHaveLength(before.members.length - 1);
    await extract(gateway, connectionId);
    expect(await storedFacts(gateway)).toEqual(before);
  }, 120_000);

  it('S37: who waits for a seat is listed as unknown where GitLab could not tell it', async () => {
    gateway.sandbox.fault({ method: 'GET', path: '/pending_members', kind: 'refuse', status: 500, times: 1_000 });
    const run = await extract(gateway, connectionId);
    expect(run.status).toBe('DONE');
    expect(run.unknownSources.nodes).toContainEqual(expect.objectContaining({ kind: 'LIST', what: 'MEMBERS' }));
  }, 120_000);

  it('S37: a source that cannot be read is listed with its cause, and what was known of it stays', async () => {
    const before = await storedFacts(gateway);
    const design = String(groupId(GROUPS.design));
    gateway.sandbox.fault({
      method: 'GET',
      path: `/groups/${design}/access_tokens`,
      kind: 'refuse',
      status: 403,
      times: 100,
    });
    gateway.sandbox.fault({ method: 'GET', path: '/projects/[0-9]+$', kind: 'refuse', status: 403, times: 100 });
    const run = await extract(gateway, connectionId);
    expect(run.status).toBe('DONE');
    const unknown = run.unknownSources.nodes;
    expect(unknown).toContainEqual(
      expect.objectContaining({
        kind: 'GROUP',
        gitlabId: design,
        fullPath: GROUPS.design,
        what: 'TOKENS',
        cause: expect.stringContaining('FORBIDDEN'),
      }),
    );
    expect(unknown.filter(({ kind, what }) => kind === 'PROJECT' && what === 'SHARES').length).toBeGreaterThan(0);
    expect(await storedFacts(gateway)).toEqual(before);
  }, 120_000);

  it('S37: members that GitLab has no time to tell are not taken for none', async () => {
    const before = await storedFacts(gateway);
    graphql.timeouts.add('Group.groupMembers');
    const run = await extract(gateway, connectionId);
    graphql.timeouts.clear();
    expect(run.status).toBe('DONE');
    const groups = run.unknownSources.nodes.filter(({ kind, what }) => kind === 'GROUP' && what === 'MEMBERS');
    expect(groups).toHaveLength(gateway.sandbox.world.groups.size);
    expect(await storedFacts(gateway)).toEqual(before);
  }, 120_000);

  it('S37: a list that breaks off for good ends nothing of what was known', async () => {
    const before = await storedFacts(gateway);
    graphql.timeouts.add('Query.projects');
    const run = await extract(gateway, connectionId);
    graphql.timeouts.clear();
    expect(run.status).toBe('DONE');
    expect(run.unknownSources.nodes).toContainEqual(expect.objectContaining({ kind: 'LIST', what: 'PROJECTS' }));
    expect(await storedFacts(gateway)).toEqual(before);
  }, 120_000);

  it('one is under way at a time: who starts a second is answered the first', async () => {
    gateway.sandbox.fault({ kind: 'delay', delayMs: 600_000, times: 1_000 });
    const first = await start(gateway, { connectionId });
    const second = await start(gateway, { connectionId });
    expect(second.extraction?.id).toBe(first.extraction?.id);
    expect(second.extraction?.status).toBe('RUNNING');
    gateway.sandbox.clearFaults();
    expect((await endOf(gateway, first.extraction?.id ?? '')).status).toBe('DONE');
  }, 120_000);

  it('one that was cancelled leaves nothing behind', async () => {
    const before = await storedFacts(gateway);
    gateway.sandbox.fault({ kind: 'delay', delayMs: 600_000, times: 1_000 });
    const { extraction } = await start(gateway, { connectionId });
    const id = extraction?.id ?? '';
    await gateway.query(
      'mutation ($id: ID!) { cancelExtraction(input: { extractionId: $id }) { userErrors { code } } }',
      { id },
    );
    gateway.sandbox.clearFaults();
    expect((await see(gateway, id)).status).toBe('CANCELLED');
    expect(await storedFacts(gateway)).toEqual(before);
    expect((await extract(gateway, connectionId)).status).toBe('DONE');
  }, 120_000);

  it('a token that GitLab no longer takes ends it, with the reason, and nothing of it is kept', async () => {
    const before = await storedFacts(gateway);
    const { world } = gateway.sandbox;
    const owner = [...world.users.values()].find(({ username }) => username === USERS.root);
    const token = addToken(world, { userId: owner?.id ?? 0, scopes: ['api', 'admin_mode'] });
    const other = await gateway.connect({ name: 'dying', token: token.value });
    token.revoked = true;
    const run = await extract(gateway, other);
    expect(run).toMatchObject({ status: 'FAILED', problem: expect.any(String) });
    expect(await storedFacts(gateway)).toEqual(before);
  }, 120_000);
});
