import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PageRequest } from '../../src/gitlab/client.ts';
import { readSegments, type Place, type Segment, type Slice } from '../../src/resolvers/segments.ts';

type Row = { id: number };

/** A list as GitLab pages it, newest first; the cursor is the last id shown. */
function segment(name: string, rows: () => Row[], asked: PageRequest[] = []): Segment<Row> {
  return {
    name,
    newestFirst: true,
    read: (page) => {
      asked.push(page);
      const left = rows().filter(({ id }) => page.after === null || id < Number(page.after));
      const items = left.slice(0, page.first);
      const endCursor = items.at(-1)?.id.toString() ?? null;
      return Promise.resolve({ items, hasNextPage: items.length < left.length, endCursor, totalCount: null });
    },
  };
}

function falling(count: number, from = count): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: from - index }));
}

const base = { idOf: ({ id }: Row) => String(id), keep: null, ahead: true };

describe('a list that consists of lists', () => {
  it('gives every entry exactly once and in order, whatever the lengths, page sizes and filter', async () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 250 }), { maxLength: 5 });
    const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lengths, sizes, fc.option(fc.integer({ min: 2, max: 7 })), async (counts, firsts, every) => {
        const keep = every === null ? null : ({ id }: Row): boolean => id % every === 0;
        const lists = counts.map((count, index) => falling(count, (index + 1) * 1000 + count));
        const segments = lists.map((rows, index) => segment(String(index), () => rows));
        const seen: Row[] = [];
        let start: Place | null = null;
        for (let page = 0; ; page += 1) {
          const first: number = firsts[page % firsts.length] ?? 1;
          const slice: Slice<Row> = await readSegments({ ...base, segments, keep, first, start });
          expect(slice.found.length).toBeLessThanOrEqual(first);
          seen.push(...slice.found.map(({ node }) => node));
          if (!slice.hasNextPage) break;
          expect(slice.found.length).toBe(first);
          start = slice.end;
        }
        expect(seen).toEqual(lists.flat().filter((row) => keep?.(row) ?? true));
      }),
      { numRuns: 150 },
    );
  });

  it('goes on right from the cursor of any entry, also with another page size', async () => {
    const lists = [falling(7, 1007), falling(0), falling(23, 3023)];
    const segments = lists.map((rows, index) => segment(String(index), () => rows));
    const all = await readSegments({ ...base, segments, first: 100, start: null });
    for (const [index, { place }] of all.found.entries()) {
      const rest = await readSegments({ ...base, segments, first: 3, start: place });
      expect(rest.found.map(({ node }) => node)).toEqual(lists.flat().slice(index + 1, index + 4));
    }
  });

  it('skips nobody when rows before the cursor have gone, the last one shown included', async () => {
    let rows = falling(30, 30);
    const segments = [segment('0', () => falling(3, 903)), segment('1', () => rows)];
    const first = await readSegments({ ...base, segments, first: 10, start: null });
    expect(first.found.at(-1)?.node.id).toBe(24);
    rows = rows.filter(({ id }) => id !== 24 && id !== 27);
    const second = await readSegments({ ...base, segments, first: 10, start: first.end });
    expect(second.found.map(({ node }) => node.id)).toEqual([23, 22, 21, 20, 19, 18, 17, 16, 15, 14]);
  });

  it('passes over a segment that has gone since', async () => {
    const both = [segment('3:a', () => falling(5, 105)), segment('3:b', () => falling(5, 205))];
    const first = await readSegments({ ...base, segments: both, first: 2, start: null });
    const second = await readSegments({ ...base, segments: both.slice(1), first: 9, start: first.end });
    expect(second.found.map(({ node }) => node.id)).toEqual([205, 204, 203, 202, 201]);
  });

  it('asks once for a page inside a segment, and does not look ahead where GitLab says that more follows', async () => {
    const asked: PageRequest[] = [];
    const segments = [segment('0', () => falling(1000, 1000), asked)];
    const first = await readSegments({ ...base, segments, first: 20, start: null });
    const ahead = asked.length;
    const second = await readSegments({ ...base, segments, first: 20, start: first.end });
    expect({ reads: asked.length - ahead, more: second.hasNextPage }).toEqual({ reads: 1, more: true });
  });

  it('reads on for a sparse filter, but not without end: a short page says that more follows and goes on behind what was read', async () => {
    const asked: PageRequest[] = [];
    const segments = [segment('0', () => falling(3000, 3000), asked)];
    const keep = ({ id }: Row): boolean => id === 1;
    const pages = [];
    let start: Place | null = null;
    do {
      const slice: Slice<Row> = await readSegments({ ...base, segments, keep, first: 20, start });
      pages.push(slice.found.map(({ node }) => node.id));
      start = slice.hasNextPage ? slice.end : null;
    } while (start !== null);
    expect(pages).toEqual([[], [], [1]]);
    expect(asked.length).toBeLessThan(40);
  });

  it('refuses to begin again where GitLab says that more follows but not where', async () => {
    const lost: Segment<Row> = {
      name: '0',
      newestFirst: true,
      read: () => Promise.resolve({ items: [], hasNextPage: true, endCursor: null, totalCount: null }),
    };
    await expect(readSegments({ ...base, segments: [lost], first: 5, start: null })).rejects.toMatchObject({
      code: 'UNREADABLE',
    });
  });
});
