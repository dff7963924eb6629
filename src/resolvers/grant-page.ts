import type { GrantFilter } from '../generated/resolvers.ts';
import type { GrantListFilter } from '../store/grant-lists.ts';
import { fromGlobalId } from './global-id.ts';
import type { ConnectionOf, GrantNode } from './nodes.ts';
import { ledgerPage, toConnection } from './paging.ts';
import type { Context } from './services.ts';

export type GrantsArgs = { filter?: GrantFilter | null; first: number; after?: string | null };

/** A page of grants, newest first. `narrowing` holds beside the caller's filter: a grant must match both. */
export async function grantsPage(
  { services }: Context,
  args: GrantsArgs,
  narrowing: Pick<GrantListFilter, 'connectionId' | 'userId' | 'instanceId'> = {},
): Promise<ConnectionOf<GrantNode>> {
  const page = ledgerPage(args);
  const { connectionId: filterId, ...filter } = args.filter ?? {};
  const wantedId = filterId == null ? null : fromGlobalId(filterId, 'Connection').id;
  const { connectionId = null } = narrowing;
  if (wantedId !== null && connectionId !== null && wantedId !== connectionId) {
    return toConnection<GrantNode>([], ({ id }) => id, { hasNextPage: false, totalCount: 0 });
  }
  const found = await services.grants.list({ ...filter, ...narrowing, connectionId: wantedId ?? connectionId }, page);
  return toConnection(found.rows, ({ id }) => id, found);
}
