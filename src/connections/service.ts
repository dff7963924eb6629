import type { GitLabClient } from '../gitlab/client.ts';
import type { GitLabChange } from '../gitlab/read-cache.ts';
import type { UserError } from '../errors.ts';
import type { ConnectionRecord, TestResult } from './records.ts';

/** What becomes of grants that stand when a connection is deleted. */
export type StandingGrants = 'REFUSE' | 'END' | 'ABANDON';

export type TestInput = { connectionId?: string | null; baseUrl?: string | null; token?: string | null };
export type SaveInput = { name: string; baseUrl: string; token: string; idempotencyKey?: string | null };
export type UpdateInput = {
  connectionId: string;
  name?: string | null;
  baseUrl?: string | null;
  token?: string | null;
  /** Also a token that could not take back what stands, or another user's. */
  force?: boolean | null;
  idempotencyKey?: string | null;
};
export type DeleteInput = {
  connectionId: string;
  grants: StandingGrants;
  reason?: string | null;
  idempotencyKey?: string | null;
};
export type RotateTokenInput = { connectionId: string; expiresAt?: string | null; idempotencyKey?: string | null };
/** With user errors where the answer was lost: the connection is DEGRADED then. */
export type Rotated = { connection: ConnectionRecord | null; userErrors: readonly UserError[] };
export type HookSecretInput = { connectionId: string; idempotencyKey?: string | null };
/** `secret` null: the call was a repeat, and a secret is told once only. */
export type HookSecret = { connectionId: string; secret: string | null };

/** `actor` is the caller's subject, for the audit. Methods throw `Refusal` for what the caller can mend. Ids are our row ids. */
export type ConnectionsService = {
  list(): Promise<ConnectionRecord[]>;
  byId(id: string): Promise<ConnectionRecord | null>;
  byName(name: string): Promise<ConnectionRecord | null>;
  /** Changes nothing, but for a saved connection tested with its own token: its report is kept and its status follows. */
  test(actor: string, input: TestInput): Promise<TestResult>;
  /** Tests, and saves only when nothing FAILs; `connection` is null then and the report says why. */
  save(actor: string, input: SaveInput): Promise<{ connection: ConnectionRecord | null; result: TestResult | null }>;
  update(
    actor: string,
    input: UpdateInput,
  ): Promise<{ connection: ConnectionRecord | null; result: TestResult | null }>;
  delete(actor: string, input: DeleteInput): Promise<{ deletedId: string }>;
  /** Replaces the token by a new one that is kept sealed and told to nobody; never sends the same token twice (S25). */
  rotateToken(actor: string, input: RotateTokenInput): Promise<Rotated>;
  /** Settles in the background what rotations an earlier process left unsettled. */
  start(): Promise<void>;
  /** Makes the secret by which this connection's GitLab proves its hooks, and voids the one before. */
  rotateHookSecret(actor: string, input: HookSecretInput): Promise<HookSecret>;
  /** The connection's one client (kept, with its pool). Throws `GatehouseError` when the connection is gone. */
  clientFor(connectionId: string): Promise<GitLabClient>;
  /** GitLab is said to have changed: what queries of this process were told before, of any connection to the instance, serves no more. */
  forget(instanceId: string, change: GitLabChange): void;
  /** Told by whoever met a dead token: one confirming probe, then DEGRADED with the cause (or nothing, if the token lives). */
  suspect(connectionId: string): Promise<void>;
  close(): Promise<void>;
};

/** What connections must know of grants, handed in so that neither imports the other. */
export type GrantsOnConnections = {
  /** How many grants and revocations are not finished on this connection. */
  standing(connectionId: string): Promise<number>;
  /** Ends them all with verified revokes (waiting at most `waitMs`), or abandons them; returns how many still stand. */
  endAll(
    connectionId: string,
    how: { mode: 'END' | 'ABANDON'; actor: string; reason: string; waitMs: number },
  ): Promise<number>;
};
