import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgresServer } from '../test/support/postgres-server.ts';
import type { Storage } from './gateway.ts';

export type StoreName = 'postgres' | 'embedded';
export type Say = (line: string) => void;

/** What was started last is ended first, whatever happened meanwhile. */
export type Ending = { add(end: () => Promise<unknown>): void };

/** Runs a workload and ends all that it started. */
export async function withEnding<T>(work: (ending: Ending) => Promise<T>): Promise<T> {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    return await work({
      add(end) {
        ends.push(end);
      },
    });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** An empty folder and, for PostgreSQL, a server of its own on this machine. Both go at the end. */
export async function openStorage(
  { store, profileDir }: { store: StoreName; profileDir: string | null },
  ending: Ending,
): Promise<Storage> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-bench-'));
  ending.add(async () => {
    rmSync(dataDir, { recursive: true, force: true });
  });
  if (store === 'embedded') return { dataDir, databaseUrl: null, profileDir };
  const server = await startPostgresServer({ durable: true });
  ending.add(() => server.stop());
  return { dataDir, databaseUrl: server.url('postgres'), profileDir };
}

/** Runs at most `limit` of the works at once; the first failure ends it. */
export async function eachOf<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/** Asks every `everyMs` until it is so. Throws after `withinMs`. */
export async function until(
  what: string,
  times: { everyMs: number; withinMs: number },
  so: () => Promise<boolean>,
): Promise<void> {
  const endsAtMs = performance.now() + times.withinMs;
  while (!(await so())) {
    if (performance.now() > endsAtMs) throw new Error(`It did not come about in time that ${what}.`);
    await pause(times.everyMs);
  }
}

/** The value below which `share` of the sorted values lie (nearest rank). */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const numbersBelow = (count: number, from = 0): number[] =>
  Array.from({ length: count - from }, (_, index) => from + index);
