import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addUser, isActive } from '../../sandbox/model/index.ts';
import type { World } from '../../sandbox/model/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { endOf, extract, modelFacts, see, start, storedFacts, until } from './asking.ts';
import type { Facts, Run } from './asking.ts';

const LONG = { kind: 'delay', delayMs: 600_000, times: 1_000 } as const;
const PEOPLE = 350;
const PAGE = 100;
/** A new client asks once who it is and what GitLab this is. */
const LEARNS = 1;
/** Groups, projects and people: of each the page that was under way is asked for again. */
const LISTS = 3;

type Place = { kind: 'group' | 'project'; id: number };

/** The sources that were invited into, in the order and in the lots of five in which a run reads them. */
function invitedLots(world: World): Place[][] {
  const ids = (kind: Place['kind']): number[] => [
    ...new Set(
      [...world.links.values()].flatMap((one) => (one.sharedKind.toLowerCase() === kind ? [one.sharedId] : [])),
    ),
  ];
  const places = (['group', 'project'] as const).flatMap((kind) =>
    ids(kind)
      .sort((a, b) => a - b)
      .map((id) => ({ kind, id })),
  );
  return places.flatMap((_, at) => (at % 5 === 0 ? [places.slice(at, at + 5)] : []));
}

describe.each(['folder', 'postgres'] as const)('an extraction whose gateway ends, on the %s store', (store) => {
  let gateway: Gateway;
  let connectionId: string;
  let whole: Run;
  let wholeSteps: string[];

  /** The steps go when their run ends, so the database itself notes each that is done, as often as it is. */
  const noteSteps = async (): Promise<void> => {
    const { db } = gateway.store();
    await sql`create table noted (run_id bigint, step text)`.execute(db);
    await sql`create function note_step() returns trigger language plpgsql as
      $$ begin insert into noted values (new.run_id, new.step); return null; end $$`.execute(db);
    await sql`create trigger note_step after insert or update on extraction_steps for each row when (new.done)
      execute function note_step()`.execute(db);
  };
  const doneSteps = async (runId: string): Promise<string[]> => {
    const { rows } = await sql<{ step: string }>`select step from noted where run_id = ${runId}`.execute(
      gateway.store().db,
    );
    return rows.map(({ step }) => step).sort();
  };
  /** The number of the run in the store, which its global id wraps. */
  const rowOf = async (run: Run): Promise<string> =>
    (
      await gateway
        .store()
        .db.selectFrom('extraction_runs')
        .select('id')
        .where('run', '=', run.run)
        .executeTakeFirstOrThrow()
    ).id;
  const begin = async (): Promise<Run> => {
    const { extraction } = await start(gateway, { connectionId });
    if (extraction === null) throw new Error('The extraction did not begin.');
    return extraction;
  };
  const model = (): Facts => {
    const { world } = gateway.sandbox;
    return modelFacts(world, (id) => {
      const token = world.tokens.get(id);
      return token !== undefined && isActive(world, token);
    });
  };
  const keptPeople = async (runId: string): Promise<number> => {
    const { count } = await gateway
      .store()
      .db.selectFrom('xstage_users')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('run_id', '=', runId)
      .executeTakeFirstOrThrow();
    return Number(count);
  };

  beforeAll(async () => {
    gateway = await startGateway({ store, sandbox: { size: 'small' } });
    gateway.sandbox.settings({ rateLimits: false });
    for (let made = 0; made < PEOPLE; made += 1) addUser(gateway.sandbox.world, { username: `crowd${String(made)}` });
    connectionId = await gateway.connect({ token: gateway.sandbox.tokens.admin });
    await noteSteps();
    whole = await extract(gateway, connectionId);
    wholeSteps = await doneSteps(await rowOf(whole));
  }, 240_000);
  afterEach(() => {
    gateway.sandbox.clearFaults();
  });
  afterAll(() => gateway.close(), 60_000);

  it('goes on with the step that was under way, and asks for nothing else again', async () => {
    expect(whole.status).toBe('DONE');
    const lot = invitedLots(gateway.sandbox.world).at(-1) ?? [];
    const [first] = lot;
    if (first === undefined) throw new Error('Nothing is shared in the small world.');
    const pathOf = ({ kind, id }: Place): string => `/api/v4/${kind}s/${String(id)}`;
    gateway.sandbox.fault({ ...LONG, method: 'GET', path: `^${pathOf(first)}([?]|$)` });
    const run = await begin();
    const rowId = await rowOf(run);
    const others = wholeSteps.filter((step) => step !== `shares/${first.kind}/${String(first.id)}`);
    expect(others).toHaveLength(wholeSteps.length - 1);
    await until('all else is kept', async () => (await doneSteps(rowId)).length === others.length);
    expect(await doneSteps(rowId)).toEqual(others);
    // The answer is held still: the gateway ends all the same, and the next one takes the run up.
    await gateway.restart();
    const left = await see(gateway, run.id);
    gateway.clearCalls();
    gateway.sandbox.clearFaults();
    const ended = await endOf(gateway, run.id);
    expect(ended).toMatchObject({ status: 'DONE', unknownSources: { totalCount: 0 } });
    expect(ended).toMatchObject({ done: whole.total, total: whole.total });
    expect(await doneSteps(rowId)).toEqual(wholeSteps);
    const asked = gateway.sandbox.calls();
    const byRest = asked.map(({ path }) => path).filter((path) => path.startsWith('/api/v4/'));
    expect([...new Set(byRest)].sort()).toEqual(lot.map(pathOf).sort());
    expect(ended.calls - left.calls).toBeLessThanOrEqual(lot.length + LEARNS);
    expect(asked.filter(({ path }) => path === '/api/graphql').length).toBeLessThanOrEqual(LEARNS);
    expect(await storedFacts(gateway)).toEqual(model());
  }, 240_000);

  it('goes on with a list at the page that was not kept yet', async () => {
    gateway.sandbox.fault({ path: '^/api/graphql', kind: 'delay', delayMs: 0, times: 3 });
    gateway.sandbox.fault({ ...LONG, path: '^/api/graphql' });
    const run = await begin();
    const rowId = await rowOf(run);
    await until('two pages are kept', async () => (await keptPeople(rowId)) >= 2 * PAGE);
    await gateway.restart();
    const kept = await keptPeople(rowId);
    expect(kept).toBeLessThan(gateway.sandbox.world.users.size);
    const left = await see(gateway, run.id);
    gateway.sandbox.clearFaults();
    const ended = await endOf(gateway, run.id);
    expect(ended).toMatchObject({ status: 'DONE', unknownSources: { totalCount: 0 } });
    // Pages that were kept are not read again: all calls together are those of a run that nothing came between, and what was under way.
    expect(left.calls).toBeGreaterThanOrEqual(2);
    expect(ended.calls).toBeLessThanOrEqual(whole.calls + LEARNS + LISTS);
    expect(await storedFacts(gateway)).toEqual(model());
  }, 240_000);
});
