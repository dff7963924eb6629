import type { AuditEventResolvers, QueryResolvers } from '../generated/resolvers.ts';
import { findAudit, listAudit } from '../store/audit-reads.ts';
import type { AuditFilter } from '../store/audit-reads.ts';
import { fromGlobalId, toGlobalId } from './global-id.ts';
import type { AuditEventNode, ConnectionOf } from './nodes.ts';
import { ledgerPage, toConnection } from './paging.ts';
import type { Context } from './services.ts';

/** A page of the audit chain, newest first. Ids in the filter are row ids. */
export async function auditPage(
  { services }: Context,
  filter: AuditFilter,
  args: { first: number; after?: string | null },
): Promise<ConnectionOf<AuditEventNode>> {
  const { first, beforeId } = ledgerPage(args);
  const page = await listAudit(services.store.db, filter, { first, beforeSequence: beforeId });
  return toConnection(page.events, (event) => event.sequence, page);
}

/** One event by its sequence; null where there is none. */
export async function auditEventById({ services }: Context, sequence: string): Promise<AuditEventNode | null> {
  return findAudit(services.store.db, sequence);
}

/** `Query.auditEvents`. */
export const auditQueries: Pick<QueryResolvers, 'auditEvents'> = {
  auditEvents: (_root, { filter, ...page }, context) =>
    auditPage(
      context,
      {
        ...filter,
        grantId: filter?.grantId == null ? null : fromGlobalId(filter.grantId, 'Grant').id,
        connectionId: filter?.connectionId == null ? null : fromGlobalId(filter.connectionId, 'Connection').id,
      },
      page,
    ),
};

export const auditEvent: AuditEventResolvers = {
  id: (event) => toGlobalId('AuditEvent', event.sequence),
  sequence: (event) => Number(event.sequence),
  grant: (event, _args, { services }) => (event.grantId === null ? null : services.grants.byId(event.grantId)),
  connection: (event, _args, { services }) =>
    event.connectionId === null ? null : services.connections.byId(event.connectionId),
};
