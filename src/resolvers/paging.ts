import { GatehouseError } from '../errors.ts';
import type { ConnectionOf } from './nodes.ts';

const LARGEST_PAGE = 100;

/** The size of a page as asked for; throws BAD_USER_INPUT outside 1 to 100, rather than answer another size. */
export function pageSize(first: number): number {
  if (first < 1 || first > LARGEST_PAGE) {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      `first is ${String(first)}; ask for 1 to ${String(LARGEST_PAGE)}, and for the rest with after set to endCursor.`,
    );
  }
  return first;
}

/** Throws BAD_USER_INPUT where more keys are named at once than a page may hold. */
export function atMostOnePage(keys: readonly string[], argument: string): void {
  if (keys.length > LARGEST_PAGE) {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      `${argument} names ${String(keys.length)}; name at most ${String(LARGEST_PAGE)} in one field.`,
    );
  }
}

/** An opaque cursor for a place in a list. */
export function toCursor(place: string): string {
  return Buffer.from(`at:${place}`).toString('base64url');
}

/** The place a cursor stands for, null for none; throws BAD_USER_INPUT where it is not a cursor of ours. */
export function fromCursor(after: string | null | undefined): string | null {
  if (after === null || after === undefined) return null;
  const text = Buffer.from(after, 'base64url').toString('utf8');
  if (!text.startsWith('at:')) {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      'after is not a cursor that this list gave; leave it out to begin at the start, or give an endCursor unchanged.',
    );
  }
  return text.slice('at:'.length);
}

/** A page of a list of ours, newest first: the cursor is the id of the last row before. */
export function ledgerPage(args: { first: number; after?: string | null }): { first: number; beforeId: string | null } {
  const beforeId = fromCursor(args.after);
  if (beforeId !== null && !/^\d{1,19}$/.test(beforeId)) {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      'after is a cursor of another list; leave it out to begin at the start.',
    );
  }
  return { first: pageSize(args.first), beforeId };
}

/** The answer to a paged field. `cursorOf` gives the place of a row, which comes back through `fromCursor`. */
export function toConnection<T>(
  rows: readonly T[],
  cursorOf: (row: T, index: number) => string,
  page: { hasNextPage: boolean; hasPreviousPage?: boolean; totalCount?: number | null },
): ConnectionOf<T> {
  const edges = rows.map((node, index) => ({ cursor: toCursor(cursorOf(node, index)), node }));
  return {
    edges,
    nodes: [...rows],
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage ?? false,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount ?? null,
  };
}
