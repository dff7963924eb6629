import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BELIEVED_MS, createAuthentication } from '../../src/server/auth.ts';
import { insertApiKey, makeApiKey } from '../../src/store/api-keys.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/stores.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore({ clockShiftMs: () => 0 });
}, 120_000);
afterAll(() => store.close());

it('a key that is revoked is refused a second later, and one that comes into force is known at once', async () => {
  let nowMs = 5_000;
  const authenticate = createAuthentication({ store, nowMs: () => nowMs });
  const [key, subject] = [makeApiKey(), 'ann'];
  const header = `Bearer ${key}`;
  expect(await authenticate(header)).toBeNull();
  const row = await insertApiKey(store.db, await store.clock.now(), key, { subject, name: 'Ann', roles: ['VIEWER'] });
  expect(await authenticate(header)).toEqual({ subject, name: 'Ann', roles: ['VIEWER'], gitlabUsernames: [] });

  const revoked_at = await store.clock.now();
  await store.db.updateTable('api_keys').set({ revoked_at }).where('id', '=', row.id).execute();
  nowMs += BELIEVED_MS - 1;
  expect((await authenticate(header))?.subject).toBe(subject);
  nowMs += 1;
  expect(await authenticate(header)).toBeNull();
});
