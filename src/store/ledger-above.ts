import { z } from 'zod';
import { gitlabIdColumn, idColumn, parseRow } from './parse.ts';
import { baseColumn, intentColumn, oursColumn } from './snapshots.ts';
import type { Base } from './snapshots.ts';
import type { Db } from './store.ts';

const rowSchema = z.object({
  id: idColumn,
  source_id: gitlabIdColumn,
  base: baseColumn,
  ours: oursColumn,
  intent: intentColumn,
});

/** What our ledger says of a person's row in a group: it is ours, or may be just now, and this is what was there before. */
export type RaisedGroup = { groupId: string; base: Base; /** One of our grants there has no end. */ standing: boolean };

/** The groups among these in which the person's row is ours, or a write of ours is under way. */
export async function raisedGroups(
  db: Db,
  instanceId: string,
  groupIds: readonly string[],
  userId: string,
): Promise<RaisedGroup[]> {
  if (groupIds.length === 0) return [];
  const rows = await db
    .selectFrom('keys')
    .select(['id', 'source_id', 'base', 'ours', 'intent'])
    .where('instance_id', '=', instanceId)
    .where('source_kind', '=', 'group')
    .where('source_id', 'in', [...groupIds])
    .where('user_id', '=', userId)
    .execute();
  const keys = rows
    .map((row) => parseRow('keys', rowSchema, row))
    .filter((key) => key.ours !== null || key.intent !== null);
  if (keys.length === 0) return [];
  const standing = await db
    .selectFrom('grants')
    .select('key_id')
    .where(
      'key_id',
      'in',
      keys.map((key) => key.id),
    )
    .where('status', 'in', ['ACTIVATING', 'ACTIVE'])
    .where('duration_ms', 'is', null)
    .where('until_at', 'is', null)
    .execute();
  const withoutEnd = new Set(standing.map((row) => row.key_id));
  return keys.flatMap(({ id, source_id: groupId, base }) =>
    base === null ? [] : [{ groupId, base, standing: withoutEnd.has(id) }],
  );
}
