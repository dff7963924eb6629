import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };

describe.each(STORES)('S22: idempotency keys, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  it('a repeat makes nothing new and answers with the same grant as it is now', async () => {
    const first = await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'once' });
    await scene.revokeGrant(first.grant?.id ?? '');
    scene.gateway.clearCalls();
    const again = await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'once' });
    expect(again.grant).toMatchObject({ id: first.grant?.id, status: 'ENDED' });
    expect(scene.gateway.calls()).toBe(0);
  });

  it('two at once make one grant', async () => {
    const both = await Promise.all([
      scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'twice' }),
      scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'twice' }),
    ]);
    expect(both[0].grant?.id).toBe(both[1].grant?.id);
    await scene.revokeGrant(both[0].grant?.id ?? '', { idempotencyKey: 'off' });
    const repeat = await scene.revokeGrant(both[0].grant?.id ?? '', { idempotencyKey: 'off' });
    expect(repeat.userErrors).toEqual([]);
    expect(repeat.grants).toMatchObject([{ id: both[0].grant?.id, status: 'ENDED' }]);
  });

  it('the same key for something else is IDEMPOTENCY_KEY_REUSED', async () => {
    await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'mine', reason: 'one' });
    const other = await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'mine', reason: 'two' });
    expect(other.grant).toBeNull();
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
  });

  it('a try that stored nothing leaves no key', async () => {
    const bad = await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'again', reason: ' ' });
    expect(bad.userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['reason'] }]);
    const good = await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'again', reason: 'a real one' });
    expect(good.grant).not.toBeNull();
  });

  it('a key is free again after seven days', async () => {
    const first = await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'weekly', duration: 'PT1H' });
    await scene.gateway.advance(7 * 24 * HOUR_MS + 60_000);
    await scene.until('the first has ended', async () => (await scene.see(first.grant?.id ?? '')).status === 'ENDED');
    const second = await scene.grant(USERS.niaj, TOOLING, { idempotencyKey: 'weekly', duration: 'PT1H' });
    expect(second.grant?.id).not.toBe(first.grant?.id);
  });
});
