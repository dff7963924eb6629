import { createHash } from 'node:crypto';
import { findConnection, findConnectionByName, insertConnection } from '../store/connections.ts';
import { appendAudit } from '../store/audit.ts';
import { upsertInstance } from '../store/instances.ts';
import type { ConnectionsDeps } from './deps.ts';
import { examine } from './doctor/doctor.ts';
import { parseInput, saveSchema } from './input.ts';
import { attempt, earlier, once } from './once.ts';
import type { ConnectionRecord, TestResult } from './records.ts';
import { goneSince, nameTaken } from './refusals.ts';
import type { PassedTest } from './rows.ts';
import { passed, testedValues, toRecord } from './rows.ts';
import type { SaveInput } from './service.ts';

export type Saved = { connection: ConnectionRecord | null; result: TestResult | null };

/** Stands for a token where the token itself must not be kept. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The connection that an earlier equal call saved, as it is now. Throws NOT_FOUND when it has been deleted since. */
export async function asItIsNow({ store }: ConnectionsDeps, connectionId: string): Promise<Saved> {
  const row = await findConnection(store.db, connectionId);
  if (!row) {
    throw goneSince();
  }
  return { connection: toRecord(row), result: null };
}

/**
 * Tests an address and a token, and saves them under a name only when nothing FAILs: the token encrypted, the report, the GitLab
 * behind it and the audit event, all in one transaction. A repeat with the same idempotency key saves nothing more and asks
 * GitLab nothing. Throws `Refusal` INVALID_INPUT, CONNECTION_NAME_TAKEN, IDEMPOTENCY_KEY_REUSED.
 */
export async function save(deps: ConnectionsDeps, actor: string, input: SaveInput): Promise<Saved> {
  const { store, clientFactory, secrets } = deps;
  const { name, baseUrl, token, idempotencyKey } = parseInput(saveSchema, input);
  const call = attempt(actor, idempotencyKey, 'saveConnection', { name, baseUrl, token: fingerprint(token) });
  const before = await earlier(store, call);
  if (before !== null) {
    return asItIsNow(deps, before);
  }
  if (await findConnectionByName(store.db, name)) {
    throw nameTaken(name);
  }
  const result = await examine(clientFactory, { baseUrl, token }, await store.clock.now());
  const test = passed(result);
  if (!test) {
    return { connection: null, result };
  }
  const tokenJwe = await secrets.encrypt(token, { baseUrl });
  const id = await once(store, call, async (tx, now) => {
    const instance = await upsertInstance(tx, now, test.instanceAddress);
    const row = await insertConnection(tx, now, {
      ...testedValues(test),
      name,
      baseUrl,
      tokenJwe,
      instanceId: instance.id,
    });
    if (!row) {
      throw nameTaken(name);
    }
    await appendAudit(tx, now, {
      actor,
      action: 'CONNECTION_SAVED',
      connectionId: row.id,
      summary: `Connected "${name}" to ${baseUrl} as @${test.identity.username}.`,
      details: { name, baseUrl, instance: test.instanceAddress, ...toldOf(test) },
    });
    return row.id;
  });
  return { ...(await asItIsNow(deps, id)), result };
}

/** What the audit keeps of who and with what; never the token. */
export function toldOf({ identity, token, instance }: PassedTest): Record<string, unknown> {
  return {
    identity,
    version: instance.version,
    token: { name: token.name, scopes: token.scopes, expiresAt: token.expiresAt },
  };
}
