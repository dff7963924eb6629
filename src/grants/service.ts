import type { UserError } from '../errors.ts';
import type { GrantListFilter, ListPage, Listed } from '../store/grant-lists.ts';
import type { GrantRow, Problem } from '../store/grants.ts';
import type { RevocationRow } from '../store/revocations.ts';
import type { SourceRef } from '../gitlab/records.ts';
import type { KeyHint } from './hints.ts';

export type { RevocationRow };

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

/** What a revoke did. `verifiedAt` null: still due; `problem` says why. */
export type Revoked = {
  grants: GrantRow[];
  revocation: RevocationRow | null;
  verifiedAt: Date | null;
  problem: Problem | null;
  /** Where access was ended, for what remains there. */
  key: { connectionId: string | null; source: SourceRef; userId: string };
};

/** Ids are our row ids. Methods throw `Refusal` for what the caller can mend; nothing is stored then. */
export type GrantsService = {
  /** The grant as it is once verified, or after a few seconds; `userErrors` where GitLab refused it (status FAILED). */
  grant(actor: string, input: GrantInput): Promise<{ grant: GrantRow; userErrors: UserError[] }>;
  extend(actor: string, input: ExtendInput): Promise<GrantRow>;
  revoke(actor: string, input: RevokeInput): Promise<Revoked>;
  byId(id: string): Promise<GrantRow | null>;
  list(filter: GrantListFilter, page: ListPage): Promise<Listed<GrantRow>>;
  revocationById(id: string): Promise<RevocationRow | null>;
  revocations(filter: { pendingOnly: boolean }, page: ListPage): Promise<Listed<RevocationRow>>;
  /** Something may have changed there: queues looks at what is not over; resolves with how many. Nothing said is believed. */
  lookAtHint(hint: KeyHint): Promise<number>;
  /** Unended grants that explain rows: keyed `kind:sourceId:userId`. For `Member.grant`. */
  standingAt(
    instanceId: string,
    keys: readonly { source: SourceRef; userId: string }[],
  ): Promise<Map<string, GrantRow>>;
};
