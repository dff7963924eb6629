import type { Transaction } from 'kysely';
import { POLL_EVERY_MS } from '../src/grants/polling.ts';
import { appendAudit } from '../src/store/audit.ts';
import { listConnections } from '../src/store/connections.ts';
import type { ConnectionRow } from '../src/store/connections.ts';
import { changeGrant, insertGrant } from '../src/store/grants.ts';
import { changeKey, lockKeyAt } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open.ts';
import type { Snapshot } from '../src/store/snapshots.ts';
import type { Tables } from '../src/store/tables.ts';
import type { Storage } from './gateway.ts';
import { BASE_LEVEL, GRANTED_LEVEL } from './organisation.ts';
import type { BenchSandbox, MemberRow } from './sandbox.ts';
import { numbersBelow } from './workload.ts';

const IN_ONE_TRANSACTION = 250;

type Seeding = { sandbox: BenchSandbox; rows: Map<string, MemberRow>; dueAt: Date; count: number };

/**
 * Stores the first `count` grants as active, as the gateway itself leaves them: key with base and ours, its next
 * poll, grant and audit event, by the store's own functions; GitLab's rows are there already. Through the API this takes many
 * minutes. No gateway may run.
 */
export async function seedActiveGrants(
  storage: Storage,
  sandbox: BenchSandbox,
  { count, dueAt }: { count: number; dueAt: Date },
): Promise<void> {
  const store = await openStore({ dataDir: storage.dataDir, databaseUrl: storage.databaseUrl, clockShiftMs: () => 0 });
  try {
    const [connection] = await listConnections(store.db);
    if (connection === undefined) throw new Error('Save a connection before grants are seeded.');
    const seeding = { sandbox, rows: await sandbox.rows(), dueAt, count };
    for (let from = 0; from < count; from += IN_ONE_TRANSACTION) {
      const now = await store.clock.now();
      await store.transaction(async (tx) => {
        for (const index of numbersBelow(Math.min(count, from + IN_ONE_TRANSACTION), from)) {
          await seedOne(tx, index, { ...seeding, connection, now });
        }
      });
    }
  } finally {
    await store.close();
  }
}

async function seedOne(
  tx: Transaction<Tables>,
  index: number,
  { sandbox, rows, dueAt, count, connection, now }: Seeding & { connection: ConnectionRow; now: Date },
): Promise<void> {
  const { place, source, user, key: rowKey } = sandbox.whereIs(index);
  const row = rows.get(rowKey);
  if (row === undefined) throw new Error(`GitLab holds no membership for grant ${String(index)}.`);
  const { createdAt, expiresAt } = row;
  const ours: Snapshot = { accessLevel: GRANTED_LEVEL, memberRoleId: null, expiresAt, createdAt };
  const base: Snapshot | null = place.raises ? { ...ours, accessLevel: BASE_LEVEL } : null;
  const key = await lockKeyAt(tx, {
    instanceId: connection.instanceId,
    source: { kind: source.kind, id: String(source.id), path: source.fullPath },
    user: { id: String(user.id), username: user.username },
  });
  const grantId = await insertGrant(tx, {
    keyId: key.id,
    connectionId: connection.id,
    accessLevel: GRANTED_LEVEL,
    memberRoleId: null,
    durationMs: null,
    untilAt: dueAt,
    startsAt: null,
    dueAt,
    reason: 'bench',
    ticket: null,
    requestedBy: 'bench',
    requestedAt: now,
    status: 'ACTIVATING',
  });
  await changeGrant(tx, grantId, {
    status: 'ACTIVE',
    effect: place.raises ? 'RAISED' : 'ADDED',
    activatedAt: now,
    verifiedAt: now,
    backstop: expiresAt,
    base,
  });
  // Polls are spread, as they are once a gateway has run for a while.
  const lookAt = new Date(now.getTime() + Math.round((POLL_EVERY_MS * (index + 1)) / count));
  await changeKey(tx, key.id, { base: base ?? 'absent', ours: { ...ours, heldDate: null }, lookAt });
  const summary = `${user.username} on ${source.fullPath}: active`;
  await appendAudit(tx, now, {
    actor: 'bench',
    action: 'GRANT_ACTIVATED',
    grantId,
    connectionId: connection.id,
    summary,
  });
}
