import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { startChild } from '../../bench/child.ts';
import type { Child } from '../../bench/child.ts';
import { addUser, isActive } from '../../sandbox/model/index.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { queryAt } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { freshDatabase } from '../support/postgres.ts';
import { openTestStore } from '../support/stores.ts';
import { endOf, modelFacts, see, start, storedFacts, until } from './asking.ts';
import type { Facts, Run } from './asking.ts';

const PEOPLE = 350;
/** Questions that GitLab answers before it falls silent: those of connecting, and some pages of the lists of places and people. */
const ANSWERED = 12;
const SILENT = { kind: 'delay', delayMs: 600_000, times: 1_000 } as const;
const KEY = randomBytes(24).toString('base64url');
const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const clockShiftMs = (): number => 0;
const FACTS = ['groups', 'projects', 'users', 'members', 'shares', 'tokens'] as const;

type Process = Pick<Gateway, 'query'> & Child;

let sandbox: Sandbox;
let dataDir: string;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  sandbox = await startSandbox({ size: 'small', settings: { rateLimits: false } });
  dataDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-killed-'));
  for (let made = 0; made < PEOPLE; made += 1) addUser(sandbox.world, { username: `crowd${String(made)}` });
}, 60_000);
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

/** A gateway in a process of its own, as an operator starts it. */
async function startProcess(environment: Record<string, string>): Promise<Process> {
  const child = await startChild({
    script: 'src/main.ts',
    nodeFlags: ['--no-warnings'],
    environment: {
      PORT: '0',
      DATA_DIR: dataDir,
      GATEHOUSE_KEY: ENCRYPTION_KEY,
      GATEHOUSE_ADMIN_KEY: KEY,
      ALLOW_INSECURE_GITLAB: 'true',
      ALLOW_PRIVATE_GITLAB: 'true',
      LOG_LEVEL: 'error',
      ...environment,
    },
    ready: /answers at (\S+)\/graphql/,
  });
  ends.push(() => child.kill());
  return { ...child, query: queryAt(() => child.said[1] ?? '', KEY) };
}

async function connect(gateway: Process): Promise<string> {
  type Saved = { saveConnection: { connection: { id: string } } };
  const { data } = await gateway.query<Saved>(
    'mutation ($input: SaveConnectionInput!) { saveConnection(input: $input) { connection { id } } }',
    { input: { name: 'sandbox', baseUrl: sandbox.url, token: sandbox.tokens.admin } },
  );
  return data.saveConnection.connection.id;
}

/** The database notes by itself every row that is collected and every step as it is kept, since both go in the end. */
async function noteAll({ db }: Store): Promise<void> {
  await sql`create table noted (what text, noted text)`.execute(db);
  await sql`create function note() returns trigger language plpgsql as
    $$ begin insert into noted values (tg_table_name, new::text); return null; end $$`.execute(db);
  for (const table of ['extraction_steps', ...FACTS.map((fact) => `xstage_${fact}`)]) {
    await sql`create trigger note after insert or update on ${sql.table(table)} for each row execute function note()`.execute(
      db,
    );
  }
}

async function noted({ db }: Store): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`select concat(what, ' ', noted) as line from noted`.execute(db);
  return rows.map(({ line }) => line).sort();
}

const twice = (lines: readonly string[]): string[] => lines.filter((line, at) => line === lines[at - 1]);
const rowsIn = (lines: readonly string[], table: string): number =>
  lines.filter((line) => line.startsWith(`${table} `)).length;
const peopleIn = (lines: readonly string[]): number => rowsIn(lines, 'xstage_users');
const membersIn = (lines: readonly string[]): number => rowsIn(lines, 'xstage_members');

function model(): Facts {
  const { world } = sandbox;
  return modelFacts(world, (id) => {
    const token = world.tokens.get(id);
    return token !== undefined && isActive(world, token);
  });
}

/** How many rows of each kind hold, told in one statement. */
async function holding({ db }: Store): Promise<string> {
  const counts = FACTS.map((fact) => sql`(select count(*) from ${sql.table(`x${fact}`)} where to_run is null)`);
  const { rows } = await sql<{ counts: string }>`select concat_ws(' ', ${sql.join(counts)}) as counts`.execute(db);
  return rows[0]?.counts ?? '';
}
const NONE = '0 0 0 0 0 0';

/** Begins a run that will stand still in its midst, since GitLab falls silent. */
async function begin(gateway: Process): Promise<Run> {
  const connectionId = await connect(gateway);
  const { extraction } = await start(gateway, { connectionId });
  if (extraction === null) throw new Error('The extraction did not begin.');
  return extraction;
}

async function endsWhole(gateway: Process, run: Run, store: Store): Promise<Run> {
  const ended = await endOf(gateway, run.id);
  expect(ended).toMatchObject({ status: 'DONE', unknownSources: { totalCount: 0 } });
  expect(ended.done).toBe(ended.total);
  expect(await storedFacts({ store: () => store })).toEqual(model());
  return ended;
}

it('a gateway that is killed amid an extraction has it finished by another on the same PostgreSQL: nothing is lost, read twice or seen before the end', async () => {
  const database = await freshDatabase();
  ends.push(() => database.drop());
  const environment = { DATABASE_URL: database.url };
  const gateways = [await startProcess(environment), await startProcess(environment)];
  const store = await openStore({ dataDir: null, databaseUrl: database.url, clockShiftMs, asItIs: true });
  ends.push(() => store.close());
  await noteAll(store);
  const [first] = gateways;
  if (first === undefined) throw new Error('There is no gateway.');
  sandbox.fault({ path: '^/api/graphql', kind: 'delay', delayMs: 0, times: ANSWERED });
  sandbox.fault({ ...SILENT, path: '^/api/graphql' });
  const run = await begin(first);
  await until('some people are kept', async () => peopleIn(await noted(store)) > 0);
  const { rows } = await sql<{ owner: string }>`select owner from extraction_runs`.execute(store.db);
  const pid = Number(/:(\d+):[^:]+$/.exec(rows[0]?.owner ?? '')?.[1]);
  const [killed, other] = gateways[0]?.pid === pid ? gateways : [...gateways].reverse();
  if (killed === undefined || other === undefined) throw new Error('There is no gateway.');
  expect(killed.pid).toBe(pid);

  await killed.kill();
  const leases = await sql<{ until: Date }>`select lease_until as until from extraction_runs`.execute(store.db);
  const kept = await noted(store);
  expect(peopleIn(kept)).toBeGreaterThan(0);
  expect(peopleIn(kept)).toBeLessThan(sandbox.world.users.size);
  const seen = new Set([await holding(store)]);
  sandbox.clearFaults();
  await until('the other has ended it', async () => {
    seen.add(await holding(store));
    return (await see(other, run.id)).status !== 'RUNNING';
  });
  const ended = await endsWhole(other, run, store);
  // The process is proven dead, so its lease is not waited for.
  expect(Date.parse(ended.finishedAt ?? '')).toBeLessThan(leases.rows[0]?.until.getTime() ?? 0);
  expect([...seen].filter((counts) => counts !== NONE && counts !== [...seen].at(-1))).toEqual([]);
  expect(seen.has(NONE)).toBe(true);
  expect(twice(await noted(store))).toEqual([]);
}, 120_000);

it('a gateway on the embedded store that is killed amid an extraction goes on, when it is started again, where it stood', async () => {
  const open = (): Promise<Store> => openStore({ dataDir, databaseUrl: null, clockShiftMs, asItIs: true });
  const fresh = await openTestStore({ dataDir, clockShiftMs });
  await noteAll(fresh);
  await fresh.close();
  const killed = await startProcess({});
  sandbox.fault({ ...SILENT, method: 'GET', path: '^/api/v4/personal_access_tokens[?]' });
  const run = await begin(killed);
  await until('all members are kept', async () => {
    const { done, total } = await see(killed, run.id);
    return done === total;
  });
  await killed.kill();

  const between = await open();
  const kept = await noted(between);
  expect(membersIn(kept)).toBeGreaterThan(0);
  expect(await holding(between)).toBe(NONE);
  await between.close();

  sandbox.clearFaults();
  const next = await startProcess({});
  expect((await endOf(next, run.id)).status).toBe('DONE');
  await next.end();
  const after = await open();
  ends.push(() => after.close());
  expect(await storedFacts({ store: () => after })).toEqual(model());
  const lines = await noted(after);
  expect(twice(lines)).toEqual([]);
  expect(lines).toEqual(expect.arrayContaining(kept));
}, 120_000);
