import { setTimeout as sleep } from 'node:timers/promises';
import { canAim, takeAim } from './aims.ts';
import { GAPS, gapOf, heldBy } from './gaps.ts';
import type { Gap } from './gaps.ts';
import type { Gateways, Slot } from './gateways.ts';
import type { Call, GitLab, MemberRow } from './gitlab.ts';
import type { Random } from './random.ts';
import type { StoreView } from './store.ts';

/** Older calls say nothing about a write that is under way. */
const KEPT_CALLS_MS = 60_000;
/** A gateway that comes to the gap so late is no longer waited for; the next kill tries again. */
const AIM_WITHIN_MS = 5_000;
/**
 * How often one should fall: oftener leaves no time for grants, of which there shall be thousands. Who is behind, on a slow machine,
 * takes a start for as good an instant as any.
 */
const KILL_EVERY_MS = 4_000;
/** A client that waits so long is let get its answer before the next kill, or on a slow machine it never would. */
const LONGEST_WAIT_MS = 90_000;
/** A gateway that answers gets so long to do something, or nothing would ever be done. */
const SHORTEST_LIFE_MS = 2_000;
const PATIENCE_MS = 4_000;
const IMPATIENCE_MS = 400;
const LONGEST_RESTART_PAUSE_MS = 600;

export type Kills = {
  count: number;
  /** Of these, while the gateway had not answered yet. */
  starting: number;
  /** Kills that left at least one key in this gap. */
  perGap: Map<Gap, number>;
  /** Kills that left a key in hand without a write planned: read, or just settled. */
  elsewhere: number;
};

type Deps = {
  gateways: Gateways;
  gitlab: GitLab;
  view: StoreView;
  random: Random;
  pauseMs: readonly [number, number];
  /** How long a client has waited for an answer, the one that waits longest. */
  longestWaitMs: () => number;
  /** Told of GitLab's whole table right after each kill. */
  onRows: (rows: readonly MemberRow[]) => void;
};

/**
 * Kills gateways at random instants until `stopped`, sees what each left half done, and starts it again. A gap that no kill has hit
 * yet is aimed at, every second time. On a slow machine starts are killed too, but never two of one gateway in a row.
 */
export async function killAtRandom(deps: Deps, stopped: () => boolean): Promise<Kills> {
  const { gateways, gitlab, view, random } = deps;
  const kills: Kills = { count: 0, starting: 0, perGap: new Map(), elsewhere: 0 };
  const restarts: Promise<void>[] = [];
  /** Gateways whose last start was killed. */
  const spared = new Set<Slot>();
  let calls: Call[] = [];

  async function recentCalls(): Promise<readonly Call[]> {
    const fresh = await gitlab.takeCalls();
    const since = new Date(Date.now() - KEPT_CALLS_MS).toISOString();
    calls = [...calls.filter((call) => call.at > since), ...fresh];
    return calls;
  }

  async function inspect(pid: number): Promise<void> {
    const [keys, rows] = [await view.keysInHand(), await gitlab.members()];
    deps.onRows(rows);
    const recent = await recentCalls();
    const gaps = new Set(heldBy(keys, pid).map((key) => gapOf(key, rows, recent)));
    if (gaps.has(null)) kills.elsewhere += 1;
    for (const gap of gaps) if (gap !== null) kills.perGap.set(gap, (kills.perGap.get(gap) ?? 0) + 1);
  }

  async function restart(slot: Slot, inspected: Promise<void>): Promise<void> {
    await inspected;
    await sleep(random.between(0, LONGEST_RESTART_PAUSE_MS));
    gateways.start(slot);
  }

  async function kill(slot: Slot, release?: () => Promise<void>): Promise<void> {
    const starting = slot.url === null;
    if (starting) spared.add(slot);
    else spared.delete(slot);
    const pid = await gateways.kill(slot);
    kills.count += 1;
    if (starting) kills.starting += 1;
    const inspected = inspect(pid);
    const restarted = restart(slot, inspected);
    // A failure is told at the end, with the others.
    restarted.catch(() => undefined);
    restarts.push(restarted);
    if (release === undefined) return;
    await inspected;
    await release();
  }

  const startedAtMs = performance.now();
  /** Until the next kill should fall, the first one of all apart. */
  const aheadMs = (): number => startedAtMs + kills.count * KILL_EVERY_MS - performance.now();
  const behind = (): boolean => aheadMs() < 0;

  const ready = (): Slot[] =>
    gateways.slots.filter(({ url, readyAtMs }) => url !== null && performance.now() - readyAtMs > SHORTEST_LIFE_MS);
  const inStart = (): Slot[] =>
    gateways.slots.filter((slot) => slot.url === null && slot.process !== null && !spared.has(slot));

  /** A gateway that answers, or after a while one that starts; null when the time is over before. */
  async function victim(): Promise<Slot | null> {
    const patientUntilMs = performance.now() + (behind() ? IMPATIENCE_MS : PATIENCE_MS);
    while (!stopped()) {
      const [answering, starting] = [ready(), inStart()];
      if (answering.length > 0) return random.pick(answering);
      if (starting.length > 0 && performance.now() > patientUntilMs) return random.pick(starting);
      await sleep(50);
    }
    return null;
  }

  /** Kills in a gap that was not hit yet. False: none is left, or nobody came to it. */
  async function killInGap(): Promise<boolean> {
    const gap = GAPS.find((one) => canAim(view, one) && !kills.perGap.has(one));
    if (gap === undefined || ready().length === 0) return false;
    const running = (): number[] => ready().flatMap((slot) => slot.process?.pid ?? []);
    const aim = await takeAim({ gitlab, view, recentCalls, running, withinMs: AIM_WITHIN_MS }, gap);
    const slot = ready().find(({ process }) => process?.pid === aim.victim);
    if (slot === undefined) {
      await aim.release();
      return false;
    }
    await kill(slot, () => aim.release());
    return true;
  }

  while (!stopped()) {
    if ((await victim()) === null) break;
    await sleep(random.between(...deps.pauseMs));
    while ((!behind() || deps.longestWaitMs() > LONGEST_WAIT_MS) && !stopped()) await sleep(50);
    if (stopped()) break;
    if (kills.count % 2 === 0 && (await killInGap())) continue;
    const slot = await victim();
    if (slot === null) break;
    await kill(slot);
  }
  await Promise.all(restarts);
  return kills;
}
