import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { compareRoles } from '../../../src/grants/levels.ts';
import type { DirectRow } from '../../../src/gitlab/records.ts';
import type { Grants } from '../../../src/grants/index.ts';
import { verifyChain } from '../../../src/store/audit-reads.ts';
import type { GrantRow } from '../../../src/store/grants.ts';
import type { Store } from '../../../src/store/store.ts';
import { GATEWAY_USER } from './fake-gitlab.ts';
import type { FaultKind, FaultedCall, GroupName, Promotions } from './fake-gitlab.ts';
import { createHistoryWorld } from './world.ts';
import type { HistoryWorld } from './world.ts';

const MINUTE_MS = 60_000;

export type Deed =
  | { do: 'grant'; level: number; minutes: number }
  | { do: 'extend'; which: number; minutes: number }
  | { do: 'end'; which: number }
  | { do: 'pass'; minutes: number }
  | { do: 'fault'; call: FaultedCall; kind: FaultKind }
  | { do: 'outside'; level: number | null; date: string | null }
  | { do: 'revoke' }
  | { do: 'race'; level: number; minutes: number; which: number | 'membership' }
  | { do: 'decide'; approve: boolean }
  | { do: 'land' }
  | { do: 'back'; minutes: number }
  | { do: 'state'; state: 'ACTIVE' | 'BLOCKED' }
  | { do: 'above'; group: GroupName; level: number | null }
  | { do: 'move'; to: GroupName }
  | { do: 'hint' }
  | { do: 'again' }
  | { do: 'settle' };

const level = fc.constantFrom(10, 20, 30, 40, 50);
const date = fc.constantFrom(null, '2099-12-31');
const minutes = fc.constantFrom(1, 10, 60, 600, 3_000);
const which = fc.nat(3);
const group = fc.constantFrom('acme' as const, 'other' as const);
const faults: FaultKind[] = ['down', 'lost', 'hang', 'limited', 'changed', 'crash-before', 'crash-after'];

const deeds = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const be = <const T extends string>(name: T) => fc.constant(name);

/** One thing that happens: somebody asks, time passes, somebody else interferes, something breaks. */
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  deeds(8, fc.record({ do: be('grant'), level, minutes })),
  deeds(2, fc.record({ do: be('extend'), which, minutes })),
  deeds(4, fc.record({ do: be('end'), which })),
  deeds(8, fc.record({ do: be('pass'), minutes })),
  deeds(
    8,
    fc.record({
      do: be('fault'),
      call: fc.constantFrom('read' as const, 'write' as const, 'write' as const),
      kind: fc.constantFrom(...faults),
    }),
  ),
  deeds(2, fc.record({ do: be('outside'), level: fc.option(level), date })),
  deeds(2, fc.record({ do: be('revoke') })),
  deeds(2, fc.record({ do: be('race'), level, minutes, which: fc.oneof(which, be('membership')) })),
  deeds(2, fc.record({ do: be('decide'), approve: fc.boolean() })),
  deeds(1, fc.record({ do: be('land') })),
  deeds(1, fc.record({ do: be('back'), minutes: fc.constantFrom(1, 10, 60) })),
  deeds(1, fc.record({ do: be('state'), state: fc.constantFrom('ACTIVE', 'BLOCKED') })),
  deeds(1, fc.record({ do: be('above'), group, level: fc.option(level) })),
  deeds(1, fc.record({ do: be('move'), to: group })),
  deeds(1, fc.record({ do: be('hint') })),
  deeds(1, fc.record({ do: be('again') })),
  deeds(2, fc.record({ do: be('settle') })),
);

export type Beginning = { row: { level: number; date: string | null } | null; promotions: Promotions };
/** Promotions matter to who takes no seat, so such people are many. */
export const beginning: fc.Arbitrary<Beginning> = fc.record({
  row: fc.option(fc.record({ level: fc.constantFrom(10, 10, 20, 30, 40, 50), date })),
  promotions: fc.constantFrom('off', 'listed', 'unread'),
});

/** Rows are told apart per history by the person, so that one store serves them all. */
type History = {
  world: HistoryWorld;
  store: Store;
  person: string;
  /** Rows that stood by others' doing, which the row may always be as high as. */
  seen: DirectRow[];
  /** Others changed what the base, or the way back to it, rests on. */
  interfered: boolean;
  asked: number;
  /** How far the clock was set back since all was done: what is stored for a later time waits until it shows that again. */
  backMs: number;
  /** Sends the last mutation once more, with its key; the ids that it names. */
  last: { ids: readonly string[]; again: () => Promise<readonly string[] | null> } | null;
};

const rowBy = (person: string, accessLevel: number, expiresAt: string | null): DirectRow => ({
  userId: person,
  username: `user-${person}`,
  accessLevel,
  memberRoleId: null,
  expiresAt,
  createdAt: '2020-01-01T00:00:00.000Z',
  createdById: '1',
  state: 'active',
  userState: 'ACTIVE',
  memberRole: null,
  ldap: false,
  samlRoot: false,
});

async function grantsOf(history: History): Promise<GrantRow[]> {
  const { grants, connectionId } = history.world;
  const { rows } = await grants().service.list(
    { connectionId, userId: history.person },
    { first: 100, beforeId: null },
  );
  return rows;
}

function outside(history: History, accessLevel: number | null, expiresAt: string | null): void {
  const { rows } = history.world.gitlab;
  const before = rows.get(history.person);
  history.interfered = true;
  if (accessLevel === null) {
    rows.delete(history.person);
    return;
  }
  const row = { ...(before ?? rowBy(history.person, accessLevel, expiresAt)), accessLevel, expiresAt };
  rows.set(history.person, row);
  history.seen.push({ ...row });
}

function aboveBy(history: History, name: GroupName, accessLevel: number | null): void {
  const rows = history.world.gitlab.above[name];
  history.interfered = true;
  if (accessLevel === null) rows.delete(history.person);
  else rows.set(history.person, rowBy(history.person, accessLevel, null));
}

const REASON = { reason: 'history' };
const userOf = (history: History) => ({ by: 'id' as const, id: history.person });
const TARGET = { by: 'id' as const, ref: { kind: 'project' as const, id: '10' } };

type Request = (grants: Grants) => Promise<readonly string[]>;

function granting(history: History, accessLevel: number, durationMs: number, idempotencyKey: string): Request {
  const nothing = { memberRoleId: null, expiresAt: null, startsAt: null, ticket: null };
  const { connectionId } = history.world;
  const input = { ...nothing, ...REASON, idempotencyKey, connectionId, user: userOf(history), target: TARGET };
  return async ({ service }) => [(await service.grant('someone', { ...input, accessLevel, durationMs })).grant.id];
}

function revoking(history: History, idempotencyKey: string): Request {
  const { connectionId } = history.world;
  const access = { by: 'membership' as const, connectionId, user: userOf(history), target: TARGET };
  return async ({ service }) => {
    const { grants, revocation } = await service.revoke('someone', {
      ...REASON,
      access,
      abandon: false,
      idempotencyKey,
    });
    return [...grants.map(({ id }) => id), revocation?.id ?? 'none'];
  };
}

function ending(grantId: string, idempotencyKey: string): Request {
  const access = { by: 'grant' as const, grantId };
  return async ({ service }) => {
    const { grants } = await service.revoke('someone', { ...REASON, access, abandon: false, idempotencyKey });
    return grants.map(({ id }) => id);
  };
}

function extending(grantId: string, durationMs: number, idempotencyKey: string): Request {
  const input = { ...REASON, grantId, durationMs, expiresAt: null, idempotencyKey };
  return async ({ service }) => [(await service.extend('someone', input)).id];
}

async function send(history: History, request: Request): Promise<void> {
  const ids = await history.world.ask(request);
  if (ids !== null) history.last = { ids, again: () => history.world.ask(request) };
}

/** Invariant 6: an answered mutation that is sent once more names the same, and makes nothing. */
async function askAgain(history: History): Promise<void> {
  const { last } = history;
  if (last === null) return;
  const before = (await grantsOf(history)).length;
  const ids = await last.again();
  if (ids !== null && !isDeepStrictEqual(ids, last.ids)) {
    throw new Error(`Invariant 6: asked again, it named ${JSON.stringify(ids)} for ${JSON.stringify(last.ids)}.`);
  }
  if ((await grantsOf(history)).length !== before) throw new Error('Invariant 6: asked again, it made something new.');
}

async function pickOpen(history: History, which: number): Promise<string | undefined> {
  const open = (await grantsOf(history)).filter(({ status }) => status !== 'ENDED' && status !== 'FAILED');
  return open[which % Math.max(1, open.length)]?.id;
}

async function race(history: History, event: Extract<Deed, { do: 'race' }>, key: string): Promise<void> {
  const asked = granting(history, event.level, event.minutes * MINUTE_MS, key);
  const { which: who } = event;
  if (who === 'membership') {
    history.interfered = true;
    await history.world.race(asked, revoking(history, `${key}-other`));
    return;
  }
  const grantId = await pickOpen(history, who);
  if (grantId !== undefined) await history.world.race(asked, ending(grantId, `${key}-other`));
}

/** What others do, or what becomes of GitLab. */
function happen(history: History, event: Deed): void {
  const { gitlab } = history.world;
  if (event.do === 'fault') gitlab.fault(event.call, event.kind);
  else if (event.do === 'outside') outside(history, event.level, event.date);
  else if (event.do === 'decide') gitlab.decide(history.person, event.approve);
  else if (event.do === 'land') gitlab.land();
  else if (event.do === 'state') gitlab.setState(history.person, event.state);
  else if (event.do === 'above') aboveBy(history, event.group, event.level);
  else if (event.do === 'move') {
    history.interfered = true;
    gitlab.move(event.to);
  }
}

async function act(history: History, clock: { shiftMs: number }, event: Deed): Promise<void> {
  const { world, person } = history;
  const key = `${person}-${String((history.asked += 1))}`;
  happen(history, event);
  if (event.do === 'pass') await world.pass(event.minutes * MINUTE_MS);
  else if (event.do === 'back') {
    clock.shiftMs -= event.minutes * MINUTE_MS;
    history.backMs += event.minutes * MINUTE_MS;
  } else if (event.do === 'grant') await send(history, granting(history, event.level, event.minutes * MINUTE_MS, key));
  else if (event.do === 'revoke') {
    history.interfered = true;
    await send(history, revoking(history, key));
  } else if (event.do === 'race') await race(history, event, key);
  else if (event.do === 'again') await askAgain(history);
  else if (event.do === 'hint') {
    const { instanceId } = world;
    for (let time = 0; time < 2; time += 1) {
      await world.ask(({ service }) => service.lookAtHint({ instanceId, userId: person }));
    }
  } else if (event.do === 'settle') {
    await catchUp(history);
    await checkHeld(history);
    await checkAudit(history);
  } else if (event.do === 'end' || event.do === 'extend') {
    const grantId = await pickOpen(history, event.which);
    if (grantId === undefined) return;
    const request = event.do === 'end' ? ending(grantId, key) : extending(grantId, event.minutes * MINUTE_MS, key);
    await send(history, request);
  }
}

/** Lets everything that is outstanding be done, GitLab answering; long enough for the next look at what is only watched. */
async function catchUp(history: History): Promise<void> {
  const { world } = history;
  world.gitlab.clearFaults();
  await world.pass(history.backMs);
  history.backMs = 0;
  for (let round = 0; round < 5; round += 1) await world.pass(2 * MINUTE_MS);
}

const show = (row: DirectRow | undefined): string => (row === undefined ? 'nothing' : JSON.stringify(row));

/** Invariant 3 and 4, once caught up: no row above base and grants, and none of ours without a grant. */
async function checkHeld(history: History): Promise<void> {
  const row = history.world.gitlab.rows.get(history.person);
  const open = (await grantsOf(history)).filter(({ status }) => status === 'ACTIVE');
  const stuck = (await grantsOf(history)).filter(
    ({ status, problem }) => status === 'ENDING' || (status === 'ACTIVATING' && problem?.code !== 'PENDING_UPSTREAM'),
  );
  if (stuck.length > 0) throw new Error(`Not caught up: ${JSON.stringify(stuck)}`);
  if (row === undefined) return;
  const roles = [...history.seen, ...open];
  const above = roles.every((role) => compareRoles(row, role) > 0);
  if (above) throw new Error(`Invariant 3: the row is above all that was ever allowed: ${show(row)}`);
  if (row.createdById === GATEWAY_USER && open.length === 0) {
    throw new Error(`Invariant 4: a row of ours stands without a grant: ${show(row)}`);
  }
}

/** Invariant 5: every state that a grant passed through has its one event. */
async function checkAudit(history: History): Promise<void> {
  for (const { id, status } of await grantsOf(history)) {
    const events = await history.store.db
      .selectFrom('audit_events')
      .select('action')
      .where('grant_id', '=', id)
      .execute();
    const count = (action: string): number => events.filter((event) => event.action === action).length;
    const once = ['GRANT_REQUESTED', 'GRANT_ACTIVATED', 'GRANT_ENDING', 'GRANT_ENDED', 'GRANT_FAILED'];
    const doubled = once.filter((action) => count(action) > 1);
    const missing = count('GRANT_REQUESTED') !== 1 || (status === 'ENDED' && count('GRANT_ENDED') !== 1);
    if (doubled.length > 0 || missing) {
      throw new Error(`Invariant 5: events of a grant in ${status}: ${JSON.stringify(events)}`);
    }
  }
}

/** Invariant 1: rows where nothing was ever granted are what they were, field by field. */
function checkBystanders({ world, person }: History, bystander: DirectRow): void {
  const { rows } = world.gitlab;
  const others = [...rows.keys()].filter((userId) => userId !== person);
  if (others.length === 1 && isDeepStrictEqual(rows.get(bystander.userId), bystander)) return;
  throw new Error('Invariant 1: a row that is nobody’s concern changed.');
}

/** Invariant 2: nothing is left of any grant; the row is what it was before. */
function checkRestored({ world, person, interfered }: History, first: DirectRow | undefined): void {
  const row = world.gitlab.rows.get(person);
  if (interfered || isDeepStrictEqual(row, first)) return;
  throw new Error(`Invariant 2: the row is ${show(row)} and was ${show(first)}.`);
}

/** Runs one history and holds it against the invariants; throws at the first that does not hold. */
export async function live(
  store: Store,
  clock: { shiftMs: number },
  person: string,
  before: Beginning,
  events: readonly Deed[],
): Promise<void> {
  const world = await createHistoryWorld(store, clock, before.promotions);
  const first = before.row === null ? undefined : rowBy(person, before.row.level, before.row.date);
  const bystander = rowBy('1', 30, null);
  world.gitlab.rows.set('1', { ...bystander });
  if (first !== undefined) world.gitlab.rows.set(person, { ...first });
  const seen = first === undefined ? [] : [first];
  const history: History = { world, store, person, seen, interfered: false, asked: 0, backMs: 0, last: null };
  for (const event of events) {
    await act(history, clock, event);
    checkBystanders(history, bystander);
  }
  await catchUp(history);
  await checkHeld(history);
  const left = (await grantsOf(history)).filter(({ status }) => status !== 'ENDED' && status !== 'FAILED');
  for (let index = 0; index < left.length; index += 1) await act(history, clock, { do: 'end', which: 0 });
  await catchUp(history);
  await checkHeld(history);
  checkRestored(history, first);
  // What GitLab still had in its queue comes when nobody wants it any more.
  world.gitlab.decide(person, true);
  await catchUp(history);
  await checkHeld(history);
  checkRestored(history, first);
  const { writes } = world.gitlab;
  await catchUp(history);
  if (world.gitlab.writes !== writes) throw new Error('Invariant 6: asked again, it wrote again.');
  checkBystanders(history, bystander);
  await checkAudit(history);
}

/** Invariant 5 over all that was lived: the chain verifies. */
export async function checkChain(store: Store): Promise<void> {
  const broken = await verifyChain(store.db);
  if (broken !== null) throw new Error(`The audit chain is broken at ${JSON.stringify(broken)}.`);
}
