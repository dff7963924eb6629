import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { idColumn, isRowId, parseRow } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const rowSchema = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/), instance_id: idColumn });

/** Compared with where there is no secret, so that an unknown connection takes as long to refuse as a wrong secret. */
const NOBODYS = Buffer.alloc(32);

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Gives the connection a new secret, which is returned to be shown this once; the one before is void from then on. */
export async function rotateHookSecret(tx: Transaction<Tables>, now: Date, connectionId: string): Promise<string> {
  const secret = `gatehouse_hook_${randomBytes(32).toString('base64url')}`;
  const row = { hash: hashOf(secret).toString('hex'), rotated_at: now };
  await tx
    .insertInto('hook_secrets')
    .values({ connection_id: connectionId, ...row })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(row))
    .execute();
  return secret;
}

/** The GitLab that may post as this connection; null: there is no such connection, it has no secret, or not this one. */
export async function instanceOfHook(
  db: Db,
  presented: { connectionId: string; secret: string },
): Promise<string | null> {
  const row = isRowId(presented.connectionId)
    ? await db
        .selectFrom('hook_secrets')
        .innerJoin('connections', 'connections.id', 'hook_secrets.connection_id')
        .select(['hook_secrets.hash', 'connections.instance_id'])
        .where('hook_secrets.connection_id', '=', presented.connectionId)
        .executeTakeFirst()
    : undefined;
  const known = row === undefined ? null : parseRow('hook_secrets', rowSchema, row);
  const expected = known === null ? NOBODYS : Buffer.from(known.hash, 'hex');
  const same = timingSafeEqual(hashOf(presented.secret), expected);
  return same && known !== null ? known.instance_id : null;
}
