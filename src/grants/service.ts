import type { GrantRow, Problem, Snapshot } from '../store/grants.ts';
import type { SourceRef } from '../gitlab/records.ts';

/** A person or place as the caller named it; our global ids are already taken apart. */
export type UserPointer = { by: 'id'; id: string } | { by: 'username'; username: string };
export type TargetPointer = { by: 'id'; ref: SourceRef } | { by: 'path'; kind: SourceRef['kind']; fullPath: string };

export type GrantInput = {
  connectionId: string;
  user: UserPointer;
  target: TargetPointer;
  accessLevel: number;
  memberRoleId: string | null;
  durationMs: number | null;
  expiresAt: Date | null;
  startsAt: Date | null;
  reason: string;
  ticket: string | null;
  idempotencyKey: string | null;
};

export type ExtendInput = {
  grantId: string;
  durationMs: number | null;
  expiresAt: Date | null;
  reason: string;
  idempotencyKey: string | null;
};

export type RevokeInput = {
  access:
    | { by: 'grant'; grantId: string }
    | { by: 'membership'; connectionId: string; user: UserPointer; target: TargetPointer };
  reason: string;
  abandon: boolean;
  idempotencyKey: string | null;
};

export type RevocationRow = {
  id: string;
  keyId: string;
  connectionId: string | null;
  source: { kind: SourceRef['kind']; id: string; path: string };
  user: { id: string; username: string };
  requestedBy: string;
  reason: string;
  requestedAt: Date;
  verifiedAt: Date | null;
  problem: Problem | null;
  removed: Snapshot | null;
};

export type GrantFilterInput = {
  connectionId?: string | null;
  statuses?: readonly GrantRow['status'][] | null;
  username?: string | null;
  targetPath?: string | null;
  requestedBy?: string | null;
  overdue?: boolean | null;
  expiresBefore?: Date | null;
  /** Narrowings of our own, for `User.grants`. */
  userId?: string | null;
  instanceId?: string | null;
};

/** Newest first; `beforeId` is the last id of the page before. */
export type LedgerPage<T> = { rows: T[]; hasNextPage: boolean; totalCount: number };

/** Ids are our row ids. Methods throw `Refusal` for what the caller can mend; nothing is stored then. */
export type GrantsService = {
  grant(actor: string, input: GrantInput): Promise<GrantRow>;
  extend(actor: string, input: ExtendInput): Promise<GrantRow>;
  revoke(actor: string, input: RevokeInput): Promise<{
    grants: GrantRow[];
    revocation: RevocationRow | null;
    verifiedAt: Date | null;
    problem: Problem | null;
    key: { connectionId: string | null; source: SourceRef; userId: string };
  }>;
  byId(id: string): Promise<GrantRow | null>;
  list(filter: GrantFilterInput, page: { first: number; beforeId: string | null }): Promise<LedgerPage<GrantRow>>;
  revocationById(id: string): Promise<RevocationRow | null>;
  revocations(
    filter: { pendingOnly: boolean },
    page: { first: number; beforeId: string | null },
  ): Promise<LedgerPage<RevocationRow>>;
  /** Unended grants that explain rows: keyed `kind:sourceId:userId`. For `Member.grant`. */
  standingAt(
    instanceId: string,
    keys: readonly { source: SourceRef; userId: string }[],
  ): Promise<Map<string, GrantRow>>;
};
