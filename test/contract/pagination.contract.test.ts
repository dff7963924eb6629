import { beforeAll, expect, it } from '@jest/globals';
import { fault, said } from './helpers/answers.ts';
import type { Answer } from './helpers/http.ts';
import { idsOf, record } from './helpers/json.ts';
import { linksOf, queryOf } from './helpers/links.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const MEMBERS = 5;
const world = openWorld();
let reader: Person;
let group: Source;
let empty: Source;
const people: number[] = [];

beforeAll(async () => {
  reader = await world.person('reader');
  group = await world.group('group', { parent: world.root });
  empty = await world.ownedGroup('empty', reader, { parent: world.root });
  await world.member(group, reader, DEVELOPER);
  for (let index = 0; index < MEMBERS; index += 1) {
    const person = await world.person('member', ['read_user']);
    await world.member(group, person, GUEST);
    people.push(person.id);
  }
});

const header = (answer: Answer, name: string) => answer.headers.get(name);
const page = (query: Record<string, string | number>) =>
  reader.call.get(`${group.path}/members`, { skip_users: [reader.id], query: 'Contract member', ...query });
const members = (query: Record<string, string | number>) => reader.call.get(`${group.path}/members`, query);

contract('pagination: by offset', () => {
  it('the first page tells where it is, what follows and how many there are', async () => {
    const answer = await members({ per_page: 2, page: 1 });
    expect(answer.status).toBe(200);
    expect(idsOf(answer.json)).toHaveLength(2);
    const total = Number(header(answer, 'x-total'));
    expect(total).toBeGreaterThan(MEMBERS);
    expect(header(answer, 'x-total-pages')).toBe(String(Math.ceil(total / 2)));
    expect([
      header(answer, 'x-page'),
      header(answer, 'x-per-page'),
      header(answer, 'x-next-page'),
      header(answer, 'x-prev-page'),
    ]).toEqual(['1', '2', '2', '']);
    expect([...linksOf(answer).keys()].sort()).toEqual(['first', 'last', 'next']);
  });

  it('a page in the middle has all four relations, which keep the query', async () => {
    const answer = await members({ per_page: 2, page: 2 });
    const links = linksOf(answer);
    expect([...links.keys()].sort()).toEqual(['first', 'last', 'next', 'prev']);
    const next = links.get('next');
    expect(next?.pathname.endsWith(`/api/v4${group.path}/members`)).toBe(true);
    expect(next === undefined ? {} : queryOf(next)).toMatchObject({ page: '3', per_page: '2' });
    expect([header(answer, 'x-next-page'), header(answer, 'x-prev-page')]).toEqual(['3', '1']);
  });

  it('following x-next-page until it is empty gives every row once, in order', async () => {
    const seen: number[] = [];
    let next = '1';
    while (next !== '') {
      const answer = await members({ per_page: 2, page: next });
      seen.push(...idsOf(answer.json));
      next = header(answer, 'x-next-page') ?? '';
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => people.includes(id))).toEqual(people);
  });

  it('a page beyond the end is an empty list without a next page', async () => {
    const answer = await members({ per_page: 2, page: 99 });
    expect(said(answer)).toEqual({ status: 200, json: [] });
    expect(header(answer, 'x-next-page')).toBe('');
  });

  it('twenty to a page unless asked otherwise, a hundred at most', async () => {
    expect(header(await members({}), 'x-per-page')).toBe('20');
    expect(header(await members({ per_page: 100 }), 'x-per-page')).toBe('100');
    expect(header(await members({ per_page: 1000 }), 'x-per-page')).toBe('100');
  });

  it('per_page=0 is a parameter fault', async () => {
    const answer = await members({ per_page: 0 });
    expect(answer.status).toBe(400);
    expect(record(answer.json)['error']).toEqual(expect.stringContaining('per_page'));
  });

  it('an empty list has one page and no rows', async () => {
    const answer = await reader.call.get(`${empty.path}/subgroups`);
    expect(said(answer)).toEqual({ status: 200, json: [] });
    expect([header(answer, 'x-total'), header(answer, 'x-total-pages'), header(answer, 'x-next-page')]).toEqual([
      '0',
      '1',
      '',
    ]);
  });

  it('filters count before paging', async () => {
    const answer = await page({ per_page: 2 });
    expect(header(answer, 'x-total')).toBe(String(MEMBERS));
    expect(header(answer, 'x-total-pages')).toBe('3');
  });

  it('users beyond row 50,000 are refused to paging by offset', async () => {
    const answer = await world.admin.get('/users', { page: 501, per_page: 100 });
    expect(said(answer)).toEqual(
      fault(
        405,
        'Offset pagination has a maximum allowed offset of 50000 for requests that return objects of type User.' +
          ' Remaining records can be retrieved using keyset pagination.',
      ),
    );
  });
});

contract('pagination: by keyset', (section) => {
  it('users: the next link carries a cursor, and only a next link comes', async () => {
    const query = { pagination: 'keyset', per_page: 2, order_by: 'id', sort: 'asc' };
    const first = await reader.call.get('/users', query);
    expect(first.status).toBe(200);
    expect(header(first, 'x-page')).toBeNull();
    expect(header(first, 'x-total')).toBeNull();
    const links = linksOf(first);
    const next = links.get('next');
    expect([...links.keys()].filter((relation) => relation !== 'prev')).toEqual(['next']);
    expect(next === undefined ? {} : queryOf(next)).toHaveProperty('cursor');
    const second = await reader.call.get('/users', next === undefined ? query : queryOf(next));
    const ids = [...idsOf(first.json), ...idsOf(second.json)];
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(ids).size).toBe(4);
  });

  it('projects: the link comes while the page has rows, so an empty page ends the walk', async () => {
    const projects = [
      await world.project('one', group),
      await world.project('two', group),
      await world.project('three', group),
    ];
    const ids = projects.map((project) => project.id);
    await eventually(
      () => reader.call.get('/projects', { membership: true, per_page: 100 }),
      (answer) => ids.every((id) => idsOf(answer.json).includes(id)),
    );
    const seen: number[] = [];
    let query: Record<string, string> = {
      membership: 'true',
      pagination: 'keyset',
      order_by: 'id',
      sort: 'asc',
      per_page: '2',
    };
    for (let pages = 0; pages < 10; pages += 1) {
      const answer = await reader.call.get('/projects', query);
      const rows = idsOf(answer.json);
      seen.push(...rows);
      const next = linksOf(answer).get('next');
      expect(next !== undefined).toBe(rows.length > 0);
      if (next === undefined) break;
      query = queryOf(next);
      expect(query).toHaveProperty('id_after');
    }
    expect(seen).toEqual(ids);
  });

  it('projects by another order than id are refused', async () => {
    const answer = await reader.call.get('/projects', { pagination: 'keyset', order_by: 'name' });
    expect(said(answer)).toEqual(fault(405, 'Keyset pagination is not yet available for this type of request'));
  });

  it('members know the offset only: the parameter is ignored', async () => {
    const answer = await members({ pagination: 'keyset', per_page: 2 });
    expect(answer.status).toBe(200);
    expect(header(answer, 'x-page')).toBe('1');
  });

  section.notAsked('lists over 10,000 rows, which lose their totals: too many to make');
});
