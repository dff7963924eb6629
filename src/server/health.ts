import type { Log } from '../log.ts';
import type { ConnectionsService } from '../connections/service.ts';
import type { Store } from '../store/store.ts';

const SKEW_SHOWN_MS = 5000;

/** `reasons` says why it is not ready; `warnings`, what does not keep it from its work. */
export type Readiness = {
  ready: boolean;
  checks: { store: boolean; jobs: boolean };
  reasons: string[];
  warnings: string[];
};

export type HealthDeps = {
  store: Store;
  connections: Pick<ConnectionsService, 'list' | 'clientFor'>;
  /** True from when the jobs run until they are told to stop. */
  jobsRunning: () => boolean;
  log: Log;
};

/**
 * Whether the gateway can do its work: the store answers (its tables were brought up to date when it was opened) and the jobs
 * run; else why not. Clocks of GitLab that differ from ours by more than 5 seconds (docs/grants.md S21) and tokens that no longer
 * work are warned of, without saying whose: anybody may ask.
 */
export async function readiness(deps: HealthDeps): Promise<Readiness> {
  const checks = { store: await storeAnswers(deps), jobs: deps.jobsRunning() };
  const reasons = [
    ...(checks.store ? [] : ['The store does not answer. Look at its database, or at the disk that DATA_DIR is on.']),
    ...(checks.jobs ? [] : ['The jobs do not run: the gateway is closing.']),
  ];
  const ready = reasons.length === 0;
  return { ready, checks, reasons, warnings: ready ? await warningsOf(deps) : [] };
}

async function storeAnswers(deps: HealthDeps): Promise<boolean> {
  try {
    await deps.store.answers();
    return true;
  } catch (error) {
    deps.log.error({ err: error }, 'The store does not answer.');
    return false;
  }
}

async function warningsOf(deps: HealthDeps): Promise<string[]> {
  const connections = await deps.connections.list();
  const degraded = connections.filter(({ status }) => status === 'DEGRADED');
  const skews = await Promise.all(connections.map((connection) => skewOf(deps, connection.id)));
  return [
    ...degraded.map(() => 'The token of a connection no longer works. Give it another by updateConnection.'),
    ...skews
      .filter((skewMs) => Math.abs(skewMs) > SKEW_SHOWN_MS)
      .map((skewMs) => `The clock of a connected GitLab is ${seconds(skewMs)} ours. Set both by one time server.`),
  ];
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
