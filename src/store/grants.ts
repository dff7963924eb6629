import type { GrantsTable, KeysTable } from './tables.ts';

/** A problem that holds a grant or revocation up, as people see it. */
export type Problem = { code: string; message: string; since: Date; nextAttemptAt: Date | null };

/** A membership as we record it: base, ours, removed. */
export type Snapshot = { accessLevel: number; memberRoleId: string | null; expiresAt: string | null; createdAt: string | null };

/** A grant with what its key tells of it. */
export type GrantRow = {
  id: string;
  keyId: string;
  connectionId: string | null;
  instanceId: string;
  source: { kind: KeysTable['source_kind']; id: string; path: string };
  user: { id: string; username: string };
  accessLevel: number;
  memberRoleId: string | null;
  durationMs: number | null;
  untilAt: Date | null;
  startsAt: Date | null;
  reason: string;
  ticket: string | null;
  requestedBy: string;
  status: GrantsTable['status'];
  effect: 'ADDED' | 'RAISED' | 'ALREADY_SATISFIED' | 'SATISFIED_BY_INHERITANCE' | null;
  satisfiedBy: { id: string; fullPath: string } | null;
  problem: Problem | null;
  requestedAt: Date;
  activatedAt: Date | null;
  dueAt: Date | null;
  endedAt: Date | null;
  endReason: string | null;
  verifiedAt: Date | null;
  inForceAt: Date | null;
  backstop: string | null;
  /** The key's base; null: not recorded, or there was no membership. */
  base: Snapshot | null;
};
