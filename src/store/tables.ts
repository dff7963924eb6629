import type { Generated, JSONColumnType } from 'kysely';

/**
 * The tables as SQL has them. Rows are parsed with zod where they are read (one file per table family); `bigint` keys are
 * decimal strings in the code. Times are `timestamptz`, GitLab's dates are text `YYYY-MM-DD`.
 */
type Id = string;
type Time = Date;
type Nullable<T> = T | null;

/** One GitLab, by the external address that it gives itself; several connections may share it. */
export type InstancesTable = { id: Generated<Id>; address: string; created_at: Time };

export type ConnectionsTable = {
  id: Generated<Id>;
  name: string;
  /** Lower-cased name: unique. */
  name_key: string;
  instance_id: Id;
  base_url: string;
  status: 'CONNECTED' | 'DEGRADED';
  status_reason: Nullable<string>;
  gitlab_user_id: string;
  username: string;
  user_name: string;
  identity_kind: string;
  is_admin: boolean;
  /** JWE compact; its header names the key. */
  token_jwe: string;
  token_info: JSONColumnType<Record<string, unknown>>;
  /** The sealed token that a rotation was sent for and not settled, and since when; both null: none is under way. */
  rotating_token_jwe: Nullable<string>;
  rotating_since: Nullable<Time>;
  version: string;
  enterprise: boolean;
  report: JSONColumnType<Record<string, unknown>>;
  created_at: Time;
  updated_at: Time;
};

/** The ledger: one row per (instance, source, user) at which we ever had a grant or revocation. */
export type KeysTable = {
  id: Generated<Id>;
  instance_id: Id;
  source_kind: 'group' | 'project';
  source_id: string;
  user_id: string;
  /** Names as last seen, for people and for paths; never used to decide. */
  username: string;
  source_path: string;
  /** The membership before our first active grant: null = not recorded; `{"absent":true}` or a row. */
  base: Nullable<JSONColumnType<Record<string, unknown>>>;
  /** The row as our last verified write left it; null = we have written nothing. */
  ours: Nullable<JSONColumnType<Record<string, unknown>>>;
  /** What the write under way shall leave; set before it is sent, cleared by the read-back. */
  intent: Nullable<JSONColumnType<Record<string, unknown>>>;
  /** A write that GitLab keeps for an administrator's approval, and whom to ask of it; null: none that we know of. */
  queued: Nullable<JSONColumnType<Record<string, unknown>>>;
  queued_connection_id: Nullable<Id>;
  fence: Generated<string>;
  lease_owner: Nullable<string>;
  lease_until: Nullable<Time>;
  /** When this key must be looked at next; null: nothing to do. */
  look_at: Nullable<Time>;
  attempts: Generated<number>;
};

export type GrantsTable = {
  id: Generated<Id>;
  key_id: Id;
  /** Null once the connection is deleted. */
  connection_id: Nullable<Id>;
  access_level: number;
  member_role_id: Nullable<string>;
  duration_ms: Nullable<string>;
  /** A fixed end that was asked for. */
  until_at: Nullable<Time>;
  starts_at: Nullable<Time>;
  reason: string;
  ticket: Nullable<string>;
  requested_by: string;
  status: 'SCHEDULED' | 'ACTIVATING' | 'ACTIVE' | 'ENDING' | 'ENDED' | 'FAILED';
  effect: Nullable<string>;
  satisfied_by: Nullable<JSONColumnType<Record<string, unknown>>>;
  problem_code: Nullable<string>;
  problem_message: Nullable<string>;
  problem_since: Nullable<Time>;
  next_attempt_at: Nullable<Time>;
  requested_at: Time;
  activated_at: Nullable<Time>;
  /** The end that holds now: provisional until activation is verified. Null: stands until revoked. */
  due_at: Nullable<Time>;
  ended_at: Nullable<Time>;
  end_reason: Nullable<string>;
  verified_at: Nullable<Time>;
  in_force_at: Nullable<Time>;
  /** What was there just before the grant wrote; what outlives it; when to look at either next. */
  noted: Nullable<JSONColumnType<Record<string, unknown>>>;
  residue: Nullable<JSONColumnType<Record<string, unknown>>>;
  follow_at: Nullable<Time>;
  backstop: Nullable<string>;
  /** Why GitLab refused it, as a user error's code; only where it FAILED. */
  refusal_code: Nullable<string>;
  /** The key's base when this grant was begun; kept when the key is closed. */
  base: Nullable<JSONColumnType<Record<string, unknown>>>;
};

export type RevocationsTable = {
  id: Generated<Id>;
  key_id: Id;
  connection_id: Nullable<Id>;
  requested_by: string;
  reason: string;
  requested_at: Time;
  verified_at: Nullable<Time>;
  removed: Nullable<JSONColumnType<Record<string, unknown>>>;
  problem_code: Nullable<string>;
  problem_message: Nullable<string>;
  problem_since: Nullable<Time>;
  next_attempt_at: Nullable<Time>;
};

export type AuditEventsTable = {
  sequence: Id;
  at: Time;
  actor: string;
  action: string;
  grant_id: Nullable<Id>;
  revocation_id: Nullable<Id>;
  connection_id: Nullable<Id>;
  summary: string;
  details: JSONColumnType<Record<string, unknown>>;
  previous_hash: string;
  hash: string;
};

/** One row: the end of the chain; locked by whoever appends. */
export type AuditHeadTable = { id: number; sequence: Id; hash: string };

export type IdempotencyTable = {
  caller: string;
  key: string;
  mutation: string;
  input_hash: string;
  /** The things the first call made, by name and id. */
  result: JSONColumnType<Record<string, unknown>>;
  created_at: Time;
};

export type ApiKeysTable = {
  id: Generated<Id>;
  subject: string;
  name: string;
  /** SHA-256 of the key, hex. */
  hash: string;
  roles: JSONColumnType<string[]>;
  created_at: Time;
  revoked_at: Nullable<Time>;
};

export type HookSecretsTable = {
  connection_id: Id;
  /** SHA-256 of the secret, hex. */
  hash: string;
  rotated_at: Time;
};

export type Tables = {
  instances: InstancesTable;
  connections: ConnectionsTable;
  keys: KeysTable;
  grants: GrantsTable;
  revocations: RevocationsTable;
  audit_events: AuditEventsTable;
  audit_head: AuditHeadTable;
  idempotency: IdempotencyTable;
  api_keys: ApiKeysTable;
  hook_secrets: HookSecretsTable;
};
