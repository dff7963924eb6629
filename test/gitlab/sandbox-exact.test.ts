import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addMember } from '../../sandbox/model/index.ts';
import { GitLabError, outcomeUnknown } from '../../src/gitlab/index.ts';
import type { DirectRow, GitLabClient, SourceRef } from '../../src/gitlab/index.ts';
import { failure } from './support/client.ts';
import { aboutGroup, lab, value } from './support/sandbox.ts';
import type { Lab } from './support/sandbox.ts';

let the: Lab;
let client: GitLabClient;
beforeEach(async () => {
  the = await lab();
  client = the.as('gatehouse');
});
afterEach(async () => {
  await the.close();
});

function group(name: keyof Lab['known']['groups']): SourceRef {
  return { kind: 'group', id: String(the.known.groups[name].id) };
}

function project(name: keyof Lab['known']['projects']): SourceRef {
  return { kind: 'project', id: String(the.known.projects[name].id) };
}

function person(name: keyof Lab['known']['users']): string {
  return String(the.known.users[name].id);
}

async function row(source: SourceRef, userId: string): Promise<DirectRow | undefined> {
  return (await client.directRows(source, [userId])).rows[0];
}

describe('direct rows', () => {
  it('show level, date, maker, custom role and who governs the row', async () => {
    expect(await row(group('payments'), person('erin'))).toMatchObject({
      accessLevel: 30,
      expiresAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      createdById: person('alice'),
      state: 'active',
      memberRoleId: null,
      ldap: false,
      samlRoot: false,
    });
    const peggy = await row(group('design'), person('peggy'));
    expect(peggy).toMatchObject({ accessLevel: 20, memberRole: { name: 'Incident Responder', baseAccessLevel: 20 } });
    expect(peggy?.memberRoleId).toBe(peggy?.memberRole?.id);
    expect(await row(group('legal'), person('lena'))).toMatchObject({ ldap: true });
  });

  it('that are none are an empty list, of whom inherits too', async () => {
    const { rows, readAt } = await client.directRows(group('payments'), [person('alice'), person('heidi')]);
    expect(rows).toEqual([]);
    expect(Math.abs(readAt.getTime() - the.sandbox.clock.now())).toBeLessThan(5_000);
  });

  it('of nobody are asked from nobody', async () => {
    expect(await the.count(async () => client.directRows(group('payments'), []))).toBe(0);
  });

  it('are both shown where GitLab holds two for one person', async () => {
    const { groups, users } = the.known;
    addMember(the.sandbox.world, {
      sourceKind: 'Group',
      sourceId: groups.open.id,
      userId: users.eve.id,
      accessLevel: 20,
    });
    addMember(the.sandbox.world, {
      sourceKind: 'Group',
      sourceId: groups.open.id,
      userId: users.eve.id,
      accessLevel: 30,
    });
    const { rows } = await client.directRows(group('open'), [person('eve')]);
    expect(rows.map((one) => one.accessLevel).sort()).toEqual([20, 30]);
  });

  it('of a list longer than a page are all there', async () => {
    const ids = [...the.sandbox.world.users.keys()].map(String);
    const { rows } = await client.directRows(group('everyone'), ids);
    expect(rows).toHaveLength(60);
  });

  it('of a source that is not shown are an error and never an empty list', async () => {
    expect((await failure(client.directRows(group('shadow'), [person('eve')]))).code).toBe('SOURCE_NOT_FOUND');
  });
});

describe('writes', () => {
  it('add, change and remove one row and nothing below it', async () => {
    const target = group('platform');
    await client.addMember(group('open'), person('eve'), { accessLevel: 30, memberRoleId: null, expiresAt: null });
    expect(await row(group('open'), person('eve'))).toMatchObject({
      accessLevel: 30,
      expiresAt: null,
      createdById: person('gatehouse'),
    });
    await client.addMember(target, person('trent'), { accessLevel: 30, memberRoleId: null, expiresAt: '2099-01-02' });
    await client.changeMember(target, person('trent'), { accessLevel: 40, memberRoleId: null });
    expect(await row(target, person('trent'))).toMatchObject({ accessLevel: 40, expiresAt: '2099-01-02' });
    await client.changeMember(target, person('trent'), { accessLevel: 40, memberRoleId: null, expiresAt: null });
    expect(await row(target, person('trent'))).toMatchObject({ expiresAt: null });
    await client.removeMember(target, person('trent'), { ifUnmodifiedSince: null });
    expect(await row(target, person('trent'))).toBeUndefined();
    expect(await row(group('payments'), person('trent'))).toMatchObject({ accessLevel: 40 });
  });

  it('put a custom role back with its level', async () => {
    const before = value(await row(group('design'), person('peggy')));
    await client.changeMember(group('design'), before.userId, { accessLevel: 40, memberRoleId: null });
    expect(await row(group('design'), before.userId)).toMatchObject({ accessLevel: 40, memberRoleId: null });
    await client.changeMember(group('design'), before.userId, { accessLevel: 20, memberRoleId: before.memberRoleId });
    expect(await row(group('design'), before.userId)).toEqual(before);
  });

  it('say what stands against them', async () => {
    const role = { accessLevel: 30, memberRoleId: null, expiresAt: null };
    const code = async (work: Promise<unknown>): Promise<string> => (await failure(work)).code;
    expect(await code(client.addMember(group('platform'), person('bob'), role))).toBe('CONFLICT');
    expect(await code(client.addMember(group('platform'), '999999', role))).toBe('USER_NOT_FOUND');
    expect(await code(client.addMember(group('shadow'), person('bob'), role))).toBe('SOURCE_NOT_FOUND');
    expect(await code(client.addMember(group('legal'), person('bob'), role))).toBe('FORBIDDEN');
    expect(await code(client.changeMember(group('open'), person('bob'), role))).toBe('MEMBER_NOT_FOUND');
    expect(await code(client.removeMember(group('open'), person('bob'), { ifUnmodifiedSince: null }))).toBe(
      'MEMBER_NOT_FOUND',
    );
    const low = await failure(client.addMember(group('payments'), person('bob'), { ...role, accessLevel: 10 }));
    expect(low.details.fields?.['access_level']?.[0]).toContain('greater than or equal');
  });

  it('are refused where the row has changed since', async () => {
    const ifUnmodifiedSince = new Date('2001-01-01T00:00:00Z');
    const error = await failure(client.removeMember(group('platform'), person('bob'), { ifUnmodifiedSince }));
    expect(error.code).toBe('PRECONDITION_FAILED');
  });

  it('whose answer is lost are of unknown outcome, and were sent once', async () => {
    the.sandbox.fault({ method: 'POST', path: '/members', kind: 'cut-after' });
    the.sandbox.clearCalls();
    const role = { accessLevel: 30, memberRoleId: null, expiresAt: null };
    const error = await failure(client.addMember(group('open'), person('eve'), role));
    expect(outcomeUnknown(error)).toBe(true);
    expect(the.sandbox.calls().filter((call) => call.method === 'POST')).toHaveLength(1);
    expect(await row(group('open'), person('eve'))).toBeDefined();
  });

  it('that GitLab queues, or answers with an error in a 201, are no grant', async () => {
    const role = { accessLevel: 30, memberRoleId: null, expiresAt: null };
    the.sandbox.fault({ method: 'POST', path: '/members', kind: 'queued-202' });
    expect(await client.addMember(group('open'), person('eve'), role)).toBe('queued');
    the.sandbox.fault({ method: 'POST', path: '/members', kind: 'error-201' });
    expect((await failure(client.addMember(group('open'), person('eve'), role))).code).toBe('INVALID');
  });

  it('meet the limit on removals with the time to wait', async () => {
    the.sandbox.fault({ method: 'DELETE', kind: '429-app' });
    const error = await failure(client.removeMember(group('platform'), person('bob'), { ifUnmodifiedSince: null }));
    expect(error.code).toBe('RATE_LIMITED');
    expect(error.details.retryAfterMs).toBeGreaterThan(0);
  });
});

describe('exact reads', () => {
  it('tell whether a project lets a person in, by its authorisations', async () => {
    const { id } = project('tooling');
    expect(await client.inForceOnProject(id, { id: person('eve'), username: 'eve' })).toBe(true);
    expect(await client.inForceOnProject(id, { id: person('heidi'), username: 'heidi' })).toBe(false);
    await client.removeMember(project('tooling'), person('eve'), { ifUnmodifiedSince: null });
    expect(await client.inForceOnProject(id, { id: person('eve'), username: 'eve' })).toBe(true);
    the.sandbox.advance(60_000);
    expect(await client.inForceOnProject(id, { id: person('eve'), username: 'eve' })).toBe(false);
  });

  it('tell what governs a source', async () => {
    expect(await client.sourceDetail(group('legal'))).toMatchObject({
      ldapLinked: true,
      samlLinked: false,
      archived: false,
    });
    expect(await client.sourceDetail(group('attic'))).toMatchObject({ archived: true, namespace: null });
    expect((await the.as('root').sourceDetail(group('payments'))).sharedWithGroups).toEqual([
      {
        groupId: group('partners').id,
        groupFullPath: 'partners',
        groupName: 'Partners',
        accessLevel: 30,
        expiresAt: null,
      },
    ]);
    expect(await client.sourceDetail(project('api'))).toMatchObject({
      fullPath: 'acme/platform/payments/api',
      namespace: { kind: 'group', id: group('payments').id, fullPath: 'acme/platform/payments' },
    });
    expect(await the.as('bob').sourceDetail(project('personal'))).toMatchObject({ namespace: { kind: 'user' } });
  });

  it('tell who asks for access, and null to whom that is hidden', async () => {
    expect(await client.accessRequests(group('platform'))).toEqual([person('judy')]);
    expect(await the.as('bob').accessRequests(group('platform'))).toBeNull();
    expect((await failure(client.accessRequests(group('shadow')))).code).toBe('SOURCE_NOT_FOUND');
  });

  it('tell which promotions wait, and null where GitLab keeps no list or hides it', async () => {
    const userId = person('niaj');
    expect(await client.pendingApprovals(project('tooling'))).toBeNull();
    the.sandbox.settings({ promotionApproval: true });
    expect(await client.pendingApprovals(group('acme'))).toEqual([]);
    const wanted = { accessLevel: 40, memberRoleId: null, expiresAt: null };
    expect(await client.addMember(project('tooling'), userId, wanted)).toBe('queued');
    const waits = { userId, accessLevel: 40, memberRoleId: null, requestedById: person('gatehouse') };
    expect(await client.pendingApprovals(project('tooling'))).toEqual([waits]);
    expect(await the.as('bob').pendingApprovals(project('tooling'))).toBeNull();
    expect(await client.pendingApprovals(group('acme'))).toEqual([]);
  });

  it('tell who we are and what we may', async () => {
    expect(await client.currentUser()).toMatchObject({
      username: 'gatehouse',
      kind: 'SERVICE_ACCOUNT',
      isAdmin: false,
      bot: true,
    });
    expect(await client.tokenSelf()).toMatchObject({ userId: person('gatehouse'), scopes: ['api'], active: true });
    expect(await client.probeAdmin(person('gatehouse'))).toBe(false);
    expect(await the.as('root').probeAdmin(person('root'))).toBe(true);
    const [first, ...rest] = await client.ownGroups(5);
    expect(first).toMatchObject({ group: { fullPath: 'acme' }, accessLevel: 50, topLevel: true, synced: false });
    expect(rest).toHaveLength(4);
    expect((await client.ownGroups(100)).find(({ group: one }) => one.fullPath === 'acme/legal')?.synced).toBe(true);
  });
});

describe('other instances', () => {
  it('that know no groups by number are asked by path and by REST', async () => {
    the.sandbox.settings({ version: '17.0.0-ee' });
    const { platform, payments } = the.known.groups;
    const groups = await client.groupsById([String(platform.id), String(the.known.groups.shadow.id)]);
    expect(
      [...groups.values()].map((one) => (one instanceof GitLabError ? one.code : (one?.fullPath ?? null))),
    ).toEqual(['acme/platform', null]);
    const pages = await client.members([aboutGroup(platform), aboutGroup(payments)]);
    expect([...pages.values()].map((page) => value(page).items.length > 0)).toEqual([true, true]);
  });

  it('that cannot filter members or tell types are read in full, and people told apart by name', async () => {
    the.sandbox.settings({ version: '17.11.0-ee' });
    const userIds = [person('gatehouse'), person('alice')];
    const pages = await client.members([
      aboutGroup(the.known.groups.acme, ['DIRECT'], { key: 'k', userIds, first: 5 }),
    ]);
    const rows = value(pages.get('k')).items;
    expect(rows.map((one) => [one.user.username, one.user.kind]).sort()).toEqual([
      ['alice', 'HUMAN'],
      ['gatehouse', 'SERVICE_ACCOUNT'],
    ]);
    expect(value((await client.usersByUsername(['alice'])).get('alice')).kind).toBe('HUMAN');
    expect((await client.ownGroups(1))[0]?.accessLevel).toBe(50);
  });

  it('of the Community Edition answer the same questions', async () => {
    the.sandbox.settings({ edition: 'ce' });
    expect((await client.metadata()).enterprise).toBe(false);
    expect(await row(group('platform'), person('bob'))).toMatchObject({ state: 'active', memberRoleId: null });
    expect(await client.sourceDetail(group('platform'))).toMatchObject({ membershipLock: null, ldapLinked: false });
    await client.changeMember(group('platform'), person('bob'), { accessLevel: 40, memberRoleId: null });
    expect(await row(group('platform'), person('bob'))).toMatchObject({ accessLevel: 40 });
  });

  it('that fail for a moment do not show in reads', async () => {
    await client.metadata();
    for (const kind of ['502', 'cut-before', '500'] as const) {
      the.sandbox.fault({ kind });
      expect(value((await client.groupsByPath(['acme'])).get('acme')).fullPath).toBe('acme');
      the.sandbox.fault({ kind });
      expect((await client.sourceDetail(group('acme'))).fullPath).toBe('acme');
    }
  });
});
