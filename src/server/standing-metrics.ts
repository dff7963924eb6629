import { Gauge, Registry } from 'prom-client';
import type { ConnectionsService } from '../connections/service.ts';
import type { Log } from '../log.ts';
import { toGlobalId } from '../resolvers/global-id.ts';
import { readFigures } from '../store/figures.ts';
import type { Figures } from '../store/figures.ts';
import type { Store } from '../store/store.ts';

export type StandingDeps = {
  store: Pick<Store, 'db' | 'clock'>;
  connections: Pick<ConnectionsService, 'list'>;
  log: Pick<Log, 'error'>;
};

const STATUSES = ['SCHEDULED', 'ACTIVATING', 'ACTIVE', 'ENDING', 'ENDED', 'FAILED'] as const;

type Standing = { figures: Figures; connections: { id: string; name: string; status: string }[] };

/**
 * How the ledger stands, read from the store at each scrape, so that every process of one store shows the same. While the store
 * does not answer, these figures are absent and `gatehouse_store_up` is 0.
 */
export async function standingMetrics(deps: StandingDeps): Promise<string> {
  const standing = await read(deps);
  // Made anew each time: what is gone, such as a deleted connection, leaves nothing behind.
  const registry = new Registry();
  const show = (name: string, help: string, value: number): void => {
    new Gauge({ name, help, registers: [registry] }).set(value);
  };
  show('gatehouse_store_up', 'Whether the store answered this scrape.', standing === null ? 0 : 1);
  if (standing === null) return registry.metrics();
  const { figures, connections } = standing;
  showGrants(registry, figures.grants);
  showConnections(registry, connections);
  show('gatehouse_overdue_revokes', 'Grants past their end that no read has proven over.', figures.overdueGrants);
  show('gatehouse_pending_revocations', 'Revocations that no read has proven yet.', figures.pendingRevocations);
  show('gatehouse_keys_due', 'Memberships whose look is due and which nobody works on.', figures.keysDue);
  show('gatehouse_sweep_lag_seconds', 'How long the longest of those has been waiting.', figures.lagMs / 1000);
  return registry.metrics();
}

async function read(deps: StandingDeps): Promise<Standing | null> {
  try {
    const figures = await readFigures(deps.store.db, await deps.store.clock.now());
    return { figures, connections: await deps.connections.list() };
  } catch (error) {
    deps.log.error({ err: error }, 'The store could not be read for metrics.');
    return null;
  }
}

function showGrants(registry: Registry, counted: Figures['grants']): void {
  const help = 'Grants by status.';
  const gauge = new Gauge({ name: 'gatehouse_grants', help, labelNames: ['status'], registers: [registry] });
  for (const status of STATUSES) gauge.set({ status }, counted.find((one) => one.status === status)?.count ?? 0);
}

function showConnections(registry: Registry, connections: Standing['connections']): void {
  const name = 'gatehouse_connection_degraded';
  const help = 'Whether the token of a connection no longer works (1) or does (0).';
  const gauge = new Gauge({ name, help, labelNames: ['connection', 'name'], registers: [registry] });
  for (const { id, name: shown, status } of connections) {
    gauge.set({ connection: toGlobalId('Connection', id), name: shown }, status === 'DEGRADED' ? 1 : 0);
  }
}
