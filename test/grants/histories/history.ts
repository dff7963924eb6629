import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { compareRoles } from '../../../src/grants/levels.ts';
import type { DirectRow } from '../../../src/gitlab/records.ts';
import { verifyChain } from '../../../src/store/audit-reads.ts';
import type { GrantRow } from '../../../src/store/grants.ts';
import type { Store } from '../../../src/store/store.ts';
import { GATEWAY_USER } from './fake-gitlab.ts';
import type { FaultKind, FaultedCall } from './fake-gitlab.ts';
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
  | { do: 'revoke' };

const level = fc.constantFrom(10, 20, 30, 40, 50);
const date = fc.constantFrom(null, '2099-12-31');
const minutes = fc.constantFrom(1, 10, 60, 600, 3_000);
const which = fc.nat(3);

/** One thing that happens: somebody asks, time passes, somebody else interferes, something breaks. */
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('grant' as const), level, minutes }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('extend' as const), which, minutes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), minutes }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      call: fc.constantFrom('read' as const, 'write' as const, 'write' as const),
      kind: fc.constantFrom('down', 'lost', 'limited', 'crash-before', 'crash-after'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outside' as const), level: fc.option(level), date }) },
  { weight: 1, arbitrary: fc.constant({ do: 'revoke' as const }) },
);

export type Beginning = { level: number; date: string | null } | null;
export const beginning: fc.Arbitrary<Beginning> = fc.option(fc.record({ level, date }));

/** Rows are told apart per history by the person, so that one store serves them all. */
type History = {
  world: HistoryWorld;
  store: Store;
  person: string;
  asked: number;
  seen: DirectRow[];
  revoked: boolean;
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
  const { rows } = await grants.service.list({ connectionId, userId: history.person }, { first: 100, beforeId: null });
  return rows;
}

function outside(history: History, accessLevel: number | null, expiresAt: string | null): void {
  const { rows } = history.world.gitlab;
  const before = rows.get(history.person);
  if (accessLevel === null) {
    rows.delete(history.person);
    return;
  }
  const row = { ...(before ?? rowBy(history.person, accessLevel, expiresAt)), accessLevel, expiresAt };
  rows.set(history.person, row);
  history.seen.push({ ...row });
}

async function act(history: History, event: Deed): Promise<void> {
  const { world, person } = history;
  const { service } = world.grants;
  const user = { by: 'id' as const, id: person };
  const target = { by: 'id' as const, ref: { kind: 'project' as const, id: '10' } };
  const common = { reason: 'history', idempotencyKey: null };
  if (event.do === 'pass') await world.pass(event.minutes * MINUTE_MS);
  else if (event.do === 'fault') world.gitlab.fault(event.call, event.kind);
  else if (event.do === 'outside') outside(history, event.level, event.date);
  else if (event.do === 'grant') {
    const wished = { memberRoleId: null, expiresAt: null, startsAt: null, ticket: null, ...common };
    const { connectionId } = world;
    const durationMs = event.minutes * MINUTE_MS;
    await world.ask(() =>
      service.grant('someone', { ...wished, connectionId, user, target, accessLevel: event.level, durationMs }),
    );
  } else if (event.do === 'revoke') {
    history.revoked = true;
    const access = { by: 'membership' as const, connectionId: world.connectionId, user, target };
    await world.ask(() => service.revoke('someone', { access, abandon: false, ...common }));
  } else {
    const open = (await grantsOf(history)).filter(({ status }) => status !== 'ENDED' && status !== 'FAILED');
    const grantId = open[event.which % Math.max(1, open.length)]?.id;
    if (grantId === undefined) return;
    const access = { by: 'grant' as const, grantId };
    await world.ask(() =>
      event.do === 'end'
        ? service.revoke('someone', { access, abandon: false, ...common })
        : service.extend('someone', { grantId, durationMs: event.minutes * MINUTE_MS, expiresAt: null, ...common }),
    );
  }
}

/** Lets everything that is outstanding be done, GitLab answering. */
async function catchUp({ world }: History): Promise<void> {
  world.gitlab.clearFaults();
  for (let round = 0; round < 4; round += 1) await world.pass(2 * MINUTE_MS);
}

const show = (row: DirectRow | undefined): string => (row === undefined ? 'nothing' : JSON.stringify(row));

/** Invariant 3 and 4, once caught up: no row above base and grants, and none of ours without a grant. */
async function checkHeld(history: History): Promise<void> {
  const row = history.world.gitlab.rows.get(history.person);
  const open = (await grantsOf(history)).filter(({ status }) => status === 'ACTIVE');
  const stuck = (await grantsOf(history)).filter(({ status }) => status === 'ENDING' || status === 'ACTIVATING');
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

/** Runs one history and holds it against the invariants; throws at the first that does not hold. */
export async function live(
  store: Store,
  clock: { shiftMs: number },
  person: string,
  before: Beginning,
  events: readonly Deed[],
): Promise<void> {
  const world = await createHistoryWorld(store, clock);
  const first = before === null ? undefined : rowBy(person, before.level, before.date);
  const bystander = rowBy('1', 30, null);
  world.gitlab.rows.set('1', bystander);
  if (first !== undefined) world.gitlab.rows.set(person, { ...first });
  const history: History = { world, store, person, asked: 0, seen: first === undefined ? [] : [first], revoked: false };
  for (const event of events) await act(history, event);
  await catchUp(history);
  await checkHeld(history);
  const left = (await grantsOf(history)).filter(({ status }) => status !== 'ENDED' && status !== 'FAILED');
  for (let index = 0; index < left.length; index += 1) await act(history, { do: 'end', which: 0 });
  await catchUp(history);
  await checkHeld(history);
  const row = world.gitlab.rows.get(person);
  const interfered = history.revoked || events.some((event) => event.do === 'outside');
  if (!interfered && !isDeepStrictEqual(row, first)) {
    throw new Error(`Invariant 2: the row is ${show(row)} and was ${show(first)}.`);
  }
  if (!isDeepStrictEqual(world.gitlab.rows.get('1'), bystander))
    throw new Error('Invariant 1: a row that is nobody’s concern changed.');
  const { writes } = world.gitlab;
  await catchUp(history);
  if (world.gitlab.writes !== writes) throw new Error('Invariant 6: asked again, it wrote again.');
  await checkAudit(history);
}

/** Invariant 5 over all that was lived: the chain verifies. */
export async function checkChain(store: Store): Promise<void> {
  const broken = await verifyChain(store.db);
  if (broken !== null) throw new Error(`The audit chain is broken at ${JSON.stringify(broken)}.`);
}
