import { setTimeout as pause } from 'node:timers/promises';
import type { BenchSandbox } from './sandbox.ts';

/** One trouble of GitLab's: these faults from this share of the time on, for so long. */
export type Squall = { says: string; at: number; forMs: number; faults: object[] };

const MANY = 10_000;
const everything = { path: '^/api/', times: MANY };

/**
 * Both kinds of 429, of everything and of one route, with the time that GitLab asks for and without; and bursts of 5xx from GitLab
 * and from a proxy before it. A refusal of everything lasts as long as it says, however many calls come meanwhile.
 */
export const STORM: readonly Squall[] = [
  squall('429 for everything, 2 s', 0.08, 2_000, [{ ...everything, kind: '429-throttle', retryAfterSeconds: 2 }]),
  squall('502 for everything, 1.5 s', 0.22, 1_500, [{ ...everything, kind: '502' }]),
  squall('429 for direct members by REST, 3 s', 0.34, 3_000, [
    { path: '/members\\?', method: 'GET', times: MANY, kind: '429-app', retryAfterSeconds: 3 },
  ]),
  squall('503 for everything, 2 s', 0.48, 2_000, [{ ...everything, kind: '503' }]),
  squall('429 for everything, 3 s', 0.62, 3_000, [{ ...everything, kind: '429-throttle', retryAfterSeconds: 3 }]),
  squall('cut connections, 1 s', 0.76, 1_000, [{ ...everything, kind: 'cut-before' }]),
  squall('429 for GraphQL, 2 s', 0.86, 2_000, [
    { path: '^/api/graphql', times: MANY, kind: '429-app', retryAfterSeconds: 2 },
  ]),
];

function squall(says: string, at: number, forMs: number, faults: object[]): Squall {
  return { says, at, forMs, faults };
}

/** Makes the weather within the next `seconds`; short ones have the troubles shorter, too. */
export async function makeWeather(sandbox: BenchSandbox, seconds: number, say: (line: string) => void): Promise<void> {
  const startedAtMs = performance.now();
  for (const { says, at, forMs, faults } of STORM) {
    await pause(Math.max(0, startedAtMs + at * seconds * 1_000 - performance.now()));
    say(`storm: ${says}`);
    await sandbox.control('POST', 'faults', faults);
    await pause(forMs);
    await sandbox.control('DELETE', 'faults');
  }
}
