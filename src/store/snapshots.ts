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
/** A pending access request that GitLab turns into the row that is added; such a row was created when it was asked for (S9). */
const usesRequestSchema = z.enum(['yes', 'maybe']);
export type UsesRequest = z.output<typeof usesRequestSchema>;

/** A write that was decided and may have been sent: what was there, what it shall leave. */
export type Intent = {
  at: Date;
  before: 'absent' | Snapshot;
  want: 'absent' | Target;
  usesRequest?: UsesRequest | undefined;
};

/** A write that GitLab keeps for an administrator's approval (202), with the base at that time and the grant it was for. */
export type Queued = {
  intent: Intent;
  base: Base;
  grantId: string | null;
  /** Who asked for it. */ byUserId: string | null;
};

const isoTime = z.iso.datetime().transform((at) => new Date(at));
const lateWriteSchema = z.object({
  want: targetSchema,
  adds: z.boolean(),
  usesRequest: usesRequestSchema.optional(),
  since: isoTime,
  last: isoTime,
  grantId: z.string().nullable(),
  byUserId: z.string().nullable(),
  approval: z.enum(['possible', 'suspected']).optional(),
});

/**
 * A write that adds or changes a row, whose answer was never heard and of which no read showed anything: sent first `since`, and
 * again as late as `last`, by this user of GitLab, for this grant. `approval`: GitLab may queue such a write for an administrator
 * (`possible`), and its list of what waits could not be read (`suspected`); left out where it never does.
 */
export type LateWrite = z.output<typeof lateWriteSchema>;
/** What may still land at a key, and what stood there when nothing rested on it any more. */
export type Late = { base: Base; writes: LateWrite[] };

const placeSchema = z.object({
  fullPath: z.string(),
  /** The groups above that could be read, the top-level group first. */
  groupIds: z.array(z.string()),
  /** Left out: not read. */
  role: z.object({ accessLevel: z.number().int(), memberRoleId: z.string().nullable() }).nullable().optional(),
  /** The date on which GitLab deletes it, or a group above; null: it is not marked for deletion. */
  deletesOn: z.string().nullable(),
});

/** Where a key's group or project was when it was last asked for, and the role that the groups above gave the person. */
export type Place = z.output<typeof placeSchema>;

const orAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([absentSchema.transform(() => 'absent' as const), schema]);

export const baseColumn = orAbsent(snapshotSchema).nullable();
export const oursColumn = oursSchema.nullable();
export const snapshotColumn = snapshotSchema.nullable();
/** A base as shown on a grant: null for "there was none" as for "not recorded". */
export const shownBaseColumn = baseColumn.transform((base) => (base === 'absent' ? null : base));
const intentSchema = z.object({
  at: isoTime,
  before: orAbsent(snapshotSchema),
  want: orAbsent(targetSchema),
  usesRequest: usesRequestSchema.optional(),
});
export const intentColumn = intentSchema.nullable();
export const queuedColumn = z
  .object({
    intent: intentSchema,
    base: orAbsent(snapshotSchema),
    grantId: z.string().nullable(),
    byUserId: z.string().nullable().default(null),
  })
  .nullable();
export const lateColumn = z.object({ base: orAbsent(snapshotSchema), writes: z.array(lateWriteSchema) }).nullable();
export const placeColumn = placeSchema.nullable();

/** The `jsonb` form of what may be absent. */
export function absentAsJson<T extends object>(value: 'absent' | T): { absent: true } | T {
  return value === 'absent' ? { absent: true } : value;
}

/** The `jsonb` form of an intent. */
export function intentAsJson({ at, before, want, ...more }: Intent): object {
  return { at: at.toISOString(), before: absentAsJson(before), want: absentAsJson(want), ...more };
}

/** The `jsonb` form of a queued write. */
export function queuedAsJson({ intent, base, ...made }: Queued): object {
  return { intent: intentAsJson(intent), base: absentAsJson(base), ...made };
}

/** The `jsonb` form of writes that may still land. */
export function lateAsJson({ base, writes }: Late): object {
  return { base: absentAsJson(base), writes };
}
