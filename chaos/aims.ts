import { setTimeout as sleep } from 'node:timers/promises';
import { gapOf, heldBy } from './gaps.ts';
import type { Gap } from './gaps.ts';
import type { Call, GitLab } from './gitlab.ts';
import type { StoreView } from './store.ts';

const LOOK_EVERY_MS = 100;
/** A write is held until somebody is found in it, and is let go before the gateway gives it up. */
const WRITE_HELD_MS = 8_000;
/** Long enough for the read that follows to be held too. */
const WRITE_PASSES_MS = 300;
const READ_HELD_MS = 8_000;
const MANY = 500;
const WRITES = ['POST', 'PUT', 'DELETE'];
const MEMBERS = '/members';

export type AimDeps = {
  gitlab: GitLab;
  view: StoreView;
  /** GitLab's calls of late. */
  recentCalls: () => Promise<readonly Call[]>;
  /** Process numbers of the gateways that run. */
  running: () => number[];
  withinMs: number;
};

/** Brings a gateway into a gap and keeps it there. */
export type Aim = {
  /** The process number of a gateway that is in the gap; null where none came to it in time. */
  victim: number | null;
  /** Lets go what was held. */
  release(): Promise<void>;
};

/** Whether a gateway on this store can be kept in the gap: only where its commits can be held from outside. */
export const canAim = ({ holdCommits }: StoreView, gap: Gap): boolean =>
  gap !== 'read-back and commit' || holdCommits !== null;

/** Holds what comes right after the gap: the write itself, the read that would prove it, or the commit of what that read showed. */
async function hold({ gitlab, view }: AimDeps, gap: Gap): Promise<() => Promise<void>> {
  if (gap === 'read-back and commit' && view.holdCommits !== null) return view.holdCommits();
  const delayMs = gap === 'intent and write' ? WRITE_HELD_MS : WRITE_PASSES_MS;
  for (const method of WRITES) await gitlab.fault({ kind: 'delay', method, path: MEMBERS, delayMs, times: MANY });
  if (gap === 'write and read-back') {
    await gitlab.fault({ kind: 'delay', method: 'GET', path: MEMBERS, delayMs: READ_HELD_MS, times: MANY });
  }
  return () => gitlab.clearFaults();
}

/** Who is in the gap, as a store that can be read meanwhile tells. */
async function seenInGap(deps: AimDeps, gap: Gap): Promise<number | null> {
  const keys = await deps.view.keysInHand();
  const rows = await deps.gitlab.members();
  const calls = await deps.recentCalls();
  return deps.running().find((pid) => heldBy(keys, pid).some((key) => gapOf(key, rows, calls) === gap)) ?? null;
}

/** The same where only GitLab can be asked, and only one gateway runs: something of it is held there. */
async function heldAtGitLab(deps: AimDeps, gap: Gap): Promise<number | null> {
  const method = gap === 'write and read-back' ? 'GET' : null;
  const held = (await deps.gitlab.faults()).some(
    (rule) => rule.times === MANY && rule.left < MANY && (method === null || rule.method === method),
  );
  const written =
    gap !== 'write and read-back' || (await deps.recentCalls()).some((call) => WRITES.includes(call.method));
  return held && written ? (deps.running()[0] ?? null) : null;
}

/** Waits until a running gateway is in the gap. `release` must be called. */
export async function takeAim(deps: AimDeps, gap: Gap): Promise<Aim> {
  const release = await hold(deps, gap);
  const endsAtMs = performance.now() + deps.withinMs;
  const look = deps.view.live ? seenInGap : heldAtGitLab;
  while (performance.now() < endsAtMs) {
    const victim = await look(deps, gap);
    if (victim !== null) return { victim, release };
    await sleep(LOOK_EVERY_MS);
  }
  return { victim: null, release };
}
