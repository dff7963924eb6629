import { GatehouseError } from '../errors.ts';
import type { PageRequest } from '../gitlab/client.ts';
import type { Page, SourceRecord, UserRecord } from '../gitlab/records.ts';
import type { KeyLoader } from '../loaders/batch.ts';
import type { ConnectionOf } from './nodes.ts';
import { atMostOnePage, pageSize, toConnection } from './paging.ts';
import { markOf, pageOf, placeAfter } from './places.ts';
import { readSegments } from './segments.ts';
import { toNode } from './to-node.ts';

type Asked = { first: number; after?: string | null };
type Node<T> = T & { connectionId: string };

/** A page of one of GitLab's own lists. `about` is all that decides what the list shows; cursors are good for that alone. */
export async function readList<T extends SourceRecord | UserRecord>(list: {
  connectionId: string;
  about: unknown[];
  asked: Asked;
  read: (page: PageRequest) => Promise<Page<T>>;
}): Promise<ConnectionOf<Node<T>>> {
  const { connectionId, asked } = list;
  const mark = markOf(connectionId, list.about);
  const slice = await readSegments<T>({
    segments: [{ name: '0', newestFirst: false, read: list.read }],
    start: placeAfter(asked.after, mark),
    first: pageSize(asked.first),
    idOf: (entry) => entry.id,
    keep: null,
    ahead: false,
  });
  return pageOf(slice, { mark, after: asked.after, toNode: (entry) => toNode(connectionId, entry) });
}

/** The things with these names: one node each that exists, in the order asked, on one page whatever its size. */
export async function readNamed<T extends SourceRecord | UserRecord>(look: {
  connectionId: string;
  argument: 'fullPaths' | 'usernames';
  names: readonly string[];
  loader: KeyLoader<string, T | null>;
  /** The list's other arguments: none of them goes with names. */
  others: { first: number; after?: string | null; search?: string | null; topLevelOnly?: boolean };
}): Promise<ConnectionOf<Node<T>>> {
  const { connectionId, argument, names, loader, others } = look;
  pageSize(others.first);
  atMostOnePage(names, argument);
  const { after = null, search = null, topLevelOnly = false } = others;
  if (after !== null || search !== null || topLevelOnly) {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      `${argument} looks up exactly what it names: leave out search, after and topLevelOnly beside it, or leave out ${argument}.`,
    );
  }
  const found = await Promise.all(names.map((name) => loader.load(name)));
  const things = new Map(
    found.filter((thing) => thing !== null).map((thing) => [thing.id, toNode(connectionId, thing)]),
  );
  return toConnection([...things.values()], (thing) => thing.id, { hasNextPage: false, totalCount: things.size });
}
