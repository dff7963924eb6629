import { z } from 'zod';

/** How memberships are kept in the ledger's `jsonb` columns. */
const targetSchema = z.object({
  accessLevel: z.number().int(),
  memberRoleId: z.string().nullable(),
  expiresAt: z.string().nullable(),
});
const snapshotSchema = targetSchema.extend({ createdAt: z.string().nullable() });
const oursSchema = snapshotSchema.extend({ heldDate: z.string().nullable() });
const absentSchema = z.object({ absent: z.literal(true) });

/** What a row shall be. */
export type Target = z.output<typeof targetSchema>;
/** A membership as we record it: base, removed. */
export type Snapshot = z.output<typeof snapshotSchema>;
/** The row as our last verified write left it. `heldDate`: a person set an earlier end, which is kept (S12). */
export type Ours = z.output<typeof oursSchema>;
/** The membership before our first active grant at the key. */
export type Base = 'absent' | Snapshot;
/** A write that was decided and may have been sent: what was there, what it shall leave. */
export type Intent = { at: Date; before: 'absent' | Snapshot; want: 'absent' | Target };

/** A write that GitLab keeps for an administrator's approval (202), with the base at that time and the grant it was for. */
export type Queued = { intent: Intent; base: Base; grantId: string | null };

const orAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([absentSchema.transform(() => 'absent' as const), schema]);

export const baseColumn = orAbsent(snapshotSchema).nullable();
export const oursColumn = oursSchema.nullable();
export const snapshotColumn = snapshotSchema.nullable();
/** A base as shown on a grant: null for "there was none" as for "not recorded". */
export const shownBaseColumn = baseColumn.transform((base) => (base === 'absent' ? null : base));
const intentSchema = z.object({
  at: z.iso.datetime().transform((at) => new Date(at)),
  before: orAbsent(snapshotSchema),
  want: orAbsent(targetSchema),
});
export const intentColumn = intentSchema.nullable();
export const queuedColumn = z
  .object({ intent: intentSchema, base: orAbsent(snapshotSchema), grantId: z.string().nullable() })
  .nullable();

/** The `jsonb` form of what may be absent. */
export function absentAsJson<T extends object>(value: 'absent' | T): { absent: true } | T {
  return value === 'absent' ? { absent: true } : value;
}

/** The `jsonb` form of an intent. */
export function intentAsJson(intent: Intent): object {
  return { at: intent.at.toISOString(), before: absentAsJson(intent.before), want: absentAsJson(intent.want) };
}

/** The `jsonb` form of a queued write. */
export function queuedAsJson({ intent, base, grantId }: Queued): object {
  return { intent: intentAsJson(intent), base: absentAsJson(base), grantId };
}
