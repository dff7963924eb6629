import { setTimeout as pause } from 'node:timers/promises';
import type { BenchSandbox } from './sandbox.ts';

/** One trouble of GitLab's: from this share of the time on, for so long; the fault is armed for every call that fits it. */
type Squall = { says: string; at: number; seconds: number; fault: object; asksToWait: boolean };

const everything = { path: '^/api/' };

const squall = (says: string, at: number, seconds: number, fault: object): Squall => ({
  says,
  at,
  seconds,
  fault,
  asksToWait: says.startsWith('429'),
});

/**
 * Both kinds of 429, of everything and of one route, each lasting as long as it asks to wait; bursts of 5xx from GitLab and from a proxy
 * before it; cut connections. In the first 90 % of the time, so that the last grants fall due in calm.
 */
const STORM: readonly Squall[] = [
  squall('429 for everything', 0.08, 2, { ...everything, kind: '429-throttle' }),
  squall('502 for everything', 0.22, 1.5, { ...everything, kind: '502' }),
  squall('429 for direct members by REST', 0.34, 3, { path: '/members\\?', method: 'GET', kind: '429-app' }),
  squall('503 for everything', 0.48, 2, { ...everything, kind: '503' }),
  squall('429 for everything', 0.62, 3, { ...everything, kind: '429-throttle' }),
  squall('cut connections', 0.76, 1, { ...everything, kind: 'cut-before' }),
  squall('429 for GraphQL', 0.86, 2, { path: '^/api/graphql', kind: '429-app' }),
];
const WHOLE_SECONDS = 45;
const MANY = 10_000;

/** A time in which GitLab refused, and asked each time to wait for `seconds`; by unix time in milliseconds. */
export type Refusing = { says: string; fromMs: number; toMs: number; seconds: number };

/**
 * Makes the weather within the next `seconds`; in a shorter time the troubles are shorter, too. Answers the times in which GitLab
 * refused.
 */
export async function makeWeather(
  sandbox: Pick<BenchSandbox, 'control'>,
  seconds: number,
  say: (line: string) => void,
): Promise<Refusing[]> {
  const startedAtMs = performance.now();
  const scale = Math.min(1, seconds / WHOLE_SECONDS);
  const refusing: Refusing[] = [];
  for (const { says, at, seconds: length, fault, asksToWait } of STORM) {
    await pause(Math.max(0, startedAtMs + at * seconds * 1_000 - performance.now()));
    const forSeconds = asksToWait ? Math.max(1, Math.round(length * scale)) : length * scale;
    say(`storm: ${says}, ${forSeconds.toFixed(1)} s`);
    const asked = asksToWait ? { retryAfterSeconds: forSeconds } : {};
    const fromMs = Date.now();
    await sandbox.control('POST', 'faults', [{ ...fault, ...asked, times: MANY }]);
    await pause(forSeconds * 1_000);
    await sandbox.control('DELETE', 'faults');
    if (asksToWait) refusing.push({ says, fromMs, toMs: Date.now(), seconds: forSeconds });
  }
  return refusing;
}
