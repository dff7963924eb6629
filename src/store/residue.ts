import { sql } from 'kysely';
import { z } from 'zod';
import { idColumn, parseRow } from './parse.ts';
import type { Db } from './store.ts';

const isoTime = z.iso.datetime();

/** What the group or project held just before a grant wrote there; null: it could not be read. */
const notedSchema = z.object({
  at: isoTime,
  deployTokens: z.array(z.string()).nullable(),
  deployKeys: z.array(z.object({ id: z.string(), canPush: z.boolean() })).nullable(),
  /** Whether another path gave access to the project; null: not read, or no project. */
  inForce: z.boolean().nullable(),
  /** People were told that GitLab's access does not follow the row. */
  alerted: z.boolean(),
});
export type Noted = z.output<typeof notedSchema>;

export const RESIDUE_KINDS = [
  'PROJECT_ACCESS_TOKEN',
  'GROUP_ACCESS_TOKEN',
  'DEPLOY_TOKEN',
  'DEPLOY_KEY',
  'MEMBERSHIP',
] as const;

const residueSchema = z.object({
  readAt: isoTime,
  complete: z.boolean(),
  unread: z.array(z.string()),
  remainingLevel: z.number().int().nullable(),
  remainingPaths: z.array(z.string()),
  items: z.array(
    z.object({
      kind: z.enum(RESIDUE_KINDS),
      gitlabId: z.string(),
      name: z.string(),
      createdBy: z.string().nullable(),
      sourcePath: z.string(),
    }),
  ),
});

/** What outlives a grant, as read once it had ended. */
export type Residue = z.output<typeof residueSchema>;
export type ResidueItem = Residue['items'][number];

export const notedColumn = notedSchema.nullable();
export const residueColumn = residueSchema.nullable();

/** Takes up to `limit` grants that ask to be followed up by now; nobody else gets them before `until`. */
export async function claimFollowUps(db: Db, now: Date, until: Date, limit: number): Promise<string[]> {
  const { rows } = await sql`
    update grants set follow_at = ${until}
    where id in (
      select id from grants where follow_at <= ${now} order by follow_at limit ${limit} for update skip locked
    )
    returning id`.execute(db);
  return rows.map((row) => parseRow('grants', z.object({ id: idColumn }), row).id);
}
