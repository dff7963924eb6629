import { setTimeout as pause } from 'node:timers/promises';
import { connect, grant, grantsOf, startBenchGateway } from './gateway.ts';
import type { BenchGateway, GrantSeen } from './gateway.ts';
import { notAsBefore, startBenchSandbox } from './sandbox.ts';
import type { BenchSandbox } from './sandbox.ts';
import { eachOf, numbersBelow, openStorage, percentile, until, withEnding } from './workload.ts';
import type { Say, StoreName } from './workload.ts';

const SOURCES = 50;
const LATENCY_MS = 20;
const PARALLEL = 16;
/** Made first and left in force for an hour: they tell how long making the others will take. */
export const WARM_UP = 64;
const HOUR_MS = 3_600_000;
/** Making the others may take so much longer; what is left of the time is waited for. */
const MARGIN = 1.4;
const MARGIN_MS = 5_000;

export type RevokeOptions = { store: StoreName; grants: number; windowSeconds: number; profileDir: string | null };

/**
 * `grants` grants fall due evenly within `windowSeconds`, half of them to remove a row and half to restore one, with GitLab at
 * 20 ms and its limits on. What is told is how long after its due time each was verified ended, by the gateway's public API.
 * Setting up is not measured: it runs without latency and limits. Throws when a membership is not as it was before.
 */
export async function revoke(options: RevokeOptions, say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const { store, grants, windowSeconds } = options;
    const storage = await openStorage(options, ending);
    const shape = { grants: grants + Math.min(grants, WARM_UP), sources: Math.min(SOURCES, grants) };
    const sandbox = await startBenchSandbox({ shape });
    ending.add(() => sandbox.end());
    await sandbox.control('POST', 'settings', { rateLimits: false });
    const gateway = await startBenchGateway(storage);
    ending.add(() => gateway.end());
    const window = await makeGrants(gateway, sandbox, options);
    say(`${store}: ${String(grants)} grants made, due from ${window.from.toISOString()} on`);
    await sandbox.control('POST', 'latency', { ms: LATENCY_MS });
    await sandbox.control('POST', 'settings', { rateLimits: true });
    await sandbox.control('DELETE', 'calls');
    await pause(Math.max(0, window.to.getTime() - Date.now()));
    const ended = await endedGrants(gateway, sandbox, { grants, before: window.to });
    const calls = await sandbox.control<unknown[]>('GET', 'calls');
    say(`${store}: ${String(windowSeconds)} s, ${(calls.length / grants).toFixed(1)} calls of GitLab for each grant`);
    tell(ended, say);
  });
}

/** Makes the grants, so that the first falls due when the last has been made. Answers the time in which they do. */
export async function makeGrants(
  gateway: BenchGateway,
  sandbox: BenchSandbox,
  { grants, windowSeconds, parallel = PARALLEL }: { grants: number; windowSeconds: number; parallel?: number },
): Promise<{ from: Date; to: Date }> {
  const connectionId = await connect(gateway, { name: 'bench', baseUrl: sandbox.url, token: sandbox.ownerToken });
  const make = (index: number, expiresAt: Date): Promise<void> => {
    const { source, user } = sandbox.whereIs(index);
    return grant(gateway, { connectionId, username: user.username, source, expiresAt });
  };
  const warmUp = numbersBelow(sandbox.shape.grants, grants);
  const startedAtMs = performance.now();
  await eachOf(warmUp, parallel, (index) => make(index, new Date(Date.now() + HOUR_MS)));
  const eachMs = (performance.now() - startedAtMs) / warmUp.length;
  const from = new Date(Date.now() + MARGIN_MS + MARGIN * eachMs * grants);
  const stepMs = (windowSeconds * 1_000) / grants;
  await eachOf(numbersBelow(grants), parallel, (index) => make(index, new Date(from.getTime() + index * stepMs)));
  if (Date.now() > from.getTime()) throw new Error('Setting up took too long: a grant fell due before. Run it again.');
  return { from, to: new Date(from.getTime() + windowSeconds * 1_000) };
}

/** Waits until all that were due before have ended, and answers them. Throws when a membership is not as it was before. */
export async function endedGrants(
  gateway: BenchGateway,
  sandbox: BenchSandbox,
  { grants, before }: { grants: number; before: Date },
): Promise<GrantSeen[]> {
  await until(`all of ${String(grants)} grants have ended`, { everyMs: 1_000, withinMs: 120_000 }, async () => {
    const standing = await grantsOf(gateway, { statuses: ['ACTIVE', 'ENDING'], expiresBefore: before });
    return standing.length === 0;
  });
  const wrong = await notAsBefore(sandbox, grants);
  if (wrong > 0) throw new Error(`${String(wrong)} of ${String(grants)} memberships are not as they were before.`);
  const ended = await grantsOf(gateway, { statuses: ['ENDED'], expiresBefore: before });
  if (ended.length !== grants) throw new Error(`${String(ended.length)} of ${String(grants)} grants are told of.`);
  return ended;
}

/** How long after its due time each was verified ended, in milliseconds, sorted. */
export function latenessOf(ended: readonly GrantSeen[]): number[] {
  return ended.map(({ expiresAt, endedAt }) => Date.parse(endedAt ?? '') - Date.parse(expiresAt)).sort((a, b) => a - b);
}

function tell(ended: readonly GrantSeen[], say: Say): void {
  const latenciesMs = latenessOf(ended);
  const at = (share: number): string => String(percentile(latenciesMs, share));
  say(`revoke: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
}
