import { check, type RawParams } from './params.ts';
import type { Reply } from './reply.ts';
import { json, refuseError } from './reply.ts';

const MAX_COUNTED = 10_000;

/** Where a list's pages live: the address without page parameters, and the query as sent. */
export interface ListAddress {
  readonly url: string;
  readonly queryText: string;
  readonly params: RawParams;
}

/** The page asked for: `per_page` default 20, at most 100, never 0; `page` from 1. */
export function pageOf(params: RawParams): { page: number; perPage: number } {
  const sent = check(params, { page: { type: 'int' }, per_page: { type: 'int', except: [0] } });
  return { page: Math.max(1, sent.page ?? 1), perPage: Math.min(100, Math.max(1, sent.per_page ?? 20)) };
}

function pageUrl(address: ListAddress, changes: Record<string, string>): string {
  const query = new URLSearchParams(address.queryText);
  query.delete('private_token');
  query.delete('access_token');
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  return `${address.url}?${query.toString()}`;
}

/** One page of a list with GitLab's offset headers; over 10,000 rows without totals (docs/gitlab.md §pagination). */
export function paginate<T>(address: ListAddress, items: readonly T[], shape: (item: T) => unknown): Reply {
  const { page, perPage } = pageOf(address.params);
  const from = (page - 1) * perPage;
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const counted = items.length <= MAX_COUNTED;
  const next = from + perPage < items.length ? String(page + 1) : '';
  const prev = page > 1 && page - 1 <= pages ? String(page - 1) : '';
  const link = (rel: string, at: string): string =>
    `<${pageUrl(address, { page: at, per_page: String(perPage) })}>; rel="${rel}"`;
  const links = [
    ...(prev === '' ? [] : [link('prev', prev)]),
    ...(next === '' ? [] : [link('next', next)]),
    link('first', '1'),
    ...(counted ? [link('last', String(pages))] : []),
  ];
  return json(200, items.slice(from, from + perPage).map(shape), {
    Link: links.join(', '),
    'X-Next-Page': next,
    'X-Page': String(page),
    'X-Per-Page': String(perPage),
    'X-Prev-Page': prev,
    ...(counted ? { 'X-Total': String(items.length), 'X-Total-Pages': String(pages) } : {}),
  });
}

/** Refuses an offset beyond 50,000 rows, as `/users` does. */
export function capOffset(params: RawParams, type: string): void {
  const { page, perPage } = pageOf(params);
  if (page * perPage <= 50_000) return;
  throw refuseError(
    405,
    `Offset pagination has a maximum allowed offset of 50000 for requests that return objects of type ${type}. ` +
      'Remaining records can be retrieved using keyset pagination.',
  );
}

/** A keyset page whose `Link` is there as long as there are rows: `/projects`, by id. */
export function keysetById<T extends { id: number }>(
  address: ListAddress,
  items: readonly T[],
  shape: (item: T) => unknown,
): Reply {
  const { perPage } = pageOf(address.params);
  const rows = items.slice(0, perPage);
  const last = rows.at(-1);
  if (!last) return json(200, []);
  const bound = address.params['sort'] === 'asc' ? 'id_after' : 'id_before';
  const url = pageUrl(address, { [bound]: String(last.id) });
  return json(200, rows.map(shape), { Link: `<${url}>; rel="next"` });
}

/** A keyset page with an opaque cursor, absent at the end: `/users` and service accounts. */
export function keysetByCursor<T extends { id: number }>(
  address: ListAddress,
  items: readonly T[],
  shape: (item: T) => unknown,
): Reply {
  const { perPage } = pageOf(address.params);
  const cursor = address.params['cursor'];
  const after = typeof cursor === 'string' && cursor !== '' ? readCursor(cursor) : null;
  const start = after === null ? 0 : items.findIndex((item) => item.id === after) + 1;
  const rows = items.slice(start, start + perPage);
  const last = rows.at(-1);
  if (!last || start + perPage >= items.length) return json(200, rows.map(shape));
  const next = Buffer.from(JSON.stringify({ id: String(last.id) })).toString('base64url');
  const link = `<${pageUrl(address, { cursor: next })}>; rel="next"`;
  return json(200, rows.map(shape), { Link: link, 'X-NEXT-CURSOR': next });
}

function readCursor(cursor: string): number {
  const id = /"id":"(\d+)"/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (id === undefined) throw refuseError(400, 'cursor is invalid');
  return Number(id);
}
