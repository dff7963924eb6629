import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addMember, directRow } from '../../sandbox/model/index.ts';
import { fixturesOf, TOKENS } from '../../sandbox/seed/index.ts';
import type { Fixtures } from '../../sandbox/seed/index.ts';
import { ACCESS_ERROR, startHarness } from './graphql-harness.ts';
import type { Harness, WireAnswer } from './graphql-harness.ts';

interface Payload {
  readonly update: {
    readonly errors: readonly string[];
    readonly members: readonly { accessLevel: { integerValue: number }; expiresAt: string | null }[];
  } | null;
}

let harness: Harness;
let fixtures: Fixtures;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(() => {
  harness.sandbox.reset();
  fixtures = fixturesOf(harness.sandbox.world);
});
afterAll(() => harness.sandbox.close());

const gidOfUser = (name: keyof Fixtures['users']): string => `"gid://gitlab/User/${String(fixtures.users[name].id)}"`;

function updateGroup(
  group: keyof Fixtures['groups'],
  users: readonly string[],
  rest: string,
  token?: string,
): Promise<WireAnswer<Payload>> {
  const input = `groupId:"gid://gitlab/Group/${String(fixtures.groups[group].id)}",userIds:[${users.join(',')}],${rest}`;
  const query = `mutation{update:groupMemberBulkUpdate(input:{${input}}){errors members:groupMembers{accessLevel{integerValue} expiresAt}}}`;
  return harness.ask<Payload>(query, token === undefined ? {} : { token });
}

function row(group: keyof Fixtures['groups'], user: keyof Fixtures['users']) {
  return directRow(harness.sandbox.world, 'Group', fixtures.groups[group].id, fixtures.users[user].id);
}

describe('a bulk update of members', () => {
  it('changes level and date of all, keeps a date left out and clears one given as null', async () => {
    const users = [gidOfUser('erin'), gidOfUser('trent')];
    const { data } = await updateGroup('payments', users, 'accessLevel:MAINTAINER');
    expect(data.update).toEqual({
      errors: [],
      members: [
        { accessLevel: { integerValue: 40 }, expiresAt: '2026-04-01' },
        { accessLevel: { integerValue: 40 }, expiresAt: null },
      ],
    });
    await updateGroup('payments', [gidOfUser('trent')], 'accessLevel:MAINTAINER,expiresAt:"2026-05-06T23:59:00+02:00"');
    expect(row('payments', 'trent')?.expiresAt).toBe('2026-05-06');
    await updateGroup('payments', users, 'accessLevel:DEVELOPER,expiresAt:null');
    expect(row('payments', 'erin')).toMatchObject({ accessLevel: 30, expiresAt: null });
  });

  it('is a 500 with a user who is no direct member, with one named twice, and with more than 50', async () => {
    const tooMany = Array.from({ length: 51 }, (_, n) => `"gid://gitlab/User/${String(n + 1)}"`);
    for (const users of [[gidOfUser('bob')], [gidOfUser('erin'), gidOfUser('erin')], tooMany]) {
      const { status, body } = await updateGroup('payments', users, 'accessLevel:DEVELOPER');
      expect([status, body]).toEqual([500, { errors: [{ message: 'Internal server error' }] }]);
    }
  });

  it('leaves done what ran before the 500 in the same request', async () => {
    const group = `groupId:"gid://gitlab/Group/${String(fixtures.groups.payments.id)}"`;
    const one = (user: string): string =>
      `groupMemberBulkUpdate(input:{${group},userIds:[${user}],accessLevel:MAINTAINER}){errors}`;
    const query = `mutation{a:${one(gidOfUser('erin'))} b:${one(gidOfUser('bob'))}}`;
    expect((await harness.ask(query)).status).toBe(500);
    expect(row('payments', 'erin')?.accessLevel).toBe(40);
  });

  it('changes nobody when one may not be changed', async () => {
    const refused = { errors: ['Unable to update members, please check user permissions.'], members: [] };
    const bot = await updateGroup('platform', [gidOfUser('bob'), gidOfUser('platformBot')], 'accessLevel:MAINTAINER');
    expect(bot.data.update).toEqual(refused);
    expect(row('platform', 'bob')?.accessLevel).toBe(30);
    const lastOwner = await updateGroup('library', [gidOfUser('carl')], 'accessLevel:GUEST', TOKENS.admin);
    expect(lastOwner.data.update).toEqual(refused);
    expect((await updateGroup('legal', [gidOfUser('lena')], 'accessLevel:GUEST')).data.update).toEqual(refused);
  });

  it('names what is invalid and hands back the members concerned', async () => {
    const past = await updateGroup('payments', [gidOfUser('trent')], 'accessLevel:DEVELOPER,expiresAt:"2026-03-01"');
    expect(past.data.update).toMatchObject({
      errors: ['Expires at cannot be a date in the past'],
      members: [{ accessLevel: { integerValue: 40 } }],
    });
    expect((await updateGroup('payments', [gidOfUser('carol')], 'accessLevel:GUEST')).data.update?.errors).toEqual([
      'Access level should be greater than or equal to Reporter inherited membership from group Platform',
    ]);
    expect((await updateGroup('design', [gidOfUser('peggy')], 'accessLevel:DEVELOPER')).data.update?.errors).toEqual([
      'Access level cannot be changed because of an existing association with a custom role',
    ]);
  });

  it('is an access error for who may not manage the members, and for a token that only reads', async () => {
    for (const token of [TOKENS.user, TOKENS.readOnly]) {
      const answer = await updateGroup('payments', [gidOfUser('erin')], 'accessLevel:GUEST', token);
      expect(answer.data).toEqual({ update: null });
      expect(answer.errors).toMatchObject([{ message: ACCESS_ERROR, path: ['update'] }]);
    }
  });

  it('works on projects for Maintainers, who may not touch Owners', async () => {
    const { projects, users } = fixtures;
    const query = `mutation($u:[UserID!]!,$l:MemberAccessLevel!){projectMemberBulkUpdate(input:{projectId:"gid://gitlab/Project/${String(projects.api.id)}",userIds:$u,accessLevel:$l,clientMutationId:"c"}){clientMutationId errors projectMembers{accessLevel{integerValue} user{username}} queuedMemberApprovals{nodes{status}}}}`;
    const userIds = [`gid://gitlab/User/${String(users.heidi.id)}`];
    const done = await harness.ask(query, { variables: { u: userIds, l: 'DEVELOPER' } });
    expect(done.data).toEqual({
      projectMemberBulkUpdate: {
        clientMutationId: 'c',
        errors: [],
        projectMembers: [{ accessLevel: { integerValue: 30 }, user: { username: 'heidi' } }],
        queuedMemberApprovals: { nodes: [] },
      },
    });
    const developer = await harness.ask(query, { variables: { u: userIds, l: 'DEVELOPER' }, token: TOKENS.user });
    expect(developer.errors[0]?.message).toBe(ACCESS_ERROR);
  });

  it('queues a promotion that an administrator must approve, and changes nothing', async () => {
    harness.sandbox.settings({ promotionApproval: true });
    const { design } = fixtures.groups;
    const { niaj } = fixtures.users;
    const source = { sourceKind: 'Group', sourceId: design.id } as const;
    const guest = addMember(harness.sandbox.world, { ...source, userId: niaj.id, accessLevel: 10 });
    const query = `mutation{groupMemberBulkUpdate(input:{groupId:"gid://gitlab/Group/${String(design.id)}",userIds:[${gidOfUser('niaj')}],accessLevel:DEVELOPER}){errors groupMembers{id} queuedMemberApprovals{count nodes{status user{username} newAccessLevel{integerValue} oldAccessLevel{integerValue}}}}}`;
    expect((await harness.ask(query)).data).toEqual({
      groupMemberBulkUpdate: {
        errors: [],
        groupMembers: [],
        queuedMemberApprovals: {
          count: 1,
          nodes: [
            {
              status: 'pending',
              user: { username: 'niaj' },
              newAccessLevel: { integerValue: 30 },
              oldAccessLevel: { integerValue: 10 },
            },
          ],
        },
      },
    });
    expect(guest.accessLevel).toBe(10);
  });
});
