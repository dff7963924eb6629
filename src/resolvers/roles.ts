import { GatehouseError } from '../errors.ts';
import type { Mutation, Query } from '../generated/resolvers.ts';
import type { Caller, Role } from './services.ts';

const LADDER: readonly Role[] = ['VIEWER', 'REQUESTER', 'APPROVER', 'ADMIN'];

/** The role that each root field needs. A field that is missing here does not compile, and is refused to everybody. */
export const ROOT_FIELD_ROLES: { Query: Record<keyof Query, Role>; Mutation: Record<keyof Mutation, Role> } = {
  Query: {
    viewer: 'VIEWER',
    node: 'VIEWER',
    connections: 'VIEWER',
    connection: 'VIEWER',
    grants: 'VIEWER',
    revocations: 'VIEWER',
    auditEvents: 'VIEWER',
  },
  Mutation: {
    testConnection: 'ADMIN',
    saveConnection: 'ADMIN',
    updateConnection: 'ADMIN',
    deleteConnection: 'ADMIN',
    rotateConnectionToken: 'ADMIN',
    rotateHookSecret: 'ADMIN',
    grantAccess: 'REQUESTER',
    extendGrant: 'REQUESTER',
    revokeAccess: 'REQUESTER',
    startExtraction: 'ADMIN',
    cancelExtraction: 'ADMIN',
  },
};

/** The role that a root field needs; null for a field that declares none. */
export function roleOf(typeName: string, fieldName: string): Role | null {
  const roles: Record<string, Role> = typeName === 'Query' ? ROOT_FIELD_ROLES.Query : ROOT_FIELD_ROLES.Mutation;
  return Object.hasOwn(roles, fieldName) ? (roles[fieldName] ?? null) : null;
}

/** Whether the caller has this role or one above it. */
export function hasRole(caller: Caller, role: Role): boolean {
  return caller.roles.some((held) => LADDER.indexOf(held) >= LADDER.indexOf(role));
}

/** Throws FORBIDDEN, naming the role and what it is needed for, where the caller has neither it nor one above it. */
export function requireRole(caller: Caller, role: Role, what: string): void {
  if (hasRole(caller, role)) return;
  throw new GatehouseError(
    'FORBIDDEN',
    `${what} needs the role ${role}. Use a key that has it, or ask an administrator.`,
  );
}
