import { beforeAll, expect, it } from '@jest/globals';
import { at, rows, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { GUEST, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const MEMBERS = 5;
const world = openWorld();
let owner: Person;
let group: Source;
const members: Person[] = [];

beforeAll(async () => {
  owner = await world.person('owner');
  group = await world.ownedGroup('group', owner, { parent: world.root });
  for (let index = 0; index < MEMBERS; index += 1) {
    const person = await world.person('member', ['read_user']);
    await world.member(group, person, GUEST);
    members.push(person);
  }
});

interface Page {
  readonly users: unknown[];
  readonly hasNextPage: unknown;
  readonly hasPreviousPage: unknown;
  readonly endCursor: string | null;
}

const page = async (args: string): Promise<Page> => {
  const answer = await owner.call.graphql(
    `{group(fullPath:"${group.fullPath}"){groupMembers(relations:[DIRECT]${args}){nodes{user{id}} pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}}`,
  );
  const connection = at(answer.json, 'data', 'group', 'groupMembers');
  const end = at(connection, 'pageInfo', 'endCursor');
  return {
    users: rows(at(connection, 'nodes')).map((row) => at(row, 'user', 'id')),
    hasNextPage: at(connection, 'pageInfo', 'hasNextPage'),
    hasPreviousPage: at(connection, 'pageInfo', 'hasPreviousPage'),
    endCursor: typeof end === 'string' ? end : null,
  };
};
const walk = async (size: number, afterFirst: () => Promise<unknown> = () => Promise.resolve()) => {
  const seen: unknown[] = [];
  let after = '';
  for (let pages = 0; pages < 20; pages += 1) {
    const found = await page(`,first:${String(size)}${after}`);
    seen.push(...found.users);
    if (found.hasNextPage !== true || found.endCursor === null) break;
    after = `,after:"${found.endCursor}"`;
    if (pages === 0) await afterFirst();
  }
  return seen;
};
const gid = (person: Person) => `gid://gitlab/User/${String(person.id)}`;

contract('graphql: pagination', () => {
  it('a walk by cursors gives every row once, newest membership first', async () => {
    const newestFirst = [...members.map(gid).reverse(), gid(owner)];
    for (const size of [1, 2, 6, 100]) expect(await walk(size)).toEqual(newestFirst);
  });

  it('the first page says that there is more, the last that there is not', async () => {
    expect(await page(',first:2')).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const whole = await page(',first:100');
    expect(whole).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    expect(whole.users).toHaveLength(MEMBERS + 1);
  });

  it('without a size, or with one above 100, the page is 100', async () => {
    expect((await page('')).users).toHaveLength(MEMBERS + 1);
    expect((await page(',first:5000')).users).toHaveLength(MEMBERS + 1);
  });

  it('first:0 is an empty page', async () => {
    expect((await page(',first:0')).users).toEqual([]);
  });

  it('last takes the rows from the end', async () => {
    expect((await page(',last:1')).users).toEqual([gid(owner)]);
  });

  it('edges carry cursors that after takes', async () => {
    const answer = await owner.call.graphql(
      `{group(fullPath:"${group.fullPath}"){groupMembers(relations:[DIRECT],first:2){edges{cursor node{user{id}}} pageInfo{startCursor endCursor}}}}`,
    );
    const connection = at(answer.json, 'data', 'group', 'groupMembers');
    const edges = rows(at(connection, 'edges'));
    expect(edges.map((edge) => edge['cursor'])).toEqual([
      at(connection, 'pageInfo', 'startCursor'),
      at(connection, 'pageInfo', 'endCursor'),
    ]);
    const next = await page(`,first:1,after:"${textAt(edges[0], 'cursor')}"`);
    expect(next.users).toEqual([at(edges[1], 'node', 'user', 'id')]);
  });

  it('removals and changes of level between pages neither skip nor repeat others', async () => {
    const doomed = await world.person('doomed', ['read_user']);
    await world.member(group, doomed, GUEST);
    const [first, second] = members;
    const seen = await walk(2, async () => {
      await must(204, owner.call.delete(`${group.path}/members/${String(doomed.id)}`));
      await must(200, owner.call.put(`${group.path}/members/${String(first?.id)}`, { access_level: OWNER }));
      await must(
        200,
        owner.call.put(`${group.path}/members/${String(second?.id)}`, {
          access_level: OWNER,
          expires_at: world.day(5),
        }),
      );
    });
    expect(seen).toEqual([gid(doomed), ...members.map(gid).reverse(), gid(owner)]);
  });
});
