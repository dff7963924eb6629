import { insertConnection } from '../../src/store/connections.ts';
import { upsertInstance } from '../../src/store/instances.ts';
import type { Store } from '../../src/store/store.ts';

/** A row of a connection that nobody uses; its id. */
export async function newConnection(store: Store): Promise<string> {
  const now = new Date('2030-01-01T00:00:00Z');
  const instance = await store.transaction((tx) => upsertInstance(tx, now, 'https://gitlab.example'));
  const row = await insertConnection(store.db, now, {
    name: 'Acme',
    instanceId: instance.id,
    baseUrl: 'https://gitlab.example',
    status: 'CONNECTED',
    statusReason: null,
    gitlabUserId: '42',
    username: 'gatehouse',
    userName: 'Gatehouse',
    identityKind: 'SERVICE_ACCOUNT',
    isAdmin: false,
    tokenJwe: 'jwe',
    tokenInfo: {},
    version: '18.9.0',
    enterprise: true,
    report: {},
  });
  if (row === null) throw new Error('The name was taken.');
  return row.id;
}
