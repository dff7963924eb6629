import type { Caller } from '../resolvers/services.ts';
import { findApiKeyByHash, hashApiKey } from '../store/api-keys.ts';
import type { Store } from '../store/store.ts';

/**
 * Who presents this `Authorization` header; null where it holds no key that is in force. The key is looked up by its hash, so
 * that the time it takes tells nothing about any key.
 */
export async function authenticate(store: Store, header: string | undefined): Promise<Caller | null> {
  const match = /^Bearer +(\S+)$/i.exec(header ?? '');
  const key = match?.[1];
  if (key === undefined) return null;
  const row = await findApiKeyByHash(store.db, hashApiKey(key));
  return row === null ? null : { subject: row.subject, name: row.name, roles: row.roles, gitlabUsernames: [] };
}
