import type { Role } from '../levels.ts';
import type { GrantSettings } from '../settings.ts';
import type { Base, Intent, LateWrite, Ours, Snapshot, Target } from '../../store/snapshots.ts';

export type { Base, Intent, LateWrite, Ours, Snapshot, Target };

/** The direct row as GitLab shows it now. */
export type Row = Snapshot & { createdById: string | null; state: 'active' | 'awaiting' };

export type Effect = 'ADDED' | 'RAISED' | 'ALREADY_SATISFIED' | 'SATISFIED_BY_INHERITANCE';

/** A started grant at the key. ENDING: due or told to end; it counts for nothing any more. */
export type PlanGrant = {
  id: string;
  role: Role;
  status: 'ACTIVATING' | 'ACTIVE' | 'ENDING';
  /** Null: stands until revoked. */
  dueAt: Date | null;
  /** Null until the grant was verified once. */
  effect: Effect | null;
  /** What satisfied it came from a grant of ours on a group above (S8). */
  satisfiedByOurs: boolean;
};

export type InheritedRole = Role & { group: { id: string; fullPath: string } };

/** The highest roles in the rows of the ancestors: all of them, and without what our own grants with an end give there. */
export type Inherited = { all: InheritedRole | null; others: InheritedRole | null };

/** A write that shows in the row as an administrator's approval leaves it (S31), with the time of its intent. */
export type ApprovedWrite = { want: Target; adds: boolean; at: Date };

export type PlanInput = {
  sourceKind: 'group' | 'project';
  base: Base | null;
  ours: Ours | null;
  intent: Intent | null;
  /** Older writes that may still land. */
  late: readonly LateWrite[];
  /** Writes that GitLab queued, or may have, and that somebody may have approved. */
  approvable: readonly ApprovedWrite[];
  grants: readonly PlanGrant[];
  /** "No direct row" is decided and not proven yet (S38). */
  revoking: boolean;
  /** Null: GitLab shows no direct row. */
  actual: Row | null;
  /** Null: not read, because nothing depends on it (`needsInherited`). */
  inherited: Inherited | null;
  /** GitLab ids of the users that we act as on this instance. */
  gatewayUserIds: readonly string[];
  settings: GrantSettings;
  now: Date;
};

export type OutsideNotice = {
  code:
    | 'BASE_CHANGED'
    | 'TAKEN_BY_EXPIRY'
    | 'LOWERED'
    | 'RAISED'
    | 'TAMPERED'
    | 'SHORTENED'
    | 'BASE_NOT_RESTORED'
    | 'APPROVED_LATE'
    | 'LANDED_LATE';
  /** What was seen, in a sentence. */
  message: string;
};

export type Step =
  | { do: 'nothing' }
  | { do: 'add'; row: Target }
  /** `expiresAt` undefined: the date stays as it is. */
  | { do: 'change'; role: Role; expiresAt?: string | null }
  | { do: 'remove' }
  | { do: 'wait'; problem: 'SHADOWED' | 'PENDING_UPSTREAM'; message: string }
  | { do: 'blocked'; problem: 'UPSTREAM_REFUSED'; message: string };

export type GrantEffect = { effect: Effect; satisfiedBy: InheritedRole | null; satisfiedByOurs: boolean };

export type Decision = {
  /** To be recorded, with the step, before anything is written. */
  base: Base;
  ours: Ours | null;
  /** Grants that somebody else's change ends. */
  ends: { grantId: string; reason: 'OUTSIDE_CHANGE' | 'UPSTREAM_SYNC' }[];
  notices: OutsideNotice[];
  /** What each grant that still counts rests on. */
  effects: Map<string, GrantEffect>;
  step: Step;
};
