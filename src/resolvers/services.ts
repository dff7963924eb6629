import type { ConnectionsService } from '../connections/service.ts';
import type { ExtractionService } from '../extraction/service.ts';
import type { GrantsService } from '../grants/service.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { Reuse } from './reuse.ts';
import type { Store } from '../store/store.ts';

export type Role = 'VIEWER' | 'REQUESTER' | 'APPROVER' | 'ADMIN';

/** Who is asking, proven by an API key. */
export type Caller = { subject: string; name: string; roles: readonly Role[]; gitlabUsernames: readonly string[] };

/** What the whole process shares. */
export type Services = {
  store: Store;
  connections: ConnectionsService;
  grants: GrantsService;
  extraction: ExtractionService;
};

/** One per request. */
export type Context = {
  caller: Caller;
  services: Services;
  /** How old what the request reads is, where it was read before. */
  reuse: Reuse;
  /** The request's own batched reads of one connection; made on first use. Rejects with a `GatehouseError` when it is gone. */
  loaders(connectionId: string): Promise<Loaders>;
};
