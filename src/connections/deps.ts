import type { GitLabClientFactory } from '../gitlab/client.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Secrets } from './secrets.ts';
import type { GrantsOnConnections } from './service.ts';

/** What connections need. All times are the store's clock's. */
export type ConnectionsDeps = {
  store: Store;
  clientFactory: GitLabClientFactory;
  secrets: Secrets;
  /** A getter, because grants are made after connections. */
  grants: () => GrantsOnConnections;
  log: Pick<Log, 'info' | 'warn'>;
  /** How long deleting with END waits for the last revoke; 10 s unless told. */
  endWaitMs?: number;
  /** How long a replaced client may finish what it began; 60 s unless told. */
  retireMs?: number;
};
