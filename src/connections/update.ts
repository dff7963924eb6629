import type { Transaction } from 'kysely';
import { refuse } from '../errors.ts';
import { appendAudit } from '../store/audit.ts';
import { findConnection, findConnectionByName, lockConnection, updateConnection } from '../store/connections.ts';
import type { ConnectionRow, ConnectionValues } from '../store/connections.ts';
import { findInstance } from '../store/instances.ts';
import { clearRotating } from '../store/rotations.ts';
import { bringStandingForward, standingPlaces } from '../store/standing.ts';
import type { Tables } from '../store/tables.ts';
import type { ConnectionsDeps } from './deps.ts';
import { examine } from './doctor/doctor.ts';
import { parseInput, updateSchema } from './input.ts';
import { instanceFor } from './instance-for.ts';
import { attempt, earlier, once } from './once.ts';
import type { TestResult } from './records.ts';
import { outOfReach } from './out-of-reach.ts';
import { lesserReach, nameTaken, noSuchConnection, rotationUnsettled } from './refusals.ts';
import type { PassedTest } from './rows.ts';
import { passed, testedValues } from './rows.ts';
import type { Saved } from './save.ts';
import { asItIsNow, fingerprint, toldOf } from './save.ts';
import type { UpdateInput } from './service.ts';
import { settleRotation } from './settle-rotation.ts';

type Changes = { name: string | null; baseUrl: string | null; token: string | null; force: boolean };
/** What the doctor passed: where to, with which sealed token. Null: only the name changes. */
type Tested = { test: PassedTest; baseUrl: string; tokenJwe: string } | null;

/**
 * Changes name, address or token. A new address or token is tested first and stored only when nothing FAILs, which also brings a
 * DEGRADED connection back. While grants stand, the new token must belong to the same user of the same GitLab and reach as far,
 * or they could no longer be revoked; `force` takes another user or a lesser reach all the same (S26). Throws `Refusal` NOT_FOUND, INVALID_INPUT, CONNECTION_NAME_TAKEN, CONNECTION_IN_USE, IDEMPOTENCY_KEY_REUSED.
 */
export async function update(deps: ConnectionsDeps, actor: string, input: UpdateInput): Promise<Saved> {
  const { connectionId, idempotencyKey, ...given } = parseInput(updateSchema, input);
  const changes: Changes = {
    name: given.name ?? null,
    baseUrl: given.baseUrl ?? null,
    token: given.token ?? null,
    force: given.force,
  };
  const call = attempt(actor, idempotencyKey, 'updateConnection', {
    connectionId,
    ...changes,
    token: changes.token === null ? null : fingerprint(changes.token),
  });
  const before = await earlier(deps.store, call);
  if (before !== null) {
    return asItIsNow(deps, before);
  }
  const row = await findConnection(deps.store.db, connectionId);
  if (!row) {
    throw noSuchConnection();
  }
  refuseEmpty(changes);
  if (row.rotating && movesToken(changes)) {
    const settled = await settleRotation(deps, actor, row);
    if (settled === 'UNSETTLED' || (settled === 'LOST' && changes.token === null)) throw rotationUnsettled();
  }
  await refuseTakenName(deps.store.db, row, changes.name);
  const { result, tested, failed } = await tryOut(deps, row, changes);
  if (failed) {
    return { connection: null, result };
  }
  const id = await once(deps.store, call, async (tx, now) => {
    await apply(tx, now, { actor, connectionId, seen: row, changes, tested });
    return connectionId;
  });
  return { ...(await asItIsNow(deps, id)), result };
}

/** While a rotation is under way its token may change any moment; one whose answer was lost is healed by a new token. */
function movesToken({ baseUrl, token }: Changes): boolean {
  return baseUrl !== null || token !== null;
}

/** A rotation that began since would be lost sight of, and one that ended since must not be undone by the token of before. */
function refuseRotatedMeanwhile(current: ConnectionRow, seen: ConnectionRow, { token }: Changes): void {
  const began = current.rotating !== null && current.rotating.since.getTime() !== seen.rotating?.since.getTime();
  if (began || (token === null && current.tokenJwe !== seen.tokenJwe)) throw rotationUnsettled();
}

function refuseEmpty({ name, baseUrl, token }: Changes): void {
  if (name === null && baseUrl === null && token === null) {
    throw refuse('INVALID_INPUT', 'Give what shall change: name, baseUrl or token.');
  }
}

async function refuseTakenName(
  db: Parameters<typeof findConnectionByName>[0],
  row: ConnectionRow,
  name: string | null,
): Promise<void> {
  const other = name === null ? null : await findConnectionByName(db, name);
  if (name !== null && other && other.id !== row.id) {
    throw nameTaken(name);
  }
}

type TriedOut = { result: TestResult | null; tested: Tested; failed: boolean };

async function tryOut(deps: ConnectionsDeps, row: ConnectionRow, changes: Changes): Promise<TriedOut> {
  const baseUrl = changes.baseUrl ?? row.baseUrl;
  if (changes.token === null && baseUrl === row.baseUrl) {
    return { result: null, tested: null, failed: false };
  }
  if (changes.token === null && new URL(baseUrl).origin !== new URL(row.baseUrl).origin) {
    throw refuse('INVALID_INPUT', 'Give the token too: a saved token is never sent to another host.', ['token']);
  }
  const token = changes.token ?? (await deps.secrets.decrypt(row.tokenJwe, { baseUrl: row.baseUrl }));
  const result = await examine(deps.clientFactory, { baseUrl, token }, await deps.store.clock.now());
  const test = passed(result);
  if (test && !changes.force) {
    await refuseLesserReach(deps, row, test, { baseUrl, token });
  }
  const tested = test && { test, baseUrl, tokenJwe: await deps.secrets.encrypt(token, { baseUrl }) };
  return { result, tested, failed: !tested };
}

/** What was granted with the old token must be revocable with the new one (S26). Throws `Refusal` CONNECTION_IN_USE. */
async function refuseLesserReach(
  deps: ConnectionsDeps,
  row: ConnectionRow,
  { identity, instanceAddress }: PassedTest,
  made: { baseUrl: string; token: string },
): Promise<void> {
  const [instance, places] = await Promise.all([
    findInstance(deps.store.db, row.instanceId),
    standingPlaces(deps.store.db, row.id),
  ]);
  // Another user, or another GitLab, is refused with what is decided under the lock.
  if (identity.gitlabId !== row.gitlabUserId || instance?.address !== instanceAddress) return;
  const client = deps.clientFactory(made);
  try {
    const lost = await outOfReach(client, identity, places);
    if (lost.length > 0) throw lesserReach(lost.map(({ path }) => path));
  } finally {
    await client.close();
  }
}

type Application = { actor: string; connectionId: string; seen: ConnectionRow; changes: Changes; tested: Tested };

/** All that is decided here holds when it is written: the row is locked, and with it who may add grants to it. */
async function apply(
  tx: Transaction<Tables>,
  now: Date,
  { actor, connectionId, seen, changes, tested }: Application,
): Promise<void> {
  const current = await lockConnection(tx, connectionId);
  if (!current) {
    throw noSuchConnection();
  }
  if (tested) refuseRotatedMeanwhile(current, seen, changes);
  await refuseTakenName(tx, current, changes.name);
  const name = changes.name ?? current.name;
  const values: Partial<ConnectionValues> = tested
    ? {
        ...testedValues(tested.test),
        name,
        baseUrl: tested.baseUrl,
        tokenJwe: tested.tokenJwe,
        instanceId: await instanceFor(tx, now, current, { ...tested, force: changes.force }),
      }
    : { name };
  await updateConnection(tx, now, connectionId, values);
  if (tested) {
    await clearRotating(tx, connectionId);
    await bringStandingForward(tx, connectionId, now);
  }
  const { force, ...fields } = changes;
  const changed = Object.entries(fields).flatMap(([field, value]) => (value === null ? [] : [field]));
  await appendAudit(tx, now, {
    actor,
    action: 'CONNECTION_UPDATED',
    connectionId,
    summary: `Changed ${changed.join(', ')} of the connection "${name}".`,
    details: {
      changed,
      ...(force ? { force } : {}),
      name,
      baseUrl: tested?.baseUrl ?? current.baseUrl,
      before: { name: current.name, baseUrl: current.baseUrl, username: current.username, status: current.status },
      ...(tested ? toldOf(tested.test) : {}),
    },
  });
}
