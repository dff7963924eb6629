import { FieldError, InternalError } from './errors.ts';

/** Paging arguments of every connection. */
export interface PageArgs {
  readonly after?: string | null;
  readonly before?: string | null;
  readonly first?: number | null;
  readonly last?: number | null;
}

export type SortValue = string | number | null;

/** One column of an order. Empty values come last. */
export interface SortColumn<T> {
  readonly name: string;
  readonly get: (item: T) => SortValue;
  readonly descending: boolean;
}

/** What a connection pages over. */
export interface Listing<T> {
  readonly items: readonly T[];
  /** The last column must make the order total. */
  readonly order: readonly SortColumn<T>[];
  /** Rows the caller may not see are cut out after the page is taken (docs/gitlab.md §GraphQL pages). */
  readonly isVisible?: (item: T) => boolean;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: PageInfo;
  readonly count: (args: { limit?: number | null }) => number;
}

/** The largest page, and the size of a page nobody sized. */
export const MAX_PAGE = 100;

/**
 * One page of a keyset connection. Too large a page is cut to 100, a negative one to nothing; first with last, or a
 * cursor that is none, is an error of the field; a cursor of another order is GitLab's 500.
 */
export function keysetConnection<T>(listing: Listing<T>, args: PageArgs): Connection<T> {
  const { order } = listing;
  const sorted = listing.items
    .map((item) => ({ item, key: order.map((column) => column.get(item)) }))
    .sort((a, b) => compareKeys(order, a.key, b.key));
  const after = args.after == null ? null : decodeCursor(order, args.after);
  const before = args.before == null ? null : decodeCursor(order, args.before);
  const between = sorted
    .filter(
      ({ key }) => (!after || compareKeys(order, key, after) > 0) && (!before || compareKeys(order, key, before) < 0),
    )
    .map(({ item }) => item);
  return takePage(between, args, {
    cursorOf: (item) => encodeCursor(order, item),
    isVisible: listing.isVisible ?? ((): boolean => true),
    total: listing.items.length,
  });
}

/** One page of an offset connection: its cursor is a position. */
export function offsetConnection<T>(items: readonly T[], args: PageArgs): Connection<T> {
  const from = args.after == null ? 0 : decodeOffset(args.after);
  const to = args.before == null ? items.length : decodeOffset(args.before) - 1;
  const positions = new Map(items.map((item, index) => [item, index + 1]));
  return takePage(items.slice(from, Math.max(from, to)), args, {
    cursorOf: (item) => toBase64(String(positions.get(item) ?? 0)),
    isVisible: () => true,
    total: items.length,
  });
}

interface PageRules<T> {
  readonly cursorOf: (item: T) => string;
  readonly isVisible: (item: T) => boolean;
  readonly total: number;
}

function takePage<T>(between: readonly T[], args: PageArgs, rules: PageRules<T>): Connection<T> {
  const { after, before, first, last } = args;
  if (first != null && last != null) {
    throw new FieldError('Can only provide either `first` or `last`, not both');
  }
  const size = Math.max(0, Math.min(first ?? last ?? MAX_PAGE, MAX_PAGE));
  const fromEnd = last != null;
  const page = fromEnd ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size);
  const hasMore = between.length > page.length;
  const nodes = page.filter(rules.isVisible);
  const edges = nodes.map((node) => ({ node, cursor: rules.cursorOf(node) }));
  return {
    nodes,
    edges,
    pageInfo: {
      hasNextPage: before != null || (!fromEnd && hasMore),
      hasPreviousPage: after != null || (fromEnd && hasMore),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    count: ({ limit }) => (limit == null ? rules.total : Math.min(rules.total, limit + 1)),
  };
}

function compareKeys<T>(order: readonly SortColumn<T>[], a: readonly SortValue[], b: readonly SortValue[]): number {
  for (const [index, column] of order.entries()) {
    const difference = compareValues(a[index] ?? null, b[index] ?? null, column.descending);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === descending ? 1 : -1;
}

function encodeCursor<T>(order: readonly SortColumn<T>[], item: T): string {
  return toBase64(JSON.stringify(Object.fromEntries(order.map((column) => [column.name, column.get(item)]))));
}

function decodeCursor<T>(order: readonly SortColumn<T>[], cursor: string): SortValue[] {
  const fields = parseObject(Buffer.from(cursor, 'base64url').toString('utf8'));
  return order.map(({ name }) => {
    const value = fields[name];
    if (value === undefined) throw new InternalError(`the cursor has no ${name}: it belongs to another order`);
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw invalidCursor();
  }
  throw invalidCursor();
}

function decodeOffset(cursor: string): number {
  const position = Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Number.isInteger(position) || position < 0) throw invalidCursor();
  return position;
}

function invalidCursor(): FieldError {
  return new FieldError('Please provide a valid cursor');
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
