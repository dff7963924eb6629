import type { ConnectionRecord } from '../../src/connections/records.ts';

/** A saved connection as the service would answer it. */
export function fakeConnection(name: string): ConnectionRecord {
  return {
    id: '1',
    name,
    baseUrl: 'https://gitlab.example.com',
    instanceId: '1',
    status: 'CONNECTED',
    statusReason: null,
    identity: { gitlabId: '5', username: 'gatehouse', name: 'Gatehouse', kind: 'SERVICE_ACCOUNT', isAdmin: false },
    token: { name: 'gatehouse', scopes: ['api'], createdAt: null, expiresAt: null, lastUsedAt: null },
    instance: { version: '18.9.0-ee', enterprise: true, gitlabDotCom: false },
    report: { passed: true, checkedAt: '2026-01-01T00:00:00.000Z', checks: [] },
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  };
}
