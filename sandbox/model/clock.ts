/** Something to be done at an instant of the sandbox's time. */
interface Job {
  readonly id: number;
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * The sandbox's only clock: real time plus a shift that tests move.
 * Jobs run in order of their time, each seeing its own time as now; `tick` runs what real time has made due.
 */
export interface SandboxClock {
  now(): number;
  /** Runs `run` once, at `atMs`. */
  schedule(atMs: number, run: () => void): void;
  /** Runs every job that is due. */
  tick(): void;
  /** Moves the clock forward and runs what became due; a negative number of milliseconds is refused. */
  advance(ms: number): void;
  /** Moves the clock to an instant. Going back runs nothing. */
  set(atMs: number): void;
  /** Forgets every scheduled job. */
  clear(): void;
}

/** Makes a clock over a source of real time in milliseconds. */
export function createClock(realNow: () => number): SandboxClock {
  let shiftMs = 0;
  let jobs: Job[] = [];
  let nextId = 1;
  let runningAtMs: number | null = null;

  const now = (): number => runningAtMs ?? realNow() + shiftMs;

  function takeDue(untilMs: number): Job | undefined {
    const due = jobs.filter((job) => job.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs || a.id - b.id)[0];
    if (due) jobs = jobs.filter((job) => job !== due);
    return due;
  }

  function tick(): void {
    if (runningAtMs !== null) return;
    const untilMs = now();
    if (!jobs.some((job) => job.atMs <= untilMs)) return;
    try {
      for (let job = takeDue(untilMs); job; job = takeDue(untilMs)) {
        runningAtMs = job.atMs;
        job.run();
      }
    } finally {
      runningAtMs = null;
    }
  }

  return {
    now,
    tick,
    schedule(atMs, run) {
      jobs.push({ id: nextId, atMs, run });
      nextId += 1;
    },
    advance(ms) {
      if (ms < 0) throw new Error('advance the clock by a positive number of milliseconds; use set to go back');
      shiftMs += ms;
      tick();
    },
    set(atMs) {
      shiftMs += atMs - now();
      tick();
    },
    clear() {
      jobs = [];
    },
  };
}
