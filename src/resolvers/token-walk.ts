import { z } from 'zod';
import { GatehouseError } from '../errors.ts';
import type { PageRequest, TokenHolder, TokensQuery } from '../gitlab/client.ts';
import type { AccessTokenRecord, Page } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { SegmentPage } from './segments.ts';

/** How many groups, projects or service accounts are asked for their tokens at once. */
const HOLDERS = 10;

/** Who has tokens, by number. A page of them is in order of the numbers. */
export type Holders = (page: PageRequest) => Promise<Page<TokenHolder & { id: string }>>;

/** How far a walk has come: on the page of holders after `holders`, `from` is next, after its own page `tokens`. */
const cursorSchema = z.tuple([z.string().nullable(), z.string().regex(/^\d{1,19}$/), z.string().nullable()]);
type Cursor = z.output<typeof cursorSchema>;

const BEGINNING: Cursor = [null, '0', null];

/**
 * The next tokens of all of these holders, one after the other: as many calls as it takes to list ten holders, and one for each
 * that is asked. A failure of one is a failure of the page.
 */
export async function walkHolders(
  loaders: Pick<Loaders, 'accessTokens'>,
  list: Holders,
  query: TokensQuery,
): Promise<SegmentPage<AccessTokenRecord>> {
  const [holdersAfter, from, tokensAfter] = query.after === null ? BEGINNING : decode(query.after);
  const holders = await list({ first: HOLDERS, after: holdersAfter });
  const left = holders.items.filter(({ id }) => BigInt(id) >= BigInt(from));
  // Within one holder's tokens only that one is asked: how many of those behind it are needed is not known yet.
  const next = tokensAfter === null ? left : left.slice(0, 1);
  const pages = await Promise.all(
    next.map(async (holder) => {
      const after = holder.id === from ? tokensAfter : null;
      return loaders.accessTokens.load({ ...query, holder, after });
    }),
  );
  const unfinished = pages.findIndex((page) => page.hasNextPage);
  const read = unfinished < 0 ? pages : pages.slice(0, unfinished + 1);
  const cursor = following(holders, left, read, holdersAfter);
  return {
    items: read.flatMap((page) => page.items),
    hasNextPage: cursor !== null,
    endCursor: cursor && encode(cursor),
    totalCount: null,
    thinned: true,
  };
}

/** Where the walk goes on behind these pages, of the first of the holders that were left; null at the end. */
function following(
  holders: Page<{ id: string }>,
  left: readonly { id: string }[],
  read: readonly Page<AccessTokenRecord>[],
  holdersAfter: string | null,
): Cursor | null {
  const last = read.at(-1);
  const current = left[read.length - 1];
  if (last?.hasNextPage === true && current !== undefined) return [holdersAfter, current.id, last.endCursor];
  const behind = left[read.length];
  if (behind !== undefined) return [holdersAfter, behind.id, null];
  return holders.hasNextPage ? [holders.endCursor, '0', null] : null;
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
