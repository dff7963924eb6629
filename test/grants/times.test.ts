import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byLaterClock } from '../../src/grants/backstop.ts';
import { HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const DAY_MS = 24 * HOUR_MS;
const startOf = (date: string | null | undefined): number => Date.parse(`${String(date)}T00:00:00Z`);

describe('which clock dates a backstop', () => {
  it('S21: up to a minute of difference is ignored; a clock of GitLab that is ahead moves the due time by whole hours', () => {
    const due = new Date('2026-03-01T10:00:00Z');
    expect(byLaterClock(due, null)).toEqual(due);
    expect(byLaterClock(due, 60_000)).toEqual(due);
    expect(byLaterClock(due, -DAY_MS)).toEqual(due);
    expect(byLaterClock(due, 61_000)).toEqual(new Date('2026-03-01T11:00:00Z'));
    expect(byLaterClock(due, 62_000)).toEqual(new Date('2026-03-01T11:00:00Z'));
    expect(byLaterClock(null, 61_000)).toBeNull();
  });
});

describe.each(STORES)('dates and due times, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store, settings: { failClosed: true } });
  }, 120_000);
  afterAll(() => scene.close());

  const ended = (id: string) =>
    scene.until('the grant has ended', async () => (await scene.see(id)).status === 'ENDED');

  it('S5: with FAIL_CLOSED a raised row carries the backstop, and the base has its own date again at the end', async () => {
    const before = await scene.row(USERS.eve, TOOLING);
    const { grant } = await scene.grant(USERS.eve, TOOLING);
    expect(grant).toMatchObject({
      effect: 'RAISED',
      base: { accessLevel: 'DEVELOPER', expiresAt: before?.expires_at },
    });
    expect(grant?.backstop).not.toBeNull();
    expect(await scene.row(USERS.eve, TOOLING)).toMatchObject({ access_level: 40, expires_at: grant?.backstop });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.eve, TOOLING)).toEqual(before);
  });

  it('S5: a raised row that GitLab took on the backstop while we were away is made again as the base was', async () => {
    const before = await scene.row(USERS.eve, TOOLING);
    const { grant } = await scene.grant(USERS.eve, TOOLING);
    // Both clocks move before anything of ours runs: GitLab's nightly job comes first.
    await scene.gateway.advance(3 * DAY_MS);
    await ended(grant?.id ?? '');
    expect(await scene.row(USERS.eve, TOOLING)).toMatchObject({
      access_level: before?.access_level,
      expires_at: before?.expires_at,
    });
    expect(scene.writes().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('S17: an extension is kept when its backstop cannot be moved, which follows later', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    const id = grant?.id ?? '';
    scene.gateway.sandbox.fault({ method: 'PUT', path: '/members/', kind: '503', times: 100 });
    const longer = await scene.extend(id, { duration: 'P2D' });
    expect(longer.userErrors).toEqual([]);
    expect(Date.parse(longer.grant?.expiresAt ?? '') - Date.parse(grant?.expiresAt ?? '')).toBe(2 * DAY_MS);
    expect(await scene.row(USERS.niaj, TOOLING)).toMatchObject({ expires_at: grant?.backstop });
    scene.gateway.sandbox.clearFaults();
    await scene.gateway.advance(61_000);
    await scene.until('the date has moved', async () => {
      const row = await scene.row(USERS.niaj, TOOLING);
      return startOf(row?.expires_at) > startOf(grant?.backstop);
    });
    await scene.revokeGrant(id);
  });

  it('S17: what was not extended by its due time has ended, also while GitLab is down', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { duration: 'PT10M' });
    scene.gateway.sandbox.fault({ path: '/api/', kind: '503', times: 1_000 });
    await scene.gateway.advance(10 * 60_000);
    const { userErrors } = await scene.extend(grant?.id ?? '', { duration: 'PT1H' });
    expect(userErrors).toMatchObject([{ code: 'ALREADY_ENDED' }]);
    scene.gateway.sandbox.clearFaults();
    await scene.gateway.advance(61_000);
    await ended(grant?.id ?? '');
  });

  it('S23: what GitLab makes a due revoke wait is overdue time, and it is tried when GitLab allows', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { duration: 'PT10M' });
    const id = grant?.id ?? '';
    const limit = { method: 'DELETE', path: '/members/', kind: '429-app', retryAfterSeconds: 90, times: 1 } as const;
    scene.gateway.sandbox.fault(limit);
    await scene.gateway.advance(10 * 60_000 + 1_000);
    await scene.until('it is overdue', async () => (await scene.see(id)).problem?.code === 'OVERDUE');
    await scene.gateway.advance(45_000);
    expect((await scene.see(id)).status).toBe('ENDING');
    await scene.gateway.advance(46_000);
    await ended(id);
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('S21: where the clock of GitLab is ahead, a new backstop is dated by it', async () => {
    scene.gateway.sandbox.advance(2 * DAY_MS);
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    expect(grant?.status).toBe('ACTIVE');
    const byGitLab = Date.parse(grant?.expiresAt ?? '') + 2 * DAY_MS;
    expect(startOf(grant?.backstop)).toBeGreaterThan(byGitLab);
    expect(await scene.row(USERS.niaj, TOOLING)).toMatchObject({ expires_at: grant?.backstop });
    await scene.revokeGrant(grant?.id ?? '');
  });
});
