import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { schemaOn } from './ask.ts';
import { fakeGroup, fakeProject, fakeUser, type FakeWorld } from './fake-gitlab.ts';
import { anyWorld, expectedRows, smallTree } from './worlds.ts';

type Path = { kind: string; accessLevelValue: number; source: { fullPath: string } };
type Access = { accessLevel: string | null; accessLevelValue: number; paths: Path[]; pathsComplete: boolean };

const ACCESS = `{ accessLevel accessLevelValue pathsComplete user { username } paths { kind accessLevelValue source { fullPath } } }`;

async function accessTo(world: FakeWorld, where: string, username: string) {
  const answer = await schemaOn(world).ask(`it: ${where} { access(user: { username: "${username}" }) ${ACCESS} }`);
  const it = answer.data?.['it'] as { access: Access | null } | null;
  return { ...answer, access: it?.access ?? null };
}

describe('access of one user', () => {
  it('agrees with the rows of the lists, explains what GitLab shows, and asks no more where there is nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.integer({ min: 1, max: 12 }), async (world, user) => {
        const person = `person${String(user)}`;
        for (const [where, source] of [
          ['group(fullPath: "acme/ops/web")', { kind: 'group' as const, id: '3' }],
          ['project(fullPath: "acme/ops/web/site")', { kind: 'project' as const, id: '1' }],
        ] as const) {
          const { access, errors } = await accessTo(world, where, person);
          expect(errors).toEqual([]);
          const rows = expectedRows(world, source);
          // Minimal Access is not inherited.
          const levels = ['DIRECT', 'INHERITED', 'SHARED'].flatMap((kind) =>
            (rows.get(`${kind} ${String(user)}`) ?? []).filter((level) => kind !== 'INHERITED' || level > 5),
          );
          const best = Math.max(0, ...levels);
          expect(Math.max(0, ...(access?.paths.map((path) => path.accessLevelValue) ?? []))).toBe(best);
          expect(access?.pathsComplete).toBe((access?.accessLevelValue ?? 0) <= best);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('names every path: the direct row, each group above, and each link of the chain at what it leaves', async () => {
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana'));
    world.rows.push(
      { rowId: 1, source: { kind: 'project', id: '1' }, userId: '7', level: 20 },
      { rowId: 2, source: { kind: 'group', id: '2' }, userId: '7', level: 10 },
      { rowId: 3, source: { kind: 'group', id: '1' }, userId: '7', level: 30 },
      { rowId: 4, source: { kind: 'group', id: '4' }, userId: '7', level: 50 },
      { rowId: 5, source: { kind: 'group', id: '5' }, userId: '7', level: 20 },
    );
    world.links.push(
      { into: { kind: 'group', id: '1' }, invited: '4', level: 20 },
      { into: { kind: 'group', id: '3' }, invited: '5', level: 40 },
      { into: { kind: 'project', id: '1' }, invited: '4', level: 40 },
    );
    const { access } = await accessTo(world, 'project(fullPath: "acme/ops/web/site")', 'dana');
    expect(access).toEqual({
      user: { username: 'dana' },
      accessLevel: 'MAINTAINER',
      accessLevelValue: 40,
      pathsComplete: true,
      paths: [
        { kind: 'DIRECT', accessLevelValue: 20, source: { fullPath: 'acme/ops/web/site' } },
        { kind: 'INHERITED', accessLevelValue: 10, source: { fullPath: 'acme/ops' } },
        { kind: 'INHERITED', accessLevelValue: 30, source: { fullPath: 'acme' } },
        { kind: 'SHARED', accessLevelValue: 40, source: { fullPath: 'guests' } },
        { kind: 'SHARED', accessLevelValue: 20, source: { fullPath: 'partners' } },
      ],
    });
  });

  it('takes five calls on a project four groups deep where nothing is shared', async () => {
    const world = smallTree();
    world.groups.push(fakeGroup('6', 'acme/ops/web/team', '3'));
    world.projects.push(fakeProject('6', 'acme/ops/web/team/api', '6'));
    world.users.push(fakeUser('7', 'dana'));
    world.rows.push({ rowId: 1, source: { kind: 'group', id: '1' }, userId: '7', level: 30 });
    const { access, calls } = await accessTo(world, 'project(fullPath: "acme/ops/web/team/api")', 'dana');
    expect(access).toMatchObject({ accessLevel: 'DEVELOPER', pathsComplete: true });
    expect(calls.map(({ method }) => method).sort()).toEqual([
      'groupsByPath',
      'members',
      'projectsByPath',
      'sourceDetail',
      'usersByUsername',
    ]);
  });

  it('says that the paths are not complete when GitLab shows more than the rows that may be read', async () => {
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana'));
    world.rows.push(
      { rowId: 1, source: { kind: 'project', id: '1' }, userId: '7', level: 20 },
      { rowId: 2, source: { kind: 'group', id: '4' }, userId: '7', level: 40 },
    );
    world.links.push({ into: { kind: 'project', id: '1' }, invited: '4', level: 40 });
    world.hidden.add('group:4');
    const { access } = await accessTo(world, 'project(fullPath: "acme/ops/web/site")', 'dana');
    expect(access).toMatchObject({ accessLevelValue: 40, pathsComplete: false });
    expect(access?.paths.map(({ kind }) => kind)).toEqual(['DIRECT']);
  });

  it('is read past a group above whose members may not be read, which still shows its highest row below', async () => {
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana'));
    world.rows.push({ rowId: 1, source: { kind: 'group', id: '1' }, userId: '7', level: 30 });
    world.hidden.add('group:1');
    const { access } = await accessTo(world, 'group(fullPath: "acme/ops/web")', 'dana');
    expect(access).toMatchObject({ accessLevelValue: 30, pathsComplete: true });
    expect(access?.paths).toEqual([{ kind: 'INHERITED', accessLevelValue: 30, source: { fullPath: 'acme' } }]);
  });

  it.each(['project(fullPath: "acme/ops/web/site")', 'group(fullPath: "acme/ops/web")'])(
    'tells somebody without access to %s from somebody whose way there is hidden',
    async (where) => {
      const world = smallTree();
      world.users.push(fakeUser('7', 'dana'), fakeUser('8', 'eve'));
      world.rows.push({ rowId: 1, source: { kind: 'group', id: '4' }, userId: '8', level: 30 });
      world.links.push({ into: { kind: 'group', id: '1' }, invited: '4', level: 20 });
      world.unseen.add('4');
      const dana = await accessTo(world, where, 'dana');
      expect(dana.access).toMatchObject({ accessLevel: null, accessLevelValue: 0, paths: [], pathsComplete: true });
      expect(dana.calls.length).toBeLessThanOrEqual(6);
      const eve = await accessTo(world, where, 'eve');
      expect(eve.access).toMatchObject({ accessLevel: 'REPORTER', paths: [], pathsComplete: false });
    },
  );

  it.each([
    ['username: "nobody"', 'username "nobody"'],
    ['gitlabId: "99"', 'number "99"'],
    ['gitlabId: "abc"', 'number "abc"'],
  ])('refuses a user who is not there by %s, naming the user', async (ref, named) => {
    const { data, errors } = await schemaOn(smallTree()).ask(
      `group(fullPath: "acme") { fullPath access(user: { ${ref} }) ${ACCESS} }`,
    );
    expect(data).toEqual({ group: { fullPath: 'acme', access: null } });
    expect(errors.map(({ code }) => code)).toEqual(['BAD_USER_INPUT']);
    expect(errors[0]?.message).toContain(named);
  });

  it('refuses where the members may not be read, and answers the siblings', async () => {
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana'));
    world.hidden.add('group:1');
    const { data, errors } = await schemaOn(world).ask(
      `group(fullPath: "acme") { name access(user: { username: "dana" }) ${ACCESS} }`,
    );
    expect(data).toEqual({ group: { name: 'acme', access: null } });
    expect(errors).toMatchObject([{ code: 'UPSTREAM_FORBIDDEN', path: ['connection', 'group', 'access'] }]);
  });
});
