import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { CallTables } from './call-tables.ts';
import type { HookSecretsTable } from './hook-tables.ts';

/**
 * The tables as SQL has them. Rows are parsed with zod where they are read (one file per table family); `bigint` keys are
 * decimal strings in the code. Times are `timestamptz`, GitLab's dates are text `YYYY-MM-DD`.
 */
type Id = string;
type Time = Date;
/** A `date` as both drivers give it: parsed to a Date; write text `YYYY-MM-DD`, and read it back as `::text`. */
type Day = ColumnType<Date, string, string>;
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
  /** Writes that may still be under way though nobody waits for their answer, and what stood then; null: none. */
  late: Nullable<JSONColumnType<Record<string, unknown>>>;
  place: Nullable<JSONColumnType<Record<string, unknown>>>; // Where it is, what groups above give, when it is to be deleted.
  place_at: Nullable<Time>;
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

/** One reading of a whole GitLab, numbered from 1 within its connection. */
export type ExtractionRunsTable = {
  id: Generated<Id>;
  connection_id: Id;
  run: number;
  status: 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';
  mode: 'FULL' | 'INCREMENTAL';
  requested_by: string;
  started_at: Time;
  finished_at: Nullable<Time>;
  /** Sources read so far, and how many there are; null: not known yet. */
  done: Generated<number>;
  total: Nullable<number>;
  /** Requests sent to GitLab. */
  calls: Generated<number>;
  problem: Nullable<string>;
  /** The process at work on it, and until when the others believe so. */
  owner: Nullable<string>;
  lease_until: Nullable<Time>;
};

/** What a run could not read: what was true of it before stays true, and is marked by this row. */
export type ExtractionUnknownsTable = {
  id: Generated<Id>;
  run_id: Id;
  kind: 'GROUP' | 'PROJECT' | 'PERSON' | 'TOKENS' | 'LIST';
  gitlab_id: Nullable<Id>;
  full_path: Nullable<string>;
  what: string;
  cause: string;
};

/** How far a run came with each of its steps: what another process goes on from. */
export type ExtractionStepsTable = {
  run_id: Id;
  step: string;
  state: JSONColumnType<Record<string, unknown>>;
  done: boolean;
};

/** Sources that hooks said have changed since they were read last. */
export type ExtractionMarksTable = {
  connection_id: Id;
  source_kind: 'group' | 'project';
  source_id: Id;
  marked_at: Time;
};

/** True for the runs from `from_run` on, up to but without `to_run`; null: true still. */
type Versioned = { connection_id: Id; from_run: number; to_run: Nullable<number> };
/** Collected by a run, and seen by nobody until it is published whole. */
type Staged = { run_id: Id };
type Source = { source_kind: 'group' | 'project'; source_id: Id };

type GroupFact = { gitlab_id: Id; parent_id: Nullable<Id>; full_path: string; name: string; visibility: string };
/** `group_id` null: in a person's own namespace. */
type ProjectFact = Omit<GroupFact, 'parent_id'> & { group_id: Nullable<Id>; archived: boolean };
type UserFact = {
  gitlab_id: Id;
  username: string;
  name: string;
  state: string;
  kind: string;
  last_activity_on: Nullable<Day>;
};
type MemberFact = Source & {
  user_id: Id;
  access_level: number;
  member_role_id: Nullable<Id>;
  expires_at: Nullable<Day>;
  created_at: Nullable<Time>;
};
/** `group_id` is the group that was invited. */
type ShareFact = Source & {
  group_id: Id;
  max_level: number;
  member_role_id: Nullable<Id>;
  expires_at: Nullable<Day>;
};
type TokenFact = {
  kind: 'PERSONAL' | 'GROUP' | 'PROJECT';
  gitlab_id: Id;
  user_id: Nullable<Id>;
  source_kind: Nullable<'group' | 'project'>;
  source_id: Nullable<Id>;
  access_level: Nullable<number>;
  name: string;
  scopes: string[];
  active: boolean;
  created_at: Nullable<Time>;
  expires_at: Nullable<Day>;
  last_used_at: Nullable<Time>;
};
/** The groups from the root down: to the group itself, or those above the project. */
type Placed = { path_ids: Id[] };

export type ExtractionTables = {
  extraction_runs: ExtractionRunsTable;
  extraction_unknowns: ExtractionUnknownsTable;
  extraction_steps: ExtractionStepsTable;
  extraction_marks: ExtractionMarksTable;
  xgroups: Versioned & GroupFact & Placed;
  xprojects: Versioned & ProjectFact & Placed;
  xusers: Versioned & UserFact;
  xmembers: Versioned & MemberFact;
  xshares: Versioned & ShareFact;
  xtokens: Versioned & TokenFact;
  xstage_groups: Staged & GroupFact;
  xstage_projects: Staged & ProjectFact;
  xstage_users: Staged & UserFact;
  xstage_members: Staged & MemberFact;
  xstage_shares: Staged & ShareFact;
  xstage_tokens: Staged & TokenFact;
};

export type Tables = ExtractionTables &
  CallTables & {
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
