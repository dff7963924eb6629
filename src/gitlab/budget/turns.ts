import type { CallPriority } from '../client.ts';

/** Who goes first. */
export const PRIORITIES: readonly CallPriority[] = ['revoke', 'grant', 'query', 'extraction'];

/**
 * After so many calls of higher ones began while one of these waited, it has the next turn that is not kept for revokes: nobody
 * waits for ever, and revokes give way at most once in four times, grants and queries once in eight.
 */
export const GIVES_WAY_AFTER: Readonly<Record<CallPriority, number>> = {
  revoke: Infinity,
  grant: 4,
  query: 8,
  extraction: 16,
};

/** Whether a call of this priority and limit may begin now; `ahead`: it is its turn before higher ones. */
export type MayBegin<Item> = (turn: { priority: CallPriority; item: Item; ahead: boolean }) => boolean;

/** Calls that wait, by priority and by the limit that they count against. */
export type Turns<Item> = {
  add(priority: CallPriority, name: string, item: Item): void;
  remove(priority: CallPriority, name: string, item: Item): void;
  /** Takes out the one whose turn it is; null where none may begin. */
  next(mayBegin: MayBegin<Item>): Item | null;
  waiting(priority: CallPriority): number;
  all(): Item[];
};

type Queue<Item> = { order: number; item: Item }[];

export function createTurns<Item>(): Turns<Item> {
  const queues = new Map<CallPriority, Map<string, Queue<Item>>>(PRIORITIES.map((priority) => [priority, new Map()]));
  const passedBy: Record<CallPriority, number> = { revoke: 0, grant: 0, query: 0, extraction: 0 };
  let order = 0;

  const of = (priority: CallPriority): Map<string, Queue<Item>> =>
    queues.get(priority) ?? new Map<string, Queue<Item>>();

  const takeFrom = (priority: CallPriority, name: string, at: number): Item | undefined => {
    const byName = of(priority);
    const queue = byName.get(name) ?? [];
    const [taken] = queue.splice(at, 1);
    if (queue.length === 0) byName.delete(name);
    return taken?.item;
  };

  /** The name whose first has waited longest, of those that may begin. */
  const firstOf = (priority: CallPriority, ahead: boolean, mayBegin: MayBegin<Item>): string | null => {
    let found: { name: string; order: number } | null = null;
    for (const [name, [head]] of of(priority)) {
      if (head === undefined || (found !== null && found.order < head.order)) continue;
      if (mayBegin({ priority, item: head.item, ahead })) found = { name, order: head.order };
    }
    return found?.name ?? null;
  };

  const begin = (priority: CallPriority, name: string): Item | null => {
    const item = takeFrom(priority, name, 0);
    if (item === undefined) return null;
    passedBy[priority] = 0;
    for (const lower of PRIORITIES.slice(PRIORITIES.indexOf(priority) + 1)) {
      passedBy[lower] = of(lower).size === 0 ? 0 : passedBy[lower] + 1;
    }
    return item;
  };

  return {
    add(priority, name, item) {
      const byName = of(priority);
      const queue = byName.get(name) ?? [];
      queue.push({ order: (order += 1), item });
      byName.set(name, queue);
    },
    remove(priority, name, item) {
      const at = (of(priority).get(name) ?? []).findIndex((one) => one.item === item);
      if (at >= 0) takeFrom(priority, name, at);
    },
    next(mayBegin) {
      const late = PRIORITIES.filter((priority) => passedBy[priority] >= GIVES_WAY_AFTER[priority]);
      for (const [ahead, priorities] of [
        [true, late],
        [false, PRIORITIES],
      ] as const) {
        for (const priority of priorities) {
          const name = firstOf(priority, ahead, mayBegin);
          if (name !== null) return begin(priority, name);
        }
      }
      return null;
    },
    waiting: (priority) => [...of(priority).values()].reduce((sum, queue) => sum + queue.length, 0),
    all: () => PRIORITIES.flatMap((priority) => [...of(priority).values()].flat().map(({ item }) => item)),
  };
}
