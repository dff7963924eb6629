import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { appendAudit } from './audit.ts';
import { idColumn, parseRow, timeColumn, toJson } from './parse.ts';
import type { Db, Store } from './store.ts';
import type { Tables } from './tables.ts';

export const ROLES = ['VIEWER', 'REQUESTER', 'APPROVER', 'ADMIN'] as const;

const CONFIGURED = 'GATEHOUSE_ADMIN_KEY';
const FIRST = 'First admin key';

const rowSchema = z
  .object({
    id: idColumn,
    subject: z.string(),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
    created_at: timeColumn,
    revoked_at: timeColumn.nullable(),
  })
  .transform((row) => ({
    id: row.id,
    subject: row.subject,
    name: row.name,
    roles: row.roles,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }));

/** An API key as stored: never the key itself. `subject` is who acts with it, in audit and decisions. */
export type ApiKeyRow = z.output<typeof rowSchema>;
export type NewApiKey = { subject: string; name: string; roles: readonly ApiKeyRow['roles'][number][] };

/** SHA-256, hex. Keys are long and random, so a slow hash would add nothing. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A new key: the word `gatehouse_` (so that scanners know it) and 32 random bytes. */
export function makeApiKey(): string {
  return `gatehouse_${randomBytes(32).toString('base64url')}`;
}

/** Stores `key` hashed; the plain key is the caller's to show once. */
export async function insertApiKey(db: Db, now: Date, key: string, row: NewApiKey): Promise<ApiKeyRow> {
  const inserted = await db
    .insertInto('api_keys')
    .values({
      subject: row.subject,
      name: row.name,
      hash: hashApiKey(key),
      roles: toJson(row.roles),
      created_at: now,
      revoked_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return parseRow('api_keys', rowSchema, inserted);
}

/** The key that is in force with this hash; null: unknown or revoked. */
export async function findApiKeyByHash(db: Db, hash: string): Promise<ApiKeyRow | null> {
  const row = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : parseRow('api_keys', rowSchema, row);
}

/**
 * Sees to it that an administrator can get in. A configured key (GATEHOUSE_ADMIN_KEY) is in force from now on and the one
 * configured before no longer is. Without one, a store that has no admin key in force gets a new one, which is returned
 * this once to be shown; otherwise null. Safe with several processes that start together: one makes the key.
 */
export async function ensureAdminKey(store: Store, options: { configuredKey: string | null }): Promise<string | null> {
  return store.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('gatehouse admin key'))`.execute(tx);
    const now = await store.clock.now();
    if (options.configuredKey !== null) {
      await configure(tx, now, options.configuredKey);
      return null;
    }
    if (await hasAdminKey(tx)) return null;
    const key = makeApiKey();
    await insertApiKey(tx, now, key, { subject: 'admin', name: FIRST, roles: ['ADMIN'] });
    await tell(tx, now, 'The first admin key was made');
    return key;
  });
}

async function configure(tx: Transaction<Tables>, now: Date, key: string): Promise<void> {
  const hash = hashApiKey(key);
  const current = await findApiKeyByHash(tx, hash);
  const replaced = await tx
    .updateTable('api_keys')
    .set({ revoked_at: now })
    .where('name', '=', CONFIGURED)
    .where('hash', '!=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (current !== null && replaced.numUpdatedRows === 0n) return;
  await tx
    .insertInto('api_keys')
    .values({ subject: 'admin', name: CONFIGURED, hash, roles: toJson(['ADMIN']), created_at: now, revoked_at: null })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ revoked_at: null }))
    .execute();
  await tell(tx, now, 'The admin key was set from GATEHOUSE_ADMIN_KEY');
}

async function hasAdminKey(tx: Transaction<Tables>): Promise<boolean> {
  const row = await tx
    .selectFrom('api_keys')
    .select('id')
    .where('revoked_at', 'is', null)
    .where(sql<boolean>`roles @> '["ADMIN"]'::jsonb`)
    .executeTakeFirst();
  return row !== undefined;
}

async function tell(tx: Transaction<Tables>, now: Date, summary: string): Promise<void> {
  await appendAudit(tx, now, { actor: 'gatehouse', action: 'API_KEY_CREATED', summary });
}
