import type { GitLabClient } from '../gitlab/client.ts';
import type { Store } from '../store/store.ts';

export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type ExtractionSettings = {
  /** How often everything is read unasked; null: never. */
  everyMs: number | null;
  /** How often what hooks said has changed, and what is new; null: never. */
  changesEveryMs: number | null;
  /** How far back questions can be asked of the past; null: as far as runs go. */
  keepMs: number | null;
};

/** The connection as a run needs it. */
export type ExtractedConnection = {
  id: string;
  status: string;
  statusReason: string | null;
  instanceId: string;
  identity: { isAdmin: boolean; gitlabId: string };
  instance: { enterprise: boolean; gitlabDotCom: boolean };
};

/** All that extractions need from the outside. */
export type ExtractionDeps = {
  store: Store;
  settings: ExtractionSettings;
  /** Reads of one connection; throws when it was deleted. */
  clientFor(connectionId: string): Promise<GitLabClient>;
  /** Null when there is none. */
  connection(connectionId: string): Promise<ExtractedConnection | null>;
  /** Told when a connection's token seems dead. */
  suspect(connectionId: string): Promise<void>;
  /** Names this process in leases. */
  owner: string;
  log: Log;
  /** Injected so that tests need not wait. */
  sleep(ms: number): Promise<void>;
};
