import { z } from 'zod';

/** A row's own key: `bigint` as both drivers give it, a decimal string. */
export const idColumn = z.string().regex(/^[1-9]\d{0,18}$/);

/** A GitLab number, kept as text because it is 64 bit there. */
export const gitlabIdColumn = z.string().regex(/^\d{1,20}$/);

/** A `timestamptz`: an instant, to the millisecond. */
export const timeColumn = z.date();

/** A `jsonb` object whose inside the caller parses. */
export const jsonColumn = z.record(z.string(), z.unknown());

/** A `bigint` that counts milliseconds, small enough to be an exact number. */
export const millisecondsColumn = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/**
 * Parses one database row. Rows are ours, so a row that does not fit is a fault to mend, not an input: the error names the
 * table and the columns, never the values, which may be secret.
 */
export function parseRow<Schema extends z.ZodType>(table: string, schema: Schema, row: unknown): z.output<Schema> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const columns = parsed.error.issues.map((issue) => issue.path.join('.') || '(row)').join(', ');
  throw new Error(
    `A row of the table "${table}" cannot be read (${columns}). It was changed by hand or written by another version; restore it from a backup or run the version that wrote it.`,
  );
}

/** What a `jsonb` column is given: text, so that both drivers treat arrays, strings and objects alike. */
export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/** Like `toJson`; null stays SQL's NULL. */
export function toJsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : toJson(value);
}

/** Whether text can be a row's id at all; anything else would be an error of SQL instead of "no such row". */
export function isRowId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= 9_223_372_036_854_775_807n;
}
