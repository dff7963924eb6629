import { z } from 'zod';
import { GatehouseError } from '../errors.ts';
import type { TokensQuery } from '../gitlab/client.ts';
import type { AccessTokenRecord, Page, SourceKind } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { SegmentPage } from './segments.ts';

/** How many groups or projects are asked for their tokens at once. */
const SOURCES = 10;

/** How far a walk has come: in the page of sources after `sources`, the source `from` is next, after its token page `tokens`. */
const cursorSchema = z.tuple([z.string().nullable(), z.string().regex(/^\d{1,19}$/), z.string().nullable()]);
type Cursor = z.output<typeof cursorSchema>;

const BEGINNING: Cursor = [null, '0', null];

/**
 * The next tokens of all groups that the connection's user owns, or projects that it maintains, one after the other in order of
 * their numbers. One call for a page of them, and one for each that is asked; a failure of one is a failure of the page.
 */
export async function walkManaged(
  loaders: Loaders,
  kind: SourceKind,
  query: TokensQuery,
): Promise<SegmentPage<AccessTokenRecord>> {
  const [sourcesAfter, from, tokensAfter] = query.after === null ? BEGINNING : decode(query.after);
  const asked = { kind, topLevelOnly: false, first: SOURCES, after: sourcesAfter };
  const sources = await loaders.managedSources.load(asked);
  const left = sources.items.filter(({ id }) => BigInt(id) >= BigInt(from));
  // Within a source only that one is asked: how many of those behind it are needed is not known yet.
  const next = tokensAfter === null ? left : left.slice(0, 1);
  const pages = await Promise.all(
    next.map(async (holder) => {
      const after = holder.id === from ? tokensAfter : null;
      return loaders.accessTokens.load({ ...query, holder, after });
    }),
  );
  const unfinished = pages.findIndex((page) => page.hasNextPage);
  const read = unfinished < 0 ? pages : pages.slice(0, unfinished + 1);
  const cursor = following(sources, left, read, sourcesAfter);
  return {
    items: read.flatMap((page) => page.items),
    hasNextPage: cursor !== null,
    endCursor: cursor && encode(cursor),
    totalCount: null,
    thinned: true,
  };
}

/** Where the walk goes on behind these pages, of the first of the sources that were left; null at the end. */
function following(
  sources: Page<{ id: string }>,
  left: readonly { id: string }[],
  read: readonly Page<AccessTokenRecord>[],
  sourcesAfter: string | null,
): Cursor | null {
  const last = read.at(-1);
  const current = left[read.length - 1];
  if (last?.hasNextPage === true && current !== undefined) return [sourcesAfter, current.id, last.endCursor];
  const behind = left[read.length];
  if (behind !== undefined) return [sourcesAfter, behind.id, null];
  return sources.hasNextPage ? [sources.endCursor, '0', null] : null;
}

function encode(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function decode(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      'after is not a cursor that this list gave; leave it out to begin at the start.',
    );
  }
}
