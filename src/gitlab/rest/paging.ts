import { z } from 'zod';
import type { QueryValue } from '../exchange.ts';
import { GitLabError } from '../errors.ts';
import { parseBody } from '../parse/rest.ts';
import type { Page } from '../records.ts';
import { restRead } from '../session.ts';
import type { RestRead, Session } from '../session.ts';
import type { HttpResponse } from '../transport.ts';

export const LARGEST_PAGE = 100;

type OffsetPage<T> = { rows: T[]; more: boolean; total: number | null };

function headerNumber(response: HttpResponse, name: string): number | null {
  const value = response.headers[name] ?? '';
  return /^\d+$/.test(value) ? Number(value) : null;
}

async function offsetPage<T>(
  session: Session,
  call: RestRead,
  row: z.ZodType<T>,
  page: number,
  perPage: number,
): Promise<OffsetPage<T>> {
  const query: Record<string, QueryValue | undefined> = { ...call.query, page, per_page: perPage };
  const response = await session.exchange.read(restRead(session, { ...call, query }));
  return {
    rows: parseBody(response, z.array(row)),
    more: headerNumber(response, 'x-next-page') !== null,
    total: headerNumber(response, 'x-total'),
  };
}

/** Every row of a REST list, at most `maxPages` pages of 100; a list that goes on beyond is an error, not cut short. */
export async function allRows<T>(session: Session, call: RestRead, row: z.ZodType<T>, maxPages: number): Promise<T[]> {
  const rows: T[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const next = await offsetPage(session, call, row, page, LARGEST_PAGE);
    rows.push(...next.rows);
    if (!next.more) return rows;
  }
  throw new GitLabError(
    'UNREADABLE',
    `The list at ${call.path} is longer than ${String(maxPages * LARGEST_PAGE)} rows.`,
  );
}

const cursorSchema = z.object({ rows: z.int().nonnegative() });

/** A cursor of ours over a list that GitLab pages by number: how many rows were read before. */
export function encodeOffset(rows: number): string {
  return Buffer.from(JSON.stringify({ rows })).toString('base64url');
}

/** Throws INVALID for a cursor that this list did not make. */
export function decodeCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new GitLabError('INVALID', 'The cursor `after` is not one of this list.', {
      fields: { after: ['is invalid'] },
    });
  }
}

/**
 * `first` rows after a cursor of `encodeOffset`, whatever page sizes came before: numbered pages that straddle the place are
 * read in two (docs/gitlab.md §pages).
 */
export async function offsetList<T>(
  session: Session,
  call: RestRead,
  row: z.ZodType<T>,
  { first, after }: { first: number; after: string | null },
): Promise<Page<T>> {
  const start = after === null ? 0 : decodeCursor(after, cursorSchema).rows;
  const number = Math.floor(start / first) + 1;
  const skip = start % first;
  const head = await offsetPage(session, call, row, number, first);
  const tail = skip > 0 && head.more ? await offsetPage(session, call, row, number + 1, first) : null;
  const items = [...head.rows.slice(skip), ...(tail?.rows ?? []).slice(0, skip)];
  const more = tail === null ? head.more : tail.more || tail.rows.length > skip;
  return {
    items,
    hasNextPage: more,
    endCursor: items.length === 0 ? null : encodeOffset(start + items.length),
    totalCount: head.total,
  };
}
