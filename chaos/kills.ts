import { setTimeout as sleep } from 'node:timers/promises';
import { gapOf, heldBy } from './gaps.ts';
import type { Gap } from './gaps.ts';
import type { Gateways, Slot } from './gateways.ts';
import type { Call, GitLab } from './gitlab.ts';
import type { Random } from './random.ts';
import type { StoreView } from './store.ts';

/** Older calls say nothing about a write that is under way. */
const KEPT_CALLS_MS = 60_000;

export type Kills = {
  count: number;
  /** Kills that left at least one key in this gap. */
  perGap: Map<Gap, number>;
  /** Kills that left a key in hand without a write planned: read, or just settled. */
  elsewhere: number;
};

type Deps = { gateways: Gateways; gitlab: GitLab; view: StoreView; random: Random; pauseMs: readonly [number, number] };

/** Kills gateways at random instants until `stopped`, sees what each left half done, and starts it again. */
export async function killAtRandom(deps: Deps, stopped: () => boolean): Promise<Kills> {
  const kills: Kills = { count: 0, perGap: new Map(), elsewhere: 0 };
  const restarts: Promise<void>[] = [];
  let calls: Call[] = [];

  async function inspect(pid: number): Promise<void> {
    const [keys, rows, fresh] = await Promise.all([
      deps.view.keysInHand(),
      deps.gitlab.members(),
      deps.gitlab.takeCalls(),
    ]);
    const since = new Date(Date.now() - KEPT_CALLS_MS).toISOString();
    calls = [...calls.filter((call) => call.at > since), ...fresh];
    const held = heldBy(keys, pid);
    const gaps = new Set(held.map((key) => gapOf(key, rows, calls)));
    if (gaps.has(null)) kills.elsewhere += 1;
    for (const gap of gaps) if (gap !== null) kills.perGap.set(gap, (kills.perGap.get(gap) ?? 0) + 1);
  }

  async function restart(slot: Slot, pid: number, pauseMs: number): Promise<void> {
    await inspect(pid);
    await sleep(pauseMs);
    deps.gateways.start(slot);
  }

  /** The next gateway that answers; null when the time is over before. */
  async function victim(): Promise<Slot | null> {
    for (;;) {
      const ready = deps.gateways.slots.filter((slot) => slot.url !== null);
      if (stopped()) return null;
      if (ready.length > 0) return deps.random.pick(ready);
      await sleep(50);
    }
  }

  for (;;) {
    await victim();
    await sleep(deps.random.between(...deps.pauseMs));
    const slot = await victim();
    if (slot === null) break;
    const pid = await deps.gateways.kill(slot);
    kills.count += 1;
    restarts.push(restart(slot, pid, deps.random.between(0, 600)));
  }
  await Promise.all(restarts);
  return kills;
}
