import type { CallPriority } from '../client.ts';
import type { CallLimit } from './limits.ts';
import type { UpstreamClock } from './upstream-clock.ts';

/** What is known of one kind of limit, over all that is counted under it. */
export type Kind = {
  /** Calls that a window is believed to allow; null: nothing is known, so nothing is held back. */
  allowed: number | null;
  /** Until then nobody tries whether there are more; GitLab has said that there are not. */
  sureUntilMs: number;
  /** Windows in a row that GitLab shut far earlier than expected: somebody else calls too, or there are fewer than believed. */
  early: { windows: number; passed: number };
};

/** One window of one limit, as this process sees it. */
export type Window = {
  limit: CallLimit;
  kind: Kind;
  /** Its start on GitLab's clock. */
  startMs: number;
  /** Calls taken in it by all, as far as known; passed and refused are this process's. */
  taken: number;
  passed: number;
  refused: number;
  /** Of `passed`, what the others were told of; and what passed of theirs, null where there are no others. */
  told: number;
  passedElsewhere: number | null;
  /** Since when it is waited for all that was taken to pass; no sooner than then it is asked again. */
  soonSinceMs: number | null;
  askAgainAtMs: number;
  /** Taken and not yet made. */
  tokens: number;
  /** Nothing was left in this window for whoever may take no more than so many of it in all. */
  emptyUpTo: number;
  /** A call goes beyond what is believed to be allowed, to see. */
  trying: boolean;
  inFlight: number;
  /** How many may be in flight: few after it was shut, soon unlimited again. */
  ramp: number;
  /** On our clock. */
  shutUntilMs: number;
  /** How often it was shut; how often in a row, no call having passed between. */
  episode: number;
  shutInRow: number;
  /** How much later than the turn of the window this process begins again where the one before was used up. */
  lateMs: number;
};

const WIDE_OPEN = 32;
/** What lower ones leave of a window for higher ones, once it is sure how much there is. */
const SHARE: Readonly<Record<CallPriority, number>> = { revoke: 1, grant: 0.95, query: 0.85, extraction: 0.6 };
const SURE_FOR_WINDOWS = 10;
const LONGEST_SOON_MS = 2_000;
const GROWTH = 1.5;
const EARLY_WINDOWS = 3;
const FEWEST_TO_LEARN_FROM = 10;

export function newKind({ calls }: CallLimit): Kind {
  return { allowed: calls, sureUntilMs: -Infinity, early: { windows: 0, passed: 0 } };
}

export function newWindow(limit: CallLimit, kind: Kind, lateMs: number): Window {
  return {
    limit,
    kind,
    startMs: -Infinity,
    taken: 0,
    passed: 0,
    refused: 0,
    told: 0,
    passedElsewhere: null,
    soonSinceMs: null,
    askAgainAtMs: -Infinity,
    tokens: 0,
    emptyUpTo: 0,
    trying: false,
    inFlight: 0,
    ramp: Infinity,
    shutUntilMs: -Infinity,
    episode: 0,
    shutInRow: 0,
    lateMs,
  };
}

/**
 * Begins a new window when GitLab's clock has come to it. What is on its way may be counted in the new one. After one that was
 * used up it begins late and with few at once, so that the processes do not all come at the same moment.
 */
export function roll(window: Window, upstream: Pick<UpstreamClock, 'nowMs' | 'oursMs'>): void {
  const { intervalMs } = window.limit;
  const startMs = Math.floor(upstream.nowMs() / intervalMs) * intervalMs;
  if (startMs <= window.startMs) return;
  if (window.refused === 0) window.kind.early = { windows: 0, passed: 0 };
  if (window.emptyUpTo > 0) {
    window.ramp = Math.min(window.ramp, 1);
    window.shutUntilMs = Math.max(window.shutUntilMs, opensAt(window, upstream));
  }
  window.startMs = startMs;
  window.taken = window.inFlight;
  window.passed = 0;
  window.refused = 0;
  window.told = 0;
  window.passedElsewhere = null;
  window.soonSinceMs = null;
  window.tokens = 0;
  window.emptyUpTo = 0;
  window.trying = false;
}

/** When calls may begin again in a window after this one, on our clock. */
export function opensAt(window: Window, upstream: Pick<UpstreamClock, 'oursMs'>): number {
  return upstream.oursMs(window.startMs + window.limit.intervalMs) + window.lateMs;
}

/** How many of a window's calls may be taken in all. `tries`: it goes one beyond what is believed, to find out. */
export type Most = { most: number; tries: boolean };

/**
 * The most for a call of this priority. `used up`: the window has no more for it. `soon`: not all that was taken has passed, so that
 * one beyond would not tell anything yet.
 */
export function mostFor(window: Window, priority: CallPriority, nowMs: number): Most | 'used up' | 'soon' {
  const { allowed, sureUntilMs } = window.kind;
  if (allowed === null) return { most: Infinity, tries: false };
  const sure = nowMs < sureUntilMs;
  const most = sure ? Math.max(1, Math.floor(allowed * SHARE[priority])) : allowed;
  if (most > window.emptyUpTo) return { most, tries: false };
  if (sure || allowed < window.emptyUpTo) return 'used up';
  return passedSoon(window, allowed, nowMs) ? 'soon' : { most: allowed + 1, tries: true };
}

/** Whether it is still worth waiting for what was taken, here or elsewhere, to pass. A process that died never tells. */
function passedSoon(window: Window, allowed: number, nowMs: number): boolean {
  const underWay = window.passedElsewhere !== null || window.inFlight > 0;
  if (!underWay || window.passed + (window.passedElsewhere ?? 0) >= allowed) return false;
  window.soonSinceMs ??= nowMs;
  return nowMs - window.soonSinceMs < LONGEST_SOON_MS;
}

/** What is known of a call when it ends: whether its window still runs, was not shut since, and whether it went beyond. */
export type Ended = { sameWindow: boolean; sameEpisode: boolean; tried: boolean };

/** A call of this window was answered, by anything but a refusal. */
export function passed(window: Window, { sameWindow, sameEpisode, tried }: Ended): void {
  if (sameEpisode) {
    window.shutInRow = 0;
    window.ramp = window.ramp * 2 >= WIDE_OPEN ? Infinity : window.ramp * 2;
  }
  if (!sameWindow) return;
  window.passed += 1;
  if (!tried || window.kind.allowed === null) return;
  window.kind.allowed = Math.ceil(window.kind.allowed * GROWTH);
  window.emptyUpTo = 0;
}

function learnFrom(window: Window, nowMs: number): void {
  const { kind, limit } = window;
  const sure = (allowed: number): void => {
    kind.allowed = Math.max(1, allowed);
    kind.sureUntilMs = nowMs + SURE_FOR_WINDOWS * limit.intervalMs;
    kind.early = { windows: 0, passed: 0 };
  };
  // Those refused were taken too.
  const got = Math.max(window.passed, window.taken - window.refused);
  if (kind.allowed === null) {
    if (window.passed >= FEWEST_TO_LEARN_FROM) sure(window.passed);
  } else if (got * 2 >= kind.allowed) {
    sure(Math.min(kind.allowed, got));
  } else if (window.refused === 1) {
    // Far too early: somebody else calls as the same user, or GitLab's limit was lowered. The latter comes again.
    kind.early = { windows: kind.early.windows + 1, passed: Math.max(kind.early.passed, window.passed) };
    if (kind.early.windows >= EARLY_WINDOWS) sure(kind.early.passed);
  }
}

/**
 * GitLab refused a call of this window. Those that were on their way together are refused together: true for the first of them.
 * `retryAfterMs` is what it asked for: a shorter time than the window's length is of another limit, and tells nothing of this one.
 */
export function refused(
  window: Window,
  { sameWindow, sameEpisode }: Ended,
  { retryAfterMs, nowMs }: { retryAfterMs: number | undefined; nowMs: number },
): boolean {
  if (sameWindow && (retryAfterMs ?? Infinity) >= window.limit.intervalMs) {
    window.refused += 1;
    learnFrom(window, nowMs);
  }
  if (!sameEpisode) return false;
  window.episode += 1;
  window.shutInRow += 1;
  window.ramp = 1;
  window.tokens = 0;
  return true;
}
