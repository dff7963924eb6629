import type { CallPriority } from '../client.ts';
import { GitLabError } from '../errors.ts';
import type { Gate } from './limiter.ts';
import type { CallLimit } from './limits.ts';
import { mayTakeSlot, totalOf } from './slots.ts';
import { PRIORITIES, createTurns } from './turns.ts';

/** `untilMs`: by the budget's clock, how long the call may wait for its turn. */
export type Ask = { priority: CallPriority; limit: CallLimit; untilMs: number };

/** Calls back after so long; answers how to call it off. */
export type After = (ms: number, wake: () => void) => () => void;

export type AdmissionOptions<Ticket> = {
  /** Whether GitLab's limits let a call be sent now. */
  gate: (limit: CallLimit, priority: CallPriority) => Gate;
  /** How many calls may be in flight now. */
  slots: () => number;
  /** A call's turn has come; it counts from this moment on. */
  begin: (ask: Ask) => Ticket;
  nowMs: () => number;
  after: After;
};

/** The queue before a GitLab. */
export type Admission<Ticket> = {
  readonly inFlight: Readonly<Record<CallPriority, number>>;
  /** Resolves when it is the call's turn; `leave` must follow. Rejects as soon as it is clear that it will not be in time. */
  enter(ask: Ask): Promise<Ticket>;
  leave(priority: CallPriority): void;
  /** What is open may have changed: lets begin whoever may. */
  pump(): void;
  /** Something was shut: who would wait longer than it may is told at once. */
  refuseHopeless(): void;
  waitMs(limit: CallLimit, priority: CallPriority): number | null;
  waiting(): Record<CallPriority, number>;
  /** More could be sent if more were allowed. */
  full(): boolean;
  /** Refuses all that waits and all that comes. */
  close(): void;
};

type Waiter = { ask: Ask; waits: boolean; begin: () => void; refuse: (error: GitLabError) => void };

const SOON_MS = 1_000;

/** No status in it: nothing was sent. */
function refusal(waitMs: number | null): GitLabError {
  return waitMs === null
    ? new GitLabError('RATE_LIMITED', 'More is asked of GitLab than it takes at once. Try again in a moment.', {
        retryAfterMs: SOON_MS,
      })
    : new GitLabError('RATE_LIMITED', "GitLab's rate limit for this token is used up.", { retryAfterMs: waitMs });
}

export function createAdmission<Ticket>(options: AdmissionOptions<Ticket>): Admission<Ticket> {
  const { gate, slots, nowMs, after } = options;
  const turns = createTurns<Waiter>();
  const inFlight: Record<CallPriority, number> = { revoke: 0, grant: 0, query: 0, extraction: 0 };
  let closed = false;
  let callOff = (): void => undefined;

  const pump = (): void => {
    callOff();
    let opensAtMs = Infinity;
    const mayBegin = ({ item: { ask } }: { item: Waiter }): boolean => {
      if (!mayTakeSlot(ask.priority, inFlight, slots())) return false;
      const seen = gate(ask.limit, ask.priority);
      if (!seen.open && seen.untilMs !== null) opensAtMs = Math.min(opensAtMs, seen.untilMs);
      return seen.open;
    };
    for (let next = turns.next(mayBegin); next !== null; next = turns.next(mayBegin)) next.begin();
    callOff = opensAtMs === Infinity ? () => undefined : after(Math.max(1, Math.ceil(opensAtMs - nowMs())), pump);
  };

  const waitMs = (limit: CallLimit, priority: CallPriority): number | null => {
    const seen = gate(limit, priority);
    return seen.open || seen.untilMs === null ? null : Math.max(1, Math.ceil(seen.untilMs - nowMs()));
  };

  const refuseIfHopeless = ({ ask, refuse }: Waiter): void => {
    const forMs = waitMs(ask.limit, ask.priority);
    if (forMs !== null && nowMs() + forMs > ask.untilMs) refuse(refusal(forMs));
  };

  const enqueue = (ask: Ask, admitted: (ticket: Ticket) => void, refused: (error: GitLabError) => void): void => {
    const giveUp = after(Math.max(1, ask.untilMs - nowMs()), () => {
      waiter.refuse(refusal(waitMs(ask.limit, ask.priority)));
    });
    const waiter: Waiter = {
      ask,
      waits: true,
      begin() {
        waiter.waits = false;
        giveUp();
        inFlight[ask.priority] += 1;
        admitted(options.begin(ask));
      },
      refuse(error) {
        waiter.waits = false;
        giveUp();
        turns.remove(ask.priority, ask.limit.name, waiter);
        refused(error);
      },
    };
    turns.add(ask.priority, ask.limit.name, waiter);
    pump();
    if (waiter.waits) refuseIfHopeless(waiter);
  };

  return {
    inFlight,
    pump,
    waitMs,
    async enter(ask) {
      if (closed) throw new GitLabError('UNREACHABLE', 'The client is closed; nothing was sent.');
      return new Promise<Ticket>((resolve, reject) => {
        enqueue(ask, resolve, reject);
      });
    },
    leave(priority) {
      inFlight[priority] -= 1;
      pump();
    },
    refuseHopeless() {
      for (const waiter of turns.all()) refuseIfHopeless(waiter);
    },
    waiting: () => ({
      revoke: turns.waiting('revoke'),
      grant: turns.waiting('grant'),
      query: turns.waiting('query'),
      extraction: turns.waiting('extraction'),
    }),
    full: () => totalOf(inFlight) >= slots() || PRIORITIES.some((priority) => turns.waiting(priority) > 0),
    close() {
      closed = true;
      callOff();
      for (const waiter of turns.all()) {
        waiter.refuse(new GitLabError('UNREACHABLE', 'The client was closed; nothing was sent.'));
      }
    },
  };
}
