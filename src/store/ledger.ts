import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, idColumn, parseRow, timeColumn, toJsonOrNull } from './parse.ts';
import {
  absentAsJson,
  baseColumn,
  intentAsJson,
  intentColumn,
  lateAsJson,
  lateColumn,
  oursColumn,
  placeColumn,
  queuedAsJson,
  queuedColumn,
} from './snapshots.ts';
import type { Base, Intent, Late, Ours, Place, Queued } from './snapshots.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const keySchema = z
  .object({
    id: idColumn,
    instance_id: idColumn,
    source_kind: z.enum(['group', 'project']),
    source_id: gitlabIdColumn,
    user_id: gitlabIdColumn,
    username: z.string(),
    source_path: z.string(),
    base: baseColumn,
    ours: oursColumn,
    intent: intentColumn,
    queued: queuedColumn,
    queued_connection_id: idColumn.nullable(),
    late: lateColumn,
    place: placeColumn,
    fence: z.string(),
    look_at: timeColumn.nullable(),
    attempts: z.number().int(),
  })
  .transform((row) => ({
    id: row.id,
    instanceId: row.instance_id,
    source: { kind: row.source_kind, id: row.source_id, path: row.source_path },
    user: { id: row.user_id, username: row.username },
    base: row.base,
    ours: row.ours,
    intent: row.intent,
    /** What GitLab still may carry out, though nothing rests on it any more. */
    queued: row.queued,
    queuedConnectionId: row.queued_connection_id,
    /** What may still land, though nobody waits for its answer. */
    late: row.late,
    place: row.place,
    fence: row.fence,
    lookAt: row.look_at,
    attempts: row.attempts,
  }));

/** One (instance, source, user) at which we ever had a grant or revocation, with what we know of its row. */
export type KeyRow = z.output<typeof keySchema>;

export const parseKey = (row: unknown): KeyRow => parseRow('keys', keySchema, row);

/** Where a key is, by GitLab's numbers; the names are for people. */
export type KeyPlace = {
  instanceId: string;
  source: { kind: 'group' | 'project'; id: string; path: string };
  user: { id: string; username: string };
};

/** Finds or makes the key and locks its row until the transaction ends. Names are brought up to date. */
export async function lockKeyAt(tx: Transaction<Tables>, place: KeyPlace): Promise<KeyRow> {
  const row = await tx
    .insertInto('keys')
    .values({
      instance_id: place.instanceId,
      source_kind: place.source.kind,
      source_id: place.source.id,
      source_path: place.source.path,
      user_id: place.user.id,
      username: place.user.username,
      base: null,
      ours: null,
      intent: null,
      lease_owner: null,
      lease_until: null,
      look_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['instance_id', 'source_kind', 'source_id', 'user_id'])
        .doUpdateSet({ source_path: place.source.path, username: place.user.username }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return parseKey(row);
}

/** Locks a key's row until the transaction ends: every change of a grant takes this lock first. */
export async function lockKey(tx: Transaction<Tables>, keyId: string): Promise<KeyRow> {
  return parseKey(
    await tx.selectFrom('keys').selectAll().where('id', '=', keyId).forUpdate().executeTakeFirstOrThrow(),
  );
}

/** Reads a key without a lock; null when there is none. */
export async function findKey(db: Db, keyId: string): Promise<KeyRow | null> {
  const row = await db.selectFrom('keys').selectAll().where('id', '=', keyId).executeTakeFirst();
  return row === undefined ? null : parseKey(row);
}

/** Reads the key at a place without a lock; null when there never was a grant or revocation there. */
export async function findKeyAt(
  db: Db,
  place: { instanceId: string; source: { kind: 'group' | 'project'; id: string }; userId: string },
): Promise<KeyRow | null> {
  const row = await db
    .selectFrom('keys')
    .selectAll()
    .where('instance_id', '=', place.instanceId)
    .where('source_kind', '=', place.source.kind)
    .where('source_id', '=', place.source.id)
    .where('user_id', '=', place.userId)
    .executeTakeFirst();
  return row === undefined ? null : parseKey(row);
}

/** Asks for a look at the key no later than `at`. */
export async function bringLookForward(tx: Transaction<Tables>, keyId: string, at: Date): Promise<void> {
  await tx
    .updateTable('keys')
    .set({ look_at: sql<Date>`least(coalesce(look_at, ${at}), ${at})` })
    .where('id', '=', keyId)
    .execute();
}

export type Lease = { keyId: string; fence: string };

/**
 * Takes the key's lease until `until` by the lease clock `now`; null while somebody else holds it. Every taking raises the
 * fencing number, so that a late writer is told apart (S22).
 */
export async function takeLease(db: Db, keyId: string, owner: string, now: Date, until: Date): Promise<Lease | null> {
  const row = await db
    .updateTable('keys')
    .set({ lease_owner: owner, lease_until: until, fence: sql<string>`fence + 1` })
    .where('id', '=', keyId)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .returning('fence')
    .executeTakeFirst();
  return row === undefined ? null : { keyId, fence: row.fence };
}

/** Locks the key's row if the lease still is ours, and holds it until `until`; null when it was taken over. */
export async function lockLeased(tx: Transaction<Tables>, lease: Lease, until: Date): Promise<KeyRow | null> {
  const row = await tx
    .updateTable('keys')
    .set({ lease_until: until })
    .where('id', '=', lease.keyId)
    .where('fence', '=', lease.fence)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : parseKey(row);
}

/** Gives the lease back; answers when the key wants to be looked at next. */
export async function releaseLease(db: Db, lease: Lease): Promise<Date | null> {
  const row = await db
    .updateTable('keys')
    .set({ lease_owner: null, lease_until: null })
    .where('id', '=', lease.keyId)
    .where('fence', '=', lease.fence)
    .returning('look_at')
    .executeTakeFirst();
  return row?.look_at ?? null;
}

export type KeyChange = {
  base?: Base | null;
  ours?: Ours | null;
  intent?: Intent | null;
  queued?: Queued | null;
  queuedConnectionId?: string | null;
  late?: Late | null;
  place?: Place | null;
  placeAt?: Date | null;
  /** Names, brought up to date. */
  sourcePath?: string;
  lookAt?: Date | null;
  attempts?: number;
};

/** Stores what was learned of the key; what is left out stays. */
export async function changeKey(tx: Transaction<Tables>, keyId: string, change: KeyChange): Promise<void> {
  const { base, ours, intent, queued, queuedConnectionId, late, place, placeAt, sourcePath, lookAt, attempts } = change;
  await tx
    .updateTable('keys')
    .set({
      ...(base === undefined ? {} : { base: toJsonOrNull(base === null ? null : absentAsJson(base)) }),
      ...(ours === undefined ? {} : { ours: toJsonOrNull(ours) }),
      ...(intent === undefined ? {} : { intent: toJsonOrNull(intent === null ? null : intentAsJson(intent)) }),
      ...(queued === undefined ? {} : { queued: toJsonOrNull(queued === null ? null : queuedAsJson(queued)) }),
      ...(queuedConnectionId === undefined ? {} : { queued_connection_id: queuedConnectionId }),
      ...(late === undefined ? {} : { late: toJsonOrNull(late === null ? null : lateAsJson(late)) }),
      ...(place === undefined ? {} : { place: toJsonOrNull(place) }),
      ...(placeAt === undefined ? {} : { place_at: placeAt }),
      ...(sourcePath === undefined ? {} : { source_path: sourcePath }),
      ...(lookAt === undefined ? {} : { look_at: lookAt }),
      ...(attempts === undefined ? {} : { attempts }),
    })
    .where('id', '=', keyId)
    .execute();
}

/** Voids every lease; only where no other process can hold one. */
export async function releaseAllLeases(db: Db): Promise<void> {
  await db
    .updateTable('keys')
    .set({ lease_owner: null, lease_until: null })
    .where('lease_owner', 'is not', null)
    .execute();
}

/** Who holds leases of keys that ask for a look by now. */
export async function leaseOwnersOfDue(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('keys')
    .select('lease_owner')
    .distinct()
    .where('look_at', '<=', now)
    .where('lease_until', '>', now)
    .execute();
  return rows.flatMap((row) => row.lease_owner ?? []);
}

/** Voids every lease of a process; only where that is proven to be over. */
export async function releaseLeasesOf(db: Db, owner: string): Promise<void> {
  await db
    .updateTable('keys')
    .set({ lease_owner: null, lease_until: null })
    .where('look_at', 'is not', null)
    .where('lease_owner', '=', owner)
    .execute();
}

/** Nobody works on the key, and nothing asks for a look at it by now. */
export async function keyAtRest(db: Db, keyId: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('keys')
    .select('id')
    .where('id', '=', keyId)
    .where('lease_owner', 'is', null)
    .where((where) => where.or([where('look_at', 'is', null), where('look_at', '>', now)]))
    .executeTakeFirst();
  return row !== undefined;
}
