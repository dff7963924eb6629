import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addMember, addUser } from '../../sandbox/model/index.ts';
import { GROUPS } from '../../sandbox/seed/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { endOf, extract, start, storedFacts, until } from './asking.ts';

const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;
const COLLECTED = ['steps', 'groups', 'projects', 'users', 'members', 'shares', 'tokens'] as const;

describe.each(['memory', 'postgres'] as const)('what extractions leave behind, on the %s store', (store) => {
  let gateway: Gateway;
  let connectionId: string;

  beforeAll(async () => {
    gateway = await startGateway({ store, extraction: { keepMs: KEEP_MS } });
    gateway.sandbox.settings({ rateLimits: false });
    connectionId = await gateway.connect({ token: gateway.sandbox.tokens.admin });
  }, 120_000);
  afterAll(() => gateway.close());

  const left = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const what of COLLECTED) {
      const table = what === 'steps' ? 'extraction_steps' : `xstage_${what}`;
      const { rows } = await sql`select 1 from ${sql.table(table)}`.execute(gateway.store().db);
      counts[what] = rows.length;
    }
    return counts;
  };
  const nothing = Object.fromEntries(COLLECTED.map((what) => [what, 0]));
  const nothingLeft = () =>
    until('nothing is left', async () => Object.values(await left()).every((count) => count === 0));
  const runs = async (): Promise<number[]> => {
    const { rows } = await sql<{ run: number }>`select run from extraction_runs order by run`.execute(
      gateway.store().db,
    );
    return rows.map(({ run }) => run);
  };
  const groupsAsOf = async (moment: string) => {
    const { data } = await gateway.query<{ node: { insight: { run: number } | null } }>(
      'query ($id: ID!, $moment: DateTime!) { node(id: $id) { ... on Connection { insight(asOf: $moment) { run } } } }',
      { id: connectionId, moment },
    );
    return data.node.insight?.run ?? null;
  };
  const join = (username: string): void => {
    const { world } = gateway.sandbox;
    const sourceId = world.index.groupByPath.get(GROUPS.design)?.id ?? [...world.groups.keys()][0] ?? 0;
    addMember(world, { sourceKind: 'Group', sourceId, userId: addUser(world, { username }).id, accessLevel: 30 });
  };

  it('of one that is done, cancelled or failed, nothing that it collected and none of its steps is kept', async () => {
    expect((await extract(gateway, connectionId)).status).toBe('DONE');
    await nothingLeft();

    gateway.sandbox.fault({ method: 'GET', path: '/personal_access_tokens', kind: 'delay', delayMs: 600_000 });
    const { extraction } = await start(gateway, { connectionId });
    await until('some steps are kept', async () => ((await left())['steps'] ?? 0) > 3);
    const { errors } = await gateway.query(
      'mutation ($id: ID!) { cancelExtraction(input: { extractionId: $id }) { userErrors { code } } }',
      { id: extraction?.id },
    );
    expect(errors).toEqual([]);
    gateway.sandbox.clearFaults();
    await nothingLeft();
    expect((await endOf(gateway, extraction?.id ?? '')).status).toBe('CANCELLED');

    const { db } = gateway.store();
    await sql`create function refuse_tokens() returns trigger language plpgsql as
      $$ begin raise exception 'The disk is full.'; end $$`.execute(db);
    await sql`create trigger refuse_tokens before insert on xstage_tokens for each row execute function refuse_tokens()`.execute(
      db,
    );
    expect((await extract(gateway, connectionId)).status).toBe('FAILED');
    await sql`drop trigger refuse_tokens on xstage_tokens`.execute(db);
    await nothingLeft();
  }, 120_000);

  it('what a process left that died after the end is found within the hour, and a run under way loses nothing', async () => {
    gateway.sandbox.fault({ method: 'GET', path: '/personal_access_tokens', kind: 'delay', delayMs: 600_000 });
    const { extraction } = await start(gateway, { connectionId });
    await until('some steps are kept', async () => ((await left())['steps'] ?? 0) > 3);
    const before = await left();
    const { db } = gateway.store();
    const [over] = await runs();
    await sql`insert into extraction_steps (run_id, step, state, done)
      select id, 'left', '{}', true from extraction_runs where run = ${over}`.execute(db);
    await sql`insert into xstage_users (run_id, gitlab_id, username, name, state, kind)
      select id, 1, 'left', 'Left', 'ACTIVE', 'HUMAN' from extraction_runs where run = ${over}`.execute(db);
    const leftBehind = async (): Promise<number> => {
      const { rows } = await sql`select 1 from extraction_steps where step = 'left'
        union all select 1 from xstage_users where username = 'left'`.execute(db);
      return rows.length;
    };
    expect(await leftBehind()).toBe(2);
    await gateway.advance(3_600_000);
    await until('what was left is gone', async () => (await leftBehind()) === 0);
    const after = await left();
    for (const what of COLLECTED) expect(after[what]).toBeGreaterThanOrEqual(before[what] ?? 0);
    await gateway.query(
      'mutation ($id: ID!) { cancelExtraction(input: { extractionId: $id }) { userErrors { code } } }',
      {
        id: extraction?.id,
      },
    );
    gateway.sandbox.clearFaults();
    expect(await left()).toEqual(nothing);
  }, 120_000);

  it('the past is kept as far back as the operator says, and the moment where it begins can be asked for', async () => {
    const first = await extract(gateway, connectionId);
    await gateway.advance(DAY_MS);
    join('second.to.come');
    const second = await extract(gateway, connectionId);
    const [early, late] = [first.finishedAt ?? '', second.finishedAt ?? ''];
    await gateway.advance(20 * DAY_MS);
    join('third.to.come');
    const third = await extract(gateway, connectionId);
    const now = await storedFacts(gateway);
    const then = `from_run <= ${String(second.run)} and (to_run is null or to_run > ${String(second.run)})`;
    const thenFacts = await storedFacts(gateway, then);
    expect([await groupsAsOf(early), await groupsAsOf(late)]).toEqual([first.run, second.run]);

    // The first run is older than what is kept, and the second is the one that tells of the moment where that begins.
    await gateway.advance(KEEP_MS - 20 * DAY_MS + 3_600_000);
    await until('the first is gone', async () => !(await runs()).includes(first.run));
    expect(await runs()).toEqual([second.run, third.run]);
    expect([await groupsAsOf(early), await groupsAsOf(late)]).toEqual([null, second.run]);
    expect(await storedFacts(gateway, then)).toEqual(thenFacts);
    expect(await storedFacts(gateway)).toEqual(now);
    const gone = await storedFacts(gateway, `to_run <= ${String(second.run)}`);
    expect(Object.values(gone).flat()).toEqual([]);
  }, 120_000);
});
