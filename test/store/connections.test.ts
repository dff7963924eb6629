import { afterEach, describe, expect, it } from '@jest/globals';
import {
  deleteConnection,
  findConnection,
  findConnectionByName,
  insertConnection,
  listConnections,
  updateConnection,
} from '../../src/store/connections.ts';
import type { ConnectionRow, ConnectionValues } from '../../src/store/connections.ts';
import { findInstance, gatewayUserIds, renameInstance, upsertInstance } from '../../src/store/instances.ts';
import { eachStore } from '../support/stores.ts';

const NOW = new Date('2026-03-01T00:00:00Z');

const values = (instanceId: string, over: Partial<ConnectionValues> = {}): ConnectionValues => ({
  name: 'Acme',
  instanceId,
  baseUrl: 'https://gitlab.example',
  status: 'CONNECTED',
  statusReason: null,
  gitlabUserId: '42',
  username: 'gatehouse',
  userName: 'Gatehouse',
  identityKind: 'SERVICE_ACCOUNT',
  isAdmin: false,
  tokenJwe: 'jwe',
  tokenInfo: { scopes: ['api'] },
  version: '18.9.0',
  enterprise: true,
  report: { passed: true, checks: [] },
  ...over,
});

describe('connections', () => {
  eachStore((under) => {
    const instance = async (address = 'https://gitlab.example') =>
      (await under.store().transaction((tx) => upsertInstance(tx, NOW, address))).id;
    const saved = async (over: Partial<ConnectionValues> = {}): Promise<ConnectionRow> => {
      const row = await insertConnection(under.store().db, NOW, values(await instance(), over));
      if (row === null) throw new Error('The name was taken.');
      return row;
    };

    afterEach(async () => {
      await under.store().db.deleteFrom('connections').execute();
      await under.store().db.deleteFrom('instances').execute();
    });

    it('come back as they were saved', async () => {
      const row = await saved();
      expect(await findConnection(under.store().db, row.id)).toEqual(row);
      expect(row).toMatchObject({ ...values(row.instanceId), createdAt: NOW, updatedAt: NOW });
    });

    it('are found by name whatever its case, and no two have one name', async () => {
      const row = await saved({ name: 'Münze' });
      expect(await findConnectionByName(under.store().db, 'MÜNZE')).toEqual(row);
      expect(await insertConnection(under.store().db, NOW, values(row.instanceId, { name: 'münze' }))).toBeNull();
      await expect(saved({ name: 'MÜNZE' })).rejects.toThrow('taken');
    });

    it('keep what an update does not name', async () => {
      const row = await saved();
      const later = new Date(NOW.getTime() + 1000);
      const change = { status: 'DEGRADED', statusReason: 'The token was revoked.' } as const;
      const updated = await under.store().transaction((tx) => updateConnection(tx, later, row.id, change));
      expect(updated).toEqual({ ...row, ...change, updatedAt: later });
      expect(await under.store().transaction((tx) => updateConnection(tx, later, '999999', change))).toBeNull();
    });

    it('are listed by name and gone once deleted', async () => {
      await saved({ name: 'b' });
      const a = await saved({ name: 'A' });
      const { db } = under.store();
      expect((await listConnections(db)).map((row) => row.name)).toEqual(['A', 'b']);
      expect(await deleteConnection(db, a.id)).toBe(true);
      expect(await deleteConnection(db, a.id)).toBe(false);
      expect(await findConnection(db, a.id)).toBeNull();
    });

    it('are not found by an id that is none', async () => {
      for (const id of ['', '0', 'abc', '-1', '99999999999999999999', '1; drop table keys']) {
        expect(await findConnection(under.store().db, id)).toBeNull();
      }
    });

    it('leave grants without the pointer when deleted', async () => {
      const { db } = under.store();
      const row = await saved();
      const key = await db
        .insertInto('keys')
        .values({
          instance_id: row.instanceId,
          source_kind: 'group',
          source_id: '1',
          user_id: '2',
          username: 'u',
          source_path: 'g',
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await db
        .insertInto('grants')
        .values({
          key_id: key.id,
          connection_id: row.id,
          access_level: 40,
          reason: 'r',
          requested_by: 'ana',
          status: 'ENDED',
          requested_at: NOW,
        })
        .execute();
      await deleteConnection(db, row.id);
      expect(await db.selectFrom('grants').select(['key_id', 'connection_id']).execute()).toEqual([
        { key_id: key.id, connection_id: null },
      ]);
      await db.deleteFrom('grants').execute();
      await db.deleteFrom('keys').execute();
    });

    it('share one instance by its address, also when saved at once', async () => {
      const ids = await Promise.all([1, 2, 3].map(() => instance('https://shared.example')));
      expect(new Set(ids).size).toBe(1);
    });

    it('tell every user that the gateway acts as on an instance', async () => {
      const row = await saved();
      await saved({ name: 'second', gitlabUserId: '43' });
      await insertConnection(
        under.store().db,
        NOW,
        values(await instance('https://other.example'), { name: 'other', gitlabUserId: '99' }),
      );
      expect(await gatewayUserIds(under.store().db, row.instanceId)).toEqual(new Set(['42', '43']));
    });

    it('keep their instance when its address changes, unless another one has that address', async () => {
      const id = await instance();
      const taken = await instance('https://taken.example');
      const rename = (address: string) => under.store().transaction((tx) => renameInstance(tx, id, address));
      expect(await rename('https://new.example')).toBe('renamed');
      expect(await findInstance(under.store().db, id)).toEqual({ id, address: 'https://new.example' });
      expect(await rename('https://taken.example')).toBe('taken');
      expect(await findInstance(under.store().db, taken)).toEqual({ id: taken, address: 'https://taken.example' });
    });
  });
});
