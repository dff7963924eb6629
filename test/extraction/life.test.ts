import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addMember, addUser } from '../../sandbox/model/index.ts';
import { GROUPS } from '../../sandbox/seed/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { endOf, extract, see, start, storedFacts, until } from './asking.ts';
import type { Run } from './asking.ts';

const HOUR_MS = 3_600_000;
const LEASE_MS = 60_000;
const ROTATE = `mutation ($id: ID!) {
  rotateHookSecret(input: { connectionId: $id }) { secret path userErrors { code } }
}`;
type Rotated = { rotateHookSecret: { secret: string; path: string } };

describe.each(['memory', 'postgres'] as const)('extractions in the course of time, on the %s store', (store) => {
  let gateway: Gateway;
  let connectionId: string;
  let whole: Run;

  beforeAll(async () => {
    gateway = await startGateway({ store, sandbox: { size: 'small' }, extraction: { everyMs: 24 * HOUR_MS } });
    gateway.sandbox.settings({ rateLimits: false });
    connectionId = await gateway.connect({ token: gateway.sandbox.tokens.admin });
    // The schedule begins the first one by itself, or answers this.
    whole = await extract(gateway, connectionId);
  }, 240_000);
  afterEach(() => {
    gateway.sandbox.clearFaults();
  });
  afterAll(() => gateway.close(), 60_000);

  const groupId = (fullPath: string): number => gateway.sandbox.world.index.groupByPath.get(fullPath)?.id ?? 0;
  const runs = async (where = 'true') => {
    const { rows } = await sql<{ run: number; status: string; requested_by: string; owner: string | null }>`
      select run, status, requested_by, owner from extraction_runs where ${sql.raw(where)} order by id`.execute(
      gateway.store().db,
    );
    return rows;
  };

  it('one that another process left is taken over when its lease has ended, and not before', async () => {
    const before = await storedFacts(gateway);
    gateway.sandbox.fault({ kind: 'delay', delayMs: 600_000, times: 1_000 });
    const { extraction } = await start(gateway, { connectionId });
    const id = extraction?.id ?? '';
    // Another process has it now, and says nothing more.
    await sql`update extraction_runs set owner = 'elsewhere', lease_until = ${new Date(Date.now() + LEASE_MS)}
      where status = 'RUNNING'`.execute(gateway.store().db);
    gateway.sandbox.clearFaults();
    await gateway.advance(1_000);
    expect(await runs(`status = 'RUNNING'`)).toEqual([expect.objectContaining({ owner: 'elsewhere' })]);
    expect((await see(gateway, id)).status).toBe('RUNNING');
    await until('it is taken over and ended', async () => {
      if ((await runs(`owner = 'elsewhere'`)).length > 0) await gateway.advance(LEASE_MS);
      return (await see(gateway, id)).status !== 'RUNNING';
    });
    expect((await endOf(gateway, id)).status).toBe('DONE');
    expect(await storedFacts(gateway)).toEqual(before);
  }, 240_000);

  it('a changed source that a hook names is read again, and nothing else', async () => {
    const { data } = await gateway.query<Rotated>(ROTATE, { id: connectionId });
    const { secret, path } = data.rotateHookSecret;
    const { world } = gateway.sandbox;
    const [named, unnamed] = [groupId(GROUPS.design), groupId(GROUPS.everyone)];
    const [one, other] = [
      addUser(world, { username: 'named.by.hook' }),
      addUser(world, { username: 'told.by.nobody' }),
    ];
    addMember(world, { sourceKind: 'Group', sourceId: named, userId: one.id, accessLevel: 30 });
    addMember(world, { sourceKind: 'Group', sourceId: unnamed, userId: other.id, accessLevel: 30 });
    const before = await storedFacts(gateway);
    const response = await fetch(`${gateway.url()}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gitlab-event': 'System Hook', 'x-gitlab-token': secret },
      body: JSON.stringify({
        event_name: 'user_add_to_group',
        group_id: named,
        user_id: one.id,
        group_access: 'Developer',
      }),
    });
    expect(response.status).toBeLessThan(300);
    const marks = async () => (await sql`select 1 from extraction_marks`.execute(gateway.store().db)).rows.length;
    await until('the change is noted', async () => (await marks()) === 1);
    const run = await extract(gateway, connectionId, 'INCREMENTAL');
    expect(run).toMatchObject({ status: 'DONE', mode: 'INCREMENTAL', total: 1, done: 1 });
    expect(run.calls).toBeLessThan(whole.calls / 2);
    expect(await marks()).toBe(0);
    const after = await storedFacts(gateway);
    expect(after.members.filter((line) => !before.members.includes(line))).toEqual([
      expect.stringMatching(new RegExp(`^group ${String(named)} ${String(one.id)} 30 `)),
    ]);
    expect(before.members.filter((line) => !after.members.includes(line))).toEqual([]);
    expect({ ...after, members: [], users: [] }).toEqual({ ...before, members: [], users: [] });
  }, 240_000);

  it('the schedule begins one when it is due, and none before', async () => {
    const before = await runs();
    await gateway.advance(HOUR_MS);
    expect(await runs()).toHaveLength(before.length);
    await gateway.advance(24 * HOUR_MS);
    await until('the scheduled one is done', async () => {
      const [latest] = (await runs()).slice(before.length);
      return latest?.status === 'DONE';
    });
    expect((await runs()).at(-1)).toMatchObject({ run: before.length + 1, requested_by: 'schedule' });
  }, 240_000);

  it('what was read goes with its connection', async () => {
    expect((await storedFacts(gateway, 'true')).members.length).toBeGreaterThan(0);
    const { errors } = await gateway.query(
      'mutation ($id: ID!) { deleteConnection(input: { connectionId: $id }) { userErrors { message } } }',
      { id: connectionId },
    );
    expect(errors).toEqual([]);
    expect(Object.values(await storedFacts(gateway, 'true')).flat()).toEqual([]);
    expect(await runs()).toEqual([]);
  }, 120_000);

  it("an Owner's token has its groups and all below them read, and nothing of others", async () => {
    connectionId = await gateway.connect({ name: 'owner', token: gateway.sandbox.tokens.owner });
    const run = await extract(gateway, connectionId);
    expect(run.status).toBe('DONE');
    const { world } = gateway.sandbox;
    const owner = [...world.tokens.values()].find(({ value }) => value === gateway.sandbox.tokens.owner)?.userId;
    const rows = [...world.members.values()].filter(({ userId }) => userId === owner);
    const own = new Set(rows.flatMap(({ sourceKind, sourceId }) => (sourceKind === 'Group' ? [sourceId] : [])));
    const isBelow = (id: number | null): boolean => {
      const group = id === null ? undefined : world.groups.get(id);
      return group !== undefined && (own.has(group.id) || isBelow(group.parentId));
    };
    const expected = [...world.groups.values()].filter(({ id }) => isBelow(id)).map(({ fullPath }) => fullPath);
    const facts = await storedFacts(gateway);
    expect(facts.groups.map((line) => line.split(' ')[2]).sort()).toEqual(expected.sort());
    expect(expected.length).toBeLessThan(world.groups.size);
  }, 240_000);
});
