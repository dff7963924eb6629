import type { GitLabClient } from '../gitlab/client.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Store } from '../store/store.ts';
import type { GrantEvent } from './events.ts';
import type { GrantSettings } from './settings.ts';

export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** All that grants need from the outside. */
export type GrantsDeps = {
  store: Store;
  jobs: Jobs;
  settings: GrantSettings;
  /** Reads and writes of one connection; throws when it was deleted. */
  clientFor(connectionId: string): Promise<GitLabClient>;
  /** The connection as policy needs it; null when there is none. */
  connection(connectionId: string): Promise<{
    id: string;
    instanceId: string;
    status: string;
    statusReason: string | null;
    instance: { enterprise: boolean; gitlabDotCom: boolean };
  } | null>;
  /** Told when a connection's token seems dead. */
  suspect(connectionId: string): Promise<void>;
  /** Names this process in leases. */
  owner: string;
  log: Log;
  /** Told of runs, of proven ends and of alerts, for metrics. */
  onEvent?: (event: GrantEvent) => void;
  /** Injected so that tests need not wait. */
  sleep(ms: number): Promise<void>;
};
