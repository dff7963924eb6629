import { createHash } from 'node:crypto';
import { z } from 'zod';
import { GatehouseError } from '../errors.ts';
import type { ConnectionOf } from './nodes.ts';
import { fromCursor, toCursor } from './paging.ts';
import type { Place, Slice } from './segments.ts';

const cursorParts = z.tuple([
  z.string(),
  z.string(),
  z.string().nullable(),
  z.int().min(0).max(1000),
  z
    .string()
    .regex(/^u?\d{1,19}$/)
    .nullable(),
]);

/** A short mark of what a list shows, kept in its cursors: a cursor of another list or other filters is refused. */
export function markOf(...what: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('base64url').slice(0, 8);
}

/** The place that `after` stands for, null for the beginning; throws BAD_USER_INPUT for a cursor that this list did not give. */
export function placeAfter(after: string | null | undefined, mark: string): Place | null {
  const text = fromCursor(after);
  if (text === null) return null;
  const parts = cursorParts.safeParse(parsed(text)).data;
  if (parts?.[0] !== mark) {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      'after is a cursor of another list, or of this one with other filters; leave it out to begin at the start.',
    );
  }
  const [, segment, inner, skip, last] = parts;
  return { segment, after: inner, skip, last };
}

/** The answer to a paged field, out of what was read. */
export function pageOf<T, N>(
  slice: Slice<T>,
  list: { mark: string; after: string | null | undefined; toNode: (entry: T) => N },
): ConnectionOf<N> {
  const { found, hasNextPage, totalCount } = slice;
  const cursorOf = (place: Place): string =>
    toCursor(JSON.stringify([list.mark, place.segment, place.after, place.skip, place.last]));
  const nodes = found.map(({ node }) => list.toNode(node));
  const [first] = found;
  return {
    nodes,
    // Made when asked for: most callers want the nodes alone, and a cursor costs more than the row it belongs to.
    get edges() {
      return found.map(({ place }, index) => ({ cursor: cursorOf(place), node: nodes[index] as N }));
    },
    pageInfo: {
      hasNextPage,
      hasPreviousPage: list.after != null,
      startCursor: first ? cursorOf(first.place) : null,
      endCursor: slice.end ? cursorOf(slice.end) : null,
    },
    totalCount,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
