import type { PageRequest } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { Page } from '../gitlab/records.ts';

/** GitLab cuts every page to this (docs/gitlab.md §pages). */
export const LARGEST_PAGE = 100;
/** How many of GitLab's pages one of ours may cost; beyond it the page comes out short and says that more follows. */
const MOST_READS = 12;
/** How many segments the first page of a list asks for at once. */
const SEGMENTS_AHEAD = 4;

/** One of the lists that a list consists of. */
export type Segment<T> = {
  /** Names the segment in cursors; segments stand in the order of their names. */
  name: string;
  read: (page: PageRequest) => Promise<SegmentPage<T>>;
  /** Numbers of rows fall along the list, so that a place in it is known even when the row there is gone. */
  newestFirst: boolean;
};

/** `thinned`: entries were left out of GitLab's page, so that "more follows" must be seen, not believed. */
export type SegmentPage<T> = Page<T> & { thinned?: boolean };

/** A place in a list: in a segment, on the page after `after`, behind the first `skip` entries, of which `last` is the last. */
export type Place = { segment: string; after: string | null; skip: number; last: string | null };

export type Found<T> = { node: T; place: Place };

export type Reading<T> = {
  segments: readonly Segment<T>[];
  /** Where to go on; null: from the beginning. */
  start: Place | null;
  first: number;
  idOf: (entry: T) => string;
  /** Entries that do not pass are read over; null: all pass. */
  keep: ((entry: T) => boolean) | null;
  /** Whether the first page of the list asks for several segments at once, where they share a call to GitLab. */
  ahead: boolean;
};

/** `end` is where the next page goes on: it may lie behind the last entry, when reading on found none. */
export type Slice<T> = { found: Found<T>[]; hasNextPage: boolean; end: Place | null; totalCount: number | null };

/**
 * Reads a page of a list that consists of several lists, one behind the other, each with GitLab's own cursors. Every entry
 * comes exactly once whatever the page sizes, also when rows before the cursor have gone. "More follows" is looked up where it
 * must be: at the end of a segment, and where entries are filtered.
 */
export async function readSegments<T>(reading: Reading<T>): Promise<Slice<T>> {
  const { segments, start, first, idOf } = reading;
  const size = reading.keep === null ? first : LARGEST_PAGE;
  const ahead = start === null && reading.ahead ? readAhead(segments, size) : new Map<string, never>();
  const found: Found<T>[] = [];
  let totalCount: number | null = null;
  let reads = 0;
  for (let at = beginning(segments, start); at !== null;) {
    const { index, segment, place } = at;
    if (reads === MOST_READS) return { found, hasNextPage: true, end: place, totalCount };
    const early = place.after === null ? ahead.get(segment.name) : undefined;
    const page = await (early ??
      segment.read({ first: Math.min(LARGEST_PAGE, size + place.skip), after: place.after }));
    reads += 1;
    if (segments.length === 1) totalCount = page.totalCount;
    const next = following(segments, index, page);
    for (let position = firstAfter(page.items, place, segment, idOf); position < page.items.length; position += 1) {
      const node = page.items[position];
      if (node === undefined || reading.keep?.(node) === false) continue;
      if (found.length === first) return { found, hasNextPage: true, end: endOf(found), totalCount };
      const here = { segment: segment.name, after: place.after, skip: position + 1, last: idOf(node) };
      const used = position === page.items.length - 1;
      found.push({ node, place: used && next !== null ? next.place : here });
    }
    const believed = reading.keep === null && page.thinned !== true && page.hasNextPage;
    if (found.length === first && believed) return { found, hasNextPage: true, end: endOf(found), totalCount };
    at = next;
  }
  return { found, hasNextPage: false, end: endOf(found), totalCount };
}

type At<T> = { index: number; segment: Segment<T>; place: Place };

/** Asks for the first pages together; a failure counts only when the page's turn comes. */
function readAhead<T>(segments: readonly Segment<T>[], first: number): ReadonlyMap<string, Promise<SegmentPage<T>>> {
  return new Map(
    segments.slice(0, SEGMENTS_AHEAD).map((segment) => {
      const page = segment.read({ first, after: null });
      page.catch(() => undefined);
      return [segment.name, page] as const;
    }),
  );
}

/** Where to begin; a segment that is gone since (a share was taken back) is passed over. */
function beginning<T>(segments: readonly Segment<T>[], start: Place | null): At<T> | null {
  if (start === null) return startOf(segments, 0);
  const index = segments.findIndex((segment) => segment.name >= start.segment);
  const segment = segments[index];
  if (segment === undefined) return null;
  return segment.name === start.segment ? { index, segment, place: start } : startOf(segments, index);
}

function startOf<T>(segments: readonly Segment<T>[], index: number): At<T> | null {
  const segment = segments[index];
  return (segment && { index, segment, place: { segment: segment.name, after: null, skip: 0, last: null } }) || null;
}

/** Where reading goes on behind a page. */
function following<T>(segments: readonly Segment<T>[], index: number, page: Page<T>): At<T> | null {
  const segment = segments[index];
  if (!page.hasNextPage || segment === undefined) return startOf(segments, index + 1);
  if (page.endCursor === null) {
    throw new GitLabError(
      'UNREADABLE',
      'GitLab says that the list goes on, but not where. Ask with a token that sees more of it.',
    );
  }
  return { index, segment, place: { segment: segment.name, after: page.endCursor, skip: 0, last: null } };
}

/** The first position on the page that lies behind the place, also when the entry there has gone since. */
function firstAfter<T>(items: readonly T[], place: Place, segment: Segment<T>, idOf: (entry: T) => string): number {
  const { last, skip } = place;
  if (last === null) return skip;
  const known = items.findIndex((entry) => idOf(entry) === last);
  if (known >= 0) return known + 1;
  if (!segment.newestFirst) return Math.max(0, skip - 1);
  const older = items.findIndex((entry) => BigInt(idOf(entry)) < BigInt(last));
  return older < 0 ? items.length : older;
}

function endOf<T>(found: readonly Found<T>[]): Place | null {
  return found.at(-1)?.place ?? null;
}
