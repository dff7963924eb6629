import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TokenHolder } from '../../src/gitlab/client.ts';
import { GitLabError } from '../../src/gitlab/errors.ts';
import type { AccessTokenRecord, Page } from '../../src/gitlab/records.ts';
import { batchLoader } from '../../src/loaders/batch.ts';
import type { TokensQuestion } from '../../src/loaders/tokens.ts';
import { readSegments, type Place } from '../../src/resolvers/segments.ts';
import { walkHolders, type Holders } from '../../src/resolvers/token-walk.ts';

/** How many tokens each of some groups has; their numbers leave gaps. */
type Counts = readonly { gap: number; tokens: number }[];

const idsOf = (counts: Counts): number[] =>
  counts.map((_, at) => counts.slice(0, at + 1).reduce((sum, { gap }) => sum + gap, 0));

/** A page of a list by the number of rows before it, as GitLab's are. */
function pageOf<T>(all: readonly T[], { first, after }: { first: number; after: string | null }): Page<T> {
  const start = Number(after ?? '0');
  const end = start + first;
  const items = all.slice(start, end);
  return {
    items,
    hasNextPage: end < all.length,
    endCursor: items.length > 0 ? String(start + items.length) : null,
    totalCount: null,
  };
}

function recordOf(id: string): AccessTokenRecord {
  const none = { createdAt: null, expiresAt: null, lastUsedAt: null, source: null, accessLevel: null };
  return { id, name: '', userId: '1', scopes: [], active: true, revoked: false, ...none };
}

function worldOf(counts: Counts) {
  const ids = idsOf(counts);
  const tokens = new Map(
    counts.map(({ tokens: count }, at) => [
      String(ids[at]),
      Array.from({ length: count }, (_, n) => recordOf(`${String(ids[at])}00${String(n)}`)),
    ]),
  );
  const holders: Holders = (page) =>
    Promise.resolve(
      pageOf(
        ids.map((id): TokenHolder & { id: string } => ({ kind: 'group', id: String(id) })),
        page,
      ),
    );
  let asked = 0;
  const accessTokens = batchLoader<TokensQuestion, Page<AccessTokenRecord>>({
    cacheKey: (question) => JSON.stringify(question),
    read: (questions) => {
      asked += questions.length;
      const answer = ({ holder, ...page }: TokensQuestion) => {
        const own = holder.kind === 'instance' ? undefined : tokens.get(holder.id);
        return own ? pageOf(own, page) : new GitLabError('NOT_FOUND', 'There is no such group.');
      };
      return Promise.resolve(new Map(questions.map((question) => [JSON.stringify(question), answer(question)])));
    },
  });
  return {
    all: [...tokens.values()].flat().map(({ id }) => id),
    asked: () => asked,
    page: (start: Place | null, first: number) =>
      readSegments<AccessTokenRecord>({
        segments: [{ name: 'group', newestFirst: false, read: (page) => walkHolders({ accessTokens }, holders, page) }],
        start,
        first,
        idOf: ({ id }) => id,
        keep: null,
        ahead: false,
      }),
  };
}

const anyCounts = fc.array(
  fc.record({ gap: fc.integer({ min: 1, max: 5 }), tokens: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 7 })) }),
  { maxLength: 45 },
);

it('a walk over any groups ends, and gives every token once and in order, whatever the page sizes', async () => {
  await fc.assert(
    fc.asyncProperty(anyCounts, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), async (counts, sizes) => {
      const world = worldOf(counts);
      const seen: string[] = [];
      let start: Place | null = null;
      for (let pages = 0; ; pages += 1) {
        const size = sizes[pages % sizes.length] ?? 1;
        const { found, hasNextPage, end } = await world.page(start, size);
        expect(found.length).toBeLessThanOrEqual(size);
        seen.push(...found.map(({ node }) => node.id));
        if (!hasNextPage) break;
        expect(pages).toBeLessThan(1000);
        start = end;
      }
      expect(seen).toEqual(world.all);
    }),
    { numRuns: 200 },
  );
});

it('a walk goes on behind any row that it gave', async () => {
  await fc.assert(
    fc.asyncProperty(anyCounts, fc.integer({ min: 1, max: 12 }), async (counts, size) => {
      const world = worldOf(counts);
      const { found } = await world.page(null, size);
      for (const [at, { place }] of found.entries()) {
        const next = await world.page(place, 3);
        expect(next.found.map(({ node }) => node.id)).toEqual(world.all.slice(at + 1, at + 4));
      }
    }),
    { numRuns: 100 },
  );
});

it('a page costs a bounded number of calls, however many groups have no token at all', async () => {
  const world = worldOf(Array.from({ length: 500 }, () => ({ gap: 1, tokens: 0 })));
  const { found, hasNextPage, end } = await world.page(null, 20);
  expect({ found, hasNextPage }).toEqual({ found: [], hasNextPage: true });
  expect(end).not.toBeNull();
  expect(world.asked()).toBeLessThanOrEqual(120);
});

it('a cursor that is none is refused', async () => {
  const world = worldOf([{ gap: 1, tokens: 1 }]);
  const place = { segment: 'group', after: 'nonsense', skip: 0, last: null };
  await expect(world.page(place, 1)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});
