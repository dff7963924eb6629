import { dateReached, earlierDate, endsLater } from '../backstop.ts';
import { compareRoles, managesMembers } from '../levels.ts';
import type { UsesRequest } from '../../store/snapshots.ts';
import type {
  ApprovedWrite,
  Base,
  Intent,
  LateWrite,
  OutsideNotice,
  Ours,
  PlanInput,
  Row,
  Snapshot,
  Target,
} from './types.ts';

/** How far GitLab's clock may lag behind ours when it stamps a row that we just made (S1). */
const CREATION_SKEW_MS = 120_000;
const DAY_MS = 86_400_000;

/** What the read tells about base and ours, before any wish is looked at. */
export type Reading = {
  base: Base;
  ours: Ours | null;
  /** Somebody lowered or removed what grants rest on: they end (OUTSIDE_CHANGE) where settings say so. */
  lowered: boolean;
  notices: OutsideNotice[];
};

export function toSnapshot(row: Snapshot): Snapshot {
  const { accessLevel, memberRoleId, expiresAt, createdAt } = row;
  return { accessLevel, memberRoleId, expiresAt, createdAt };
}

/** Same role and same end date. */
export function sameRow(a: Target, b: Target): boolean {
  return compareRoles(a, b) === 0 && a.memberRoleId === b.memberRoleId && a.expiresAt === b.expiresAt;
}

/**
 * A write that adds shows in the row: S1 decides whose row it is. One that came of an access request is as old as that request, and
 * names who accepted it (S9).
 */
function madeByUs(
  row: Row,
  { at, usesRequest }: { at: Date; usesRequest?: UsesRequest | undefined },
  gatewayUserIds: readonly string[],
): boolean {
  if (row.createdById === null || !gatewayUserIds.includes(row.createdById)) return false;
  if (usesRequest !== undefined) return true;
  return row.createdAt !== null && Date.parse(row.createdAt) >= at.getTime() - CREATION_SKEW_MS;
}

function describe(row: Target | null): string {
  if (row === null) return 'no direct membership';
  const role = row.memberRoleId === null ? '' : ` with custom role ${row.memberRoleId}`;
  return `level ${String(row.accessLevel)}${role}, ${row.expiresAt === null ? 'no end date' : `until ${row.expiresAt}`}`;
}

/** A row that is not ours: whatever it is now is the base (S12). */
function readForeign(input: PlanInput, base: Base): Reading {
  const { actual } = input;
  const before = base === 'absent' ? null : base;
  const unchanged = actual === null || before === null ? actual === before : sameRow(actual, before);
  if (unchanged) return { base, ours: null, lowered: false, notices: [] };
  const message = `The membership was ${describe(before)} and is now ${describe(actual)}.`;
  const takenByDate = actual === null && before !== null && dateReached(before.expiresAt, input.now);
  return {
    base: actual === null ? 'absent' : toSnapshot(actual),
    ours: null,
    lowered: !takenByDate && before !== null && (actual === null || compareRoles(actual, before) < 0),
    notices: [{ code: takenByDate ? 'TAKEN_BY_EXPIRY' : 'BASE_CHANGED', message }],
  };
}

/** Our row is gone: by GitLab's nightly job on its date (S4), or by somebody (S12). */
function readGone(input: PlanInput, base: Base, ours: Ours): Reading {
  const baseDate = base === 'absent' ? null : base.expiresAt;
  if (dateReached(ours.expiresAt, input.now)) {
    const message = `GitLab's nightly job took the membership on its end date ${ours.expiresAt ?? ''}.`;
    const baseLeft = dateReached(baseDate, input.now) ? 'absent' : base;
    return { base: baseLeft, ours: null, lowered: false, notices: [{ code: 'TAKEN_BY_EXPIRY', message }] };
  }
  const message = `Somebody removed the membership that was ${describe(ours)}.`;
  const respected = input.settings.outsideLowering === 'respect';
  return { base: respected ? 'absent' : base, ours: null, lowered: true, notices: [{ code: 'LOWERED', message }] };
}

/** Our row stands lower than we left it: base becomes the lower of base and what was seen (S12). */
function readLowered(input: PlanInput, base: Base, ours: Ours, actual: Row): Reading {
  const message = `Somebody lowered the membership from ${describe(ours)} to ${describe(actual)}.`;
  const respected = input.settings.outsideLowering === 'respect';
  const lowerBase =
    base !== 'absent' && compareRoles(actual, base) < 0
      ? { ...toSnapshot(actual), expiresAt: earlierDate(base.expiresAt, actual.expiresAt) }
      : base;
  return {
    base: respected ? lowerBase : base,
    ours: { ...toSnapshot(actual), heldDate: ours.heldDate },
    lowered: true,
    notices: [{ code: 'LOWERED', message }],
  };
}

/** Our row stands higher, or for longer: put back or adopted; always put back where the grantee can have done it (S12, S13). */
function readRaised(input: PlanInput, base: Base, ours: Ours, actual: Row): Reading {
  const message = `The membership was raised from ${describe(ours)} to ${describe(actual)}.`;
  if (managesMembers(input.sourceKind, ours.accessLevel)) {
    return { base, ours, lowered: false, notices: [{ code: 'TAMPERED', message }] };
  }
  if (input.settings.outsideRaise === 'respect') {
    return { base: toSnapshot(actual), ours: null, lowered: false, notices: [{ code: 'RAISED', message }] };
  }
  return { base, ours, lowered: false, notices: [{ code: 'RAISED', message }] };
}

/** An earlier date on our row is kept, and no later one is set again (S12). */
function readShortened(base: Base, ours: Ours, actual: Row): Reading {
  const message = `Somebody set an earlier end date: ${describe(ours)} became ${describe(actual)}.`;
  return {
    base: base === 'absent' ? base : { ...base, expiresAt: earlierDate(base.expiresAt, actual.expiresAt) },
    ours: { ...toSnapshot(actual), heldDate: actual.expiresAt },
    lowered: false,
    notices: [{ code: 'SHORTENED', message }],
  };
}

/** A row that is ours, compared with what we left, never with what we want (S12). */
function readOurs(input: PlanInput, base: Base, ours: Ours): Reading {
  const { actual } = input;
  if (actual === null) return readGone(input, base, ours);
  if (sameRow(actual, ours)) return { base, ours, lowered: false, notices: [] };
  const role = compareRoles(actual, ours);
  if (role < 0) return readLowered(input, base, ours, actual);
  if (role > 0 || endsLater(actual.expiresAt, ours.expiresAt)) return readRaised(input, base, ours, actual);
  return readShortened(base, ours, actual);
}

/** A write may be under way or done: the row tells which (S1). */
function readIntent(input: PlanInput, base: Base, intent: Intent): Reading | null {
  const { actual, ours } = input;
  const before = intent.before === 'absent' ? null : intent.before;
  if (actual === null && intent.want === 'absent') return { base, ours: null, lowered: false, notices: [] };
  if (actual === null ? before === null : before !== null && sameRow(actual, before)) {
    return { base, ours, lowered: false, notices: [] };
  }
  if (actual === null || intent.want === 'absent') return null;
  if (before === null) {
    if (!madeByUs(actual, intent, input.gatewayUserIds)) return readForeign({ ...input, ours: null }, base);
    const left = { ...intent.want, createdAt: actual.createdAt, heldDate: ours?.heldDate ?? null };
    return readOurs(input, base, left);
  }
  if (!sameRow(actual, intent.want)) return null;
  return { base, ours: { ...toSnapshot(actual), heldDate: ours?.heldDate ?? null }, lowered: false, notices: [] };
}

const leaves = (write: Intent | LateWrite, row: Row): boolean => write.want !== 'absent' && sameRow(row, write.want);

/**
 * A write of ours whose answer nobody heard has landed after all, when the row had been worked on since, or nothing rested on it any
 * more: the row is ours, as that write left it, and nobody else's doing.
 */
function readLate(input: PlanInput, base: Base): Reading | null {
  const { actual, ours, intent } = input;
  if (actual === null || (intent !== null && leaves(intent, actual))) return null;
  if (ours !== null ? sameRow(actual, ours) : base !== 'absent' && sameRow(actual, base)) return null;
  const landed = input.late.find(
    (write) =>
      leaves(write, actual) && (!write.adds || madeByUs(actual, { ...write, at: write.since }, input.gatewayUserIds)),
  );
  if (landed === undefined) return null;
  const message = `A change that was sent at ${landed.last.toISOString()} and never answered has landed: ${describe(actual)}.`;
  const left = { ...toSnapshot(actual), heldDate: ours?.heldDate ?? null };
  return { base, ours: left, lowered: false, notices: [{ code: 'LANDED_LATE', message }] };
}

/**
 * Whether the row is as an approval leaves it: in the name of the administrator who approved, or of nobody, and without a date where a
 * raise was sent without one, whatever date the row had (docs/gitlab.md §promotions).
 */
export function approvedAs({ want, adds }: Pick<ApprovedWrite, 'want' | 'adds'>, row: Target): boolean {
  if (compareRoles(row, want) !== 0 || row.memberRoleId !== want.memberRoleId) return false;
  return isNextTo(row.expiresAt, want.expiresAt) || (!adds && row.expiresAt === null);
}

/** The backstop of a write that is tried again around midnight is a day later, and which of the two GitLab queued is not told. */
function isNextTo(date: string | null, other: string | null): boolean {
  if (date === null || other === null) return date === other;
  return Math.abs(Date.parse(date) - Date.parse(other)) <= DAY_MS;
}

/** A write of ours that GitLab had queued was approved: the row is ours, whoever made it. */
function readApproved(input: PlanInput, base: Base): Reading | null {
  const { actual, ours, intent } = input;
  if (actual === null) return null;
  if (ours !== null ? sameRow(actual, ours) : base !== 'absent' && sameRow(actual, base)) return null;
  const approved = input.approvable.find((write) => approvedAs(write, actual));
  if (approved === undefined) return null;
  const message = `An administrator approved a change that was sent at ${approved.at.toISOString()}: ${describe(actual)}.`;
  const expected = approved.at.getTime() === intent?.at.getTime();
  return {
    base,
    ours: { ...toSnapshot(actual), heldDate: ours?.heldDate ?? null },
    lowered: false,
    notices: expected ? [] : [{ code: 'APPROVED_LATE', message }],
  };
}

/** Reads base and ours off what GitLab shows. Pure. */
export function interpret(input: PlanInput): Reading {
  const { actual, intent } = input;
  if (input.base === null) {
    return { base: actual === null ? 'absent' : toSnapshot(actual), ours: null, lowered: false, notices: [] };
  }
  // A revocation decided that nothing shall stand there: what stands is not base (S38).
  if (input.revoking) return { base: 'absent', ours: input.ours, lowered: false, notices: [] };
  const base = input.base;
  const late = readLate(input, base);
  if (late !== null) return late;
  const approved = readApproved(input, base);
  if (approved !== null) return approved;
  const fromIntent = intent === null ? null : readIntent(input, base, intent);
  if (fromIntent !== null) return fromIntent;
  return input.ours === null ? readForeign(input, base) : readOurs(input, base, input.ours);
}
