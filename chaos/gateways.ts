import { z } from 'zod';
import type { Processes, Running } from './processes.ts';

export type Slot = {
  /** What this gateway is started with; the same after each kill. */
  env: Record<string, string>;
  process: Running | null;
  /** Where it answers; null while it does not. */
  url: string | null;
  /** Since when, by `performance.now()`. */
  readyAtMs: number;
};

/** The gateways of one phase: each is killed and started again on the same store. */
export type Gateways = {
  slots: readonly Slot[];
  /** Those that answer now. */
  urls(): string[];
  start(slot: Slot): void;
  /** Resolves when all answer; rejects when one cannot start. */
  allReady(): Promise<void>;
  /** SIGKILL; resolves with its process number when it is gone. */
  kill(slot: Slot): Promise<number>;
  /** How many ended by themselves, which none ever may. */
  crashes(): string[];
  /** What they logged as an error, and how often. */
  errors: ReadonlyMap<string, number>;
  /** Ends all in order. Says how many did not obey. */
  endAll(): Promise<number>;
};

const ANSWERS_AT = /answers at (\S+)\/graphql/;
const ERROR_LEVEL = 50;
const logLine = z.object({
  level: z.number(),
  msg: z.string(),
  err: z.object({ message: z.string() }).optional(),
});

/** What a line of the log says, if it is an error; lines that came in two pieces are passed over. */
function errorIn(line: string): string | null {
  if (!line.startsWith('{') || !line.endsWith('}')) return null;
  try {
    const { level, msg, err } = logLine.parse(JSON.parse(line));
    if (level < ERROR_LEVEL) return null;
    return err === undefined ? msg : `${msg} (${err.message})`;
  } catch {
    return null;
  }
}

export function createGateways(processes: Processes, envs: readonly Record<string, string>[]): Gateways {
  const slots: Slot[] = envs.map((env) => ({ env, process: null, url: null, readyAtMs: 0 }));
  const expected = new Set<Running>();
  const crashes: string[] = [];
  const errors = new Map<string, number>();
  const onText = (text: string): void => {
    for (const line of text.split('\n')) {
      const what = errorIn(line);
      if (what !== null) errors.set(what, (errors.get(what) ?? 0) + 1);
    }
  };

  function start(slot: Slot): void {
    const process = processes.start('src/main.ts', { env: slot.env, readyWhen: ANSWERS_AT, onText });
    slot.process = process;
    process.ready.then(
      (found) => {
        if (slot.process !== process) return;
        slot.url = found[1] ?? null;
        slot.readyAtMs = performance.now();
      },
      (error: unknown) => {
        if (!expected.has(process)) crashes.push(String(error));
      },
    );
    void process.exited.then(() => {
      if (!expected.has(process) && crashes.length === 0) crashes.push('A gateway ended by itself.');
    });
  }

  return {
    slots,
    urls: () => slots.map((slot) => slot.url).filter((url) => url !== null),
    start,
    async allReady() {
      for (const slot of slots) await slot.process?.ready;
    },
    async kill(slot) {
      const { process } = slot;
      if (process === null) return -1;
      expected.add(process);
      slot.url = null;
      process.kill();
      await process.exited;
      slot.process = null;
      return process.pid;
    },
    crashes: () => crashes,
    errors,
    async endAll() {
      const ends = slots.map(async (slot) => {
        if (slot.process === null) return true;
        expected.add(slot.process);
        return slot.process.end();
      });
      return (await Promise.all(ends)).filter((inOrder) => !inOrder).length;
    },
  };
}
