import type { Resolvers } from '../generated/resolvers.ts';
import { accessToken } from './access-token.ts';
import { access } from './access.ts';
import { auditEvent, auditQueries } from './audit.ts';
import { connectionReads } from './connection-reads.ts';
import { connectionFields, connectionMutations, connectionQueries, connectionToken } from './connections.ts';
import { extraction, extractionMutations, extractionsOfConnection } from './extraction.ts';
import { grantMutations, revokeAccessPayload } from './grant-mutations.ts';
import { grant, grantProblem, grantQueries, membershipSnapshot } from './grant.ts';
import { group } from './group.ts';
import { member } from './member.ts';
import { node, nodeQueries } from './node.ts';
import { project } from './project.ts';
import { revocation, revocationQueries } from './revocation.ts';
import { answerPage, insight, insightOfConnection } from './questions.ts';
import { removalEffect } from './removal.ts';
import { scalars } from './scalars.ts';
import { membershipSource } from './source.ts';
import { user } from './user.ts';
import { viewerQueries } from './viewer.ts';

/** Every resolver of the public schema; a field that is missing here is the property of its parent that has its name. */
export const resolvers: Resolvers = {
  ...scalars,
  Query: {
    ...viewerQueries,
    ...nodeQueries,
    ...connectionQueries,
    ...grantQueries,
    ...revocationQueries,
    ...auditQueries,
  },
  Mutation: { ...connectionMutations, ...grantMutations, ...extractionMutations },
  Node: node,
  Connection: { ...connectionFields, ...connectionReads, ...insightOfConnection, ...extractionsOfConnection },
  ConnectionToken: connectionToken,
  MembershipSource: membershipSource,
  Group: group,
  Project: project,
  User: user,
  Member: member,
  Access: access,
  AccessToken: accessToken,
  Grant: grant,
  GrantProblem: grantProblem,
  MembershipSnapshot: membershipSnapshot,
  RevokeAccessPayload: revokeAccessPayload,
  Revocation: revocation,
  AuditEvent: auditEvent,
  Insight: insight,
  ReachConnection: answerPage,
  ExtractedMembershipConnection: answerPage,
  DormantHolderConnection: answerPage,
  MembershipChangeConnection: answerPage,
  RemovalEffect: removalEffect,
  Extraction: extraction,
};
