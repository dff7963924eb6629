import { afterEach, describe, expect, it } from '@jest/globals';
import { ensureAdminKey, findApiKeyByHash, hashApiKey, insertApiKey, makeApiKey } from '../../src/store/api-keys.ts';
import { eachStore } from '../support/stores.ts';

describe('API keys', () => {
  eachStore((under) => {
    const found = (key: string) => findApiKeyByHash(under.store().db, hashApiKey(key));

    afterEach(async () => {
      await under.store().db.deleteFrom('api_keys').execute();
    });

    it('are found by their hash, with who acts and what he may', async () => {
      const key = makeApiKey();
      expect(key).toMatch(/^gatehouse_[\w-]{43}$/);
      const row = await insertApiKey(under.store().db, new Date(), key, {
        subject: 'ana',
        name: 'Laptop',
        roles: ['VIEWER', 'REQUESTER'],
      });
      expect(await found(key)).toEqual(row);
      expect(row).toMatchObject({ subject: 'ana', roles: ['VIEWER', 'REQUESTER'], revokedAt: null });
      expect(await found(makeApiKey())).toBeNull();
    });

    it('are not stored themselves', async () => {
      const key = makeApiKey();
      await insertApiKey(under.store().db, new Date(), key, { subject: 'ana', name: 'x', roles: ['ADMIN'] });
      const rows = await under.store().db.selectFrom('api_keys').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(key);
    });

    it('are refused once revoked, and when a row says a role we do not know', async () => {
      const [revoked, odd] = [makeApiKey(), makeApiKey()];
      const { db } = under.store();
      await insertApiKey(db, new Date(), revoked, { subject: 'a', name: 'x', roles: ['ADMIN'] });
      await insertApiKey(db, new Date(), odd, { subject: 'a', name: 'y', roles: ['ADMIN'] });
      await db.updateTable('api_keys').set({ revoked_at: new Date() }).where('name', '=', 'x').execute();
      await db.updateTable('api_keys').set({ roles: '["ROOT"]' }).where('name', '=', 'y').execute();
      expect(await found(revoked)).toBeNull();
      await expect(found(odd)).rejects.toThrow('A row of the table "api_keys" cannot be read (roles.0)');
    });

    it('begin with one admin key, made once however many processes start', async () => {
      const made = await Promise.all([1, 2, 3].map(() => ensureAdminKey(under.store(), { configuredKey: null })));
      const keys = made.filter((key) => key !== null);
      expect(keys).toHaveLength(1);
      expect(await found(keys[0] ?? '')).toMatchObject({ subject: 'admin', roles: ['ADMIN'] });
      expect(await ensureAdminKey(under.store(), { configuredKey: null })).toBeNull();
    });

    it('take a configured admin key in place of the one configured before', async () => {
      const [one, two] = [makeApiKey(), makeApiKey()];
      const configure = (key: string) => ensureAdminKey(under.store(), { configuredKey: key });
      expect(await configure(one)).toBeNull();
      expect(await found(one)).toMatchObject({ roles: ['ADMIN'] });
      await configure(two);
      expect(await found(one)).toBeNull();
      expect(await found(two)).not.toBeNull();
      await configure(one);
      expect(await found(one)).not.toBeNull();
      expect(await found(two)).toBeNull();
      expect(await ensureAdminKey(under.store(), { configuredKey: null })).toBeNull();
    });
  });
});
