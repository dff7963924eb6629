import type { After } from './admission.ts';
import type { SharedLimits } from './shared-limits.ts';

type Met = Awaited<ReturnType<SharedLimits['meet']>>;

/** While a connection is used, its processes tell one another every second that they are there, and what GitLab has shut. */
export type Meetings = {
  /** The connection is used. */
  used(): void;
  /**
   * What the others know is known here too. Not so for a moment when the connection is used again after a pause: until they
   * were met, which `onMet` tells, GitLab may be shut without our knowing.
   */
  heard(): boolean;
  /** How many processes there are, this one included. */
  processes(): number;
  close(): void;
};

const EVERY_MS = 1_000;
const GONE_AFTER_MS = 5_000;
const AFTER_FAILURE_MS = 30_000;
/** A database that does not answer holds calls up no longer. */
const LONGEST_UNHEARD_MS = 500;

export function createMeetings(deps: {
  shared: SharedLimits | null;
  connectionId: string | null;
  after: After;
  nowMs: () => number;
  onMet: (met: Met) => void;
  /** Nobody could be met in time; it goes on without. */
  onUnheard: () => void;
  onError: (error: unknown) => void;
}): Meetings {
  const { shared, connectionId } = deps;
  let usedAtMs = -Infinity;
  let processes = 1;
  let running = false;
  let heard = false;
  let closed = false;
  let callOff = (): void => undefined;
  let callOffWait = (): void => undefined;

  const goOnWithout = (): void => {
    if (heard || closed) return;
    heard = true;
    deps.onUnheard();
  };

  async function meet(limits: SharedLimits, id: string): Promise<void> {
    let nextMs = EVERY_MS;
    try {
      const met = await limits.meet(id);
      processes = Math.max(1, met.processes);
      heard = true;
      callOffWait();
      if (!closed) deps.onMet({ ...met, processes });
    } catch (error) {
      nextMs = AFTER_FAILURE_MS;
      deps.onError(error);
      goOnWithout();
    }
    if (closed) return;
    running = deps.nowMs() - usedAtMs < GONE_AFTER_MS;
    if (running) callOff = deps.after(nextMs, () => void meet(limits, id));
  }

  return {
    used() {
      usedAtMs = deps.nowMs();
      if (running || closed || shared === null || connectionId === null) return;
      running = true;
      heard = false;
      callOffWait = deps.after(LONGEST_UNHEARD_MS, goOnWithout);
      void meet(shared, connectionId);
    },
    heard: () => heard || shared === null || connectionId === null,
    processes: () => processes,
    close() {
      closed = true;
      callOff();
      callOffWait();
    },
  };
}
