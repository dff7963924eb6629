import type { Log } from '../log.ts';
import type { ConnectionsService } from '../connections/service.ts';
import type { Store } from '../store/store.ts';

const SKEW_SHOWN_MS = 5000;

export type Readiness = { ready: boolean; checks: { store: boolean; jobs: boolean }; warnings: string[] };

export type HealthDeps = {
  store: Store;
  connections: Pick<ConnectionsService, 'list' | 'clientFor'>;
  /** True from when the jobs run until they are told to stop. */
  jobsRunning: () => boolean;
  log: Log;
};

/**
 * Whether the gateway can do its work: the store answers (its tables were brought up to date when it was opened) and the jobs
 * run. Clocks of GitLab that differ from ours by more than 5 seconds are warned of (docs/grants.md S21), without saying whose.
 */
export async function readiness(deps: HealthDeps): Promise<Readiness> {
  const checks = { store: await storeAnswers(deps), jobs: deps.jobsRunning() };
  const ready = checks.store && checks.jobs;
  return { ready, checks, warnings: ready ? await skewWarnings(deps) : [] };
}

async function storeAnswers(deps: HealthDeps): Promise<boolean> {
  try {
    await deps.store.clock.now();
    return true;
  } catch (error) {
    deps.log.error({ err: error }, 'The store does not answer.');
    return false;
  }
}

async function skewWarnings(deps: HealthDeps): Promise<string[]> {
  const connections = await deps.connections.list();
  const skews = await Promise.all(connections.map((connection) => skewOf(deps, connection.id)));
  return skews
    .filter((skewMs) => Math.abs(skewMs) > SKEW_SHOWN_MS)
    .map((skewMs) => `The clock of a connected GitLab is ${seconds(skewMs)} ours. Set both by one time server.`);
}

/** 0 where nothing was measured yet, or the client cannot be had. */
async function skewOf(deps: HealthDeps, connectionId: string): Promise<number> {
  try {
    const client = await deps.connections.clientFor(connectionId);
    return client.health().clockSkewMs ?? 0;
  } catch (error) {
    deps.log.warn({ err: error, connectionId }, 'The clock of a GitLab could not be compared.');
    return 0;
  }
}

function seconds(skewMs: number): string {
  return `${String(Math.round(Math.abs(skewMs) / 1000))} s ${skewMs > 0 ? 'ahead of' : 'behind'}`;
}
