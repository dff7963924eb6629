import type { Resolvers } from '../generated/resolvers.ts';
import { auditEvent, auditQueries } from './audit.ts';
import { node, nodeQueries } from './node.ts';
import { scalars } from './scalars.ts';
import { viewerQueries } from './viewer.ts';

/** Every resolver of the public schema; a field that is missing here is the property of its parent that has its name. */
export const resolvers: Resolvers = {
  ...scalars,
  Query: { ...viewerQueries, ...nodeQueries, ...auditQueries },
  Node: node,
  MembershipSource: { __resolveType: (source) => (source.kind === 'group' ? 'Group' : 'Project') },
  AuditEvent: auditEvent,
};
