import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { World } from '../../sandbox/model/index.ts';
import { fixturesOf, GROUPS, PROJECTS, USERS } from '../../sandbox/seed/index.ts';
import type { Fixtures } from '../../sandbox/seed/index.ts';
import { eachStore } from '../support/stores.ts';
import { asking } from './ask.ts';
import type { Asking } from './ask.ts';
import { factsOf, fakeConnectionRow, publish } from './fill.ts';
import type { Facts } from './fill.ts';
import { seededWorld } from './truth.ts';

/** The seed's today is 2026-03-02. */
const FIRST = new Date('2026-03-02T13:00:00Z');
const SECOND = new Date('2026-03-09T13:00:00Z');
const THIRD = new Date('2026-03-16T13:00:00Z');

type Place = { fullPath: string };
type Path = {
  kind: string;
  accessLevel: string;
  expiresAt: string | null;
  expired: boolean;
  shares: { group: Place }[];
} & {
  membership: { source: Place };
};
type Reach = {
  user: { username: string };
  source: Place;
  accessLevel: string;
  expiresAt: string | null;
  inForce: boolean;
  paths: Path[];
};
type Page<T> = {
  nodes: T[];
  totalCount: number;
  unknownSources: number;
  pageInfo: { hasNextPage: boolean; endCursor: string };
};
type Row = { user: { username: string }; source: Place; expiresAt: string; expired: boolean };
type Loss = { user: { username: string }; source: Place; accessLevelBefore: string; accessLevelAfter: string | null };
type Change = { kind: string; user: { username: string }; source: Place; before: object | null; after: object | null };

const PATHS = `paths { kind accessLevel expiresAt expired membership { source { fullPath } } shares { group { fullPath } } }`;
const REACH = `nodes { user { username } source { fullPath } accessLevel expiresAt inForce ${PATHS} } totalCount unknownSources`;
const CHANGE = `kind user { username } source { fullPath } before { accessLevel expiresAt } after { accessLevel expiresAt }`;

/** The rows that an edit of the facts is about. */
const rowsAt = (facts: Facts, kind: string, sourceId: number, userId?: number) =>
  (facts.xmembers as { source_kind: string; source_id: number; user_id: number; access_level: number }[]).filter(
    (row) => row.source_kind === kind && row.source_id === sourceId && (userId ?? row.user_id) === row.user_id,
  );

describe('questions over an extraction', () => {
  eachStore((under) => {
    let world: World;
    let named: Fixtures;
    let ask: Asking;
    let runIds: string[];

    /** Three weeks: bob is raised, eve has another end, trent is gone, sybil is new; then bob is lowered again. */
    beforeAll(async () => {
      const store = under.store();
      world = seededWorld('small', 1);
      named = fixturesOf(world);
      const connectionId = await fakeConnectionRow(store, 'questions');
      const { users, groups, projects } = named;
      const first = factsOf(world);
      const second = factsOf(world);
      for (const row of rowsAt(second, 'group', groups.platform.id, users.bob.id)) row.access_level = 40;
      for (const row of rowsAt(second, 'project', projects.tooling.id, users.eve.id)) {
        Object.assign(row, { expires_at: '2026-04-01' });
      }
      const trent = rowsAt(second, 'group', groups.payments.id, users.trent.id);
      second.xmembers = second.xmembers.filter((row) => !trent.includes(row as (typeof trent)[number]));
      second.xmembers.push({
        ...rowsAt(first, 'group', groups.shadow.id)[0],
        source_id: groups.design.id,
        access_level: 30,
      });
      const third = structuredClone(second);
      for (const row of rowsAt(third, 'group', groups.platform.id, users.bob.id)) row.access_level = 30;
      for (const user of third.xusers as { username: string; last_activity_on: string | null }[]) {
        if (user.username === USERS.alice) user.last_activity_on = '2025-11-30';
        if (user.username === USERS.olga) user.last_activity_on = '2026-03-10';
      }
      runIds = [
        await publish(store.db, connectionId, 1, first, FIRST),
        await publish(store.db, connectionId, 2, second, SECOND),
        await publish(store.db, connectionId, 3, third, THIRD),
      ];
      ask = asking(store, connectionId);
    }, 120_000);

    const userReach = async (username: string, more = '', args = '(run: 1)') => {
      const selection = `userReach(user: { username: "${username}" }, first: 100${more}) { ${REACH} }`;
      return (await ask.insight<{ userReach: Page<Reach> }>(selection, args)).userReach;
    };
    const sourceReach = async (source: string, more = '', args = '(run: 1)') => {
      const selection = `sourceReach(source: ${source}, first: 100${more}) { ${REACH} }`;
      return (await ask.insight<{ sourceReach: Page<Reach> }>(selection, args)).sourceReach;
    };

    it("shows a person's access everywhere, with every way there, what it gives and when it ends", async () => {
      const carol = await userReach(USERS.carol);
      const payments = carol.nodes.find(({ source }) => source.fullPath === GROUPS.payments);
      expect(payments).toMatchObject({ accessLevel: 'MAINTAINER', expiresAt: null, inForce: true });
      expect(
        payments?.paths.map(({ kind, accessLevel, membership }) => [kind, accessLevel, membership.source.fullPath]),
      ).toEqual([
        ['DIRECT', 'MAINTAINER', GROUPS.payments],
        ['SHARED', 'DEVELOPER', GROUPS.partners],
        ['INHERITED', 'REPORTER', GROUPS.platform],
      ]);
      const paths = carol.nodes.map(({ source }) => source.fullPath);
      expect(paths).toEqual([...paths].sort());
      expect(carol.totalCount).toBe(paths.length);
      expect(paths).toEqual(expect.arrayContaining([GROUPS.core, PROJECTS.ledgerDb, PROJECTS.tooling]));
    });

    it('takes the lower level and the earlier day of a row and an invitation', async () => {
      const { nodes } = await userReach(USERS.ivan, ', kinds: [PROJECT]');
      const api = nodes.find(({ source }) => source.fullPath === PROJECTS.api);
      expect(api).toMatchObject({
        accessLevel: 'REPORTER',
        expiresAt: '2026-03-16',
        paths: [{ kind: 'SHARED', shares: [{ group: { fullPath: GROUPS.contractors } }], expired: false }],
      });
    });

    it('shows everybody who reaches a place, the highest first, and keeps blocked people apart', async () => {
      const platform = `{ group: "${GROUPS.platform}" }`;
      const all = await sourceReach(platform);
      expect(all.nodes.slice(0, 3).map(({ accessLevel }) => accessLevel)).toEqual(['OWNER', 'OWNER', 'OWNER']);
      expect(all.nodes.find(({ user }) => user.username === USERS.dave)).toMatchObject({ inForce: false });
      const active = await sourceReach(platform, ', inForceOnly: true');
      const [before, after] = [all, active].map(({ nodes }) => nodes.map(({ user }) => user.username));
      expect(after).toEqual(before?.filter((name) => name !== USERS.dave && name !== USERS.dina));
      expect(active.totalCount).toBe(after?.length);
    });

    it('counts Minimal Access on the top-level group alone', async () => {
      const frank = await userReach(USERS.frank);
      expect(frank.nodes.map(({ source, accessLevel }) => [source.fullPath, accessLevel])).toEqual([
        [GROUPS.acme, 'MINIMAL_ACCESS'],
      ]);
      expect((await userReach(USERS.frank, ', atLeast: GUEST')).nodes).toEqual([]);
    });

    it('takes roles beside the ladder for what they are: Planner is met by Planner and Owner only', async () => {
      const everyone = `{ group: "${GROUPS.everyone}" }`;
      const levels = new Set((await sourceReach(everyone, ', atLeast: PLANNER')).nodes.map((one) => one.accessLevel));
      expect([...levels].sort()).toEqual(['OWNER', 'PLANNER']);
      const places = await userReach(USERS.alice, ', atLeast: PLANNER');
      expect(places.totalCount).toBe((await userReach(USERS.alice, ', atLeast: OWNER')).totalCount);
    });

    it('gives the same list page by page, in any size, and takes no cursor of another list', async () => {
      const names = (page: Page<Reach>) => page.nodes.map(({ user, source }) => `${user.username} ${source.fullPath}`);
      const alice = await userReach(USERS.alice);
      const ways: [string, string, string[]][] = [
        ['userReach', `user: { username: "${USERS.alice}" }`, names(alice)],
        [
          'sourceReach',
          `source: { project: "${PROJECTS.api}" }`,
          names(await sourceReach(`{ project: "${PROJECTS.api}" }`)),
        ],
      ];
      for (const [field, args, whole] of ways) {
        const seen: string[] = [];
        for (let after = ''; ;) {
          const selection = `page: ${field}(${args}, first: 7${after}) { ${REACH} pageInfo { hasNextPage endCursor } }`;
          const { page } = await ask.insight<{ page: Page<Reach> }>(selection, '(run: 1)');
          seen.push(...names(page));
          if (!page.pageInfo.hasNextPage) break;
          after = `, after: "${page.pageInfo.endCursor}"`;
          const other = `dormant(days: 1${after}) { totalCount }`;
          expect(await ask.refused(other)).toMatch(/cursor of another list/);
        }
        expect(seen).toEqual(whole);
        expect(seen.length).toBeGreaterThan(14);
      }
    });

    it('tells which memberships end within some days, and which are past their day', async () => {
      const expiring = async (days: number, args: string, more = '') => {
        const selection = `expiring(withinDays: ${String(days)}, first: 100${more}) { nodes { user { username } source { fullPath } expiresAt expired } totalCount }`;
        return (await ask.insight<{ expiring: Page<Row> }>(selection, args)).expiring;
      };
      const soon = await expiring(10, '(asOf: "2026-03-02T20:00:00Z")');
      const eve = { user: { username: USERS.eve }, source: { fullPath: PROJECTS.tooling }, expiresAt: '2026-03-12' };
      expect(soon.nodes).toContainEqual({ ...eve, expired: false });
      expect(soon.nodes.every(({ expiresAt }) => expiresAt <= '2026-03-12')).toBe(true);
      expect(soon.totalCount).toBe(soon.nodes.length);
      const below = await expiring(60, '(run: 1)', `, source: { group: "${GROUPS.platform}" }`);
      expect(below.nodes.length).toBeGreaterThan(1);
      expect(below.nodes.every(({ source }) => source.fullPath.startsWith(GROUPS.platform))).toBe(true);
      const past = await expiring(0, '(asOf: "2026-04-01T00:00:00Z")');
      expect(past.nodes.find(({ user }) => user.username === USERS.eve)).toMatchObject({ expired: true });
    });

    it('tells who still holds a role after long silence, those of whom nothing is known last', async () => {
      const selection = `dormant(days: 90, atLeast: OWNER, first: 100) {
        nodes { user { username lastActivityOn } membershipCount memberships { accessLevel source { fullPath } } } totalCount }`;
      type Holder = { user: { username: string }; membershipCount: number; memberships: object[] };
      const { dormant } = await ask.insight<{ dormant: Page<Holder> }>(selection, '(run: 3)');
      expect(dormant.nodes[0]).toMatchObject({
        user: { username: USERS.alice, lastActivityOn: '2025-11-30' },
        memberships: expect.arrayContaining([{ accessLevel: 'OWNER', source: { fullPath: GROUPS.acme } }]),
      });
      const names = dormant.nodes.map(({ user }) => user.username);
      expect(names).not.toContain(USERS.olga);
      expect(names).not.toContain(USERS.gatehouse);
      expect(names).toContain(USERS.carl);
      expect(dormant.totalCount).toBe(names.length);
    });

    it('tells what a removal would take from whom, and changes nothing', async () => {
      const losses = async (removed: string) => {
        const selection = `ifRemoved(removed: ${removed}) { peopleCount unknownSources losses(first: 100) {
          nodes { user { username } source { fullPath } accessLevelBefore accessLevelAfter } } }`;
        type Effect = { peopleCount: number; losses: Page<Loss> };
        return (await ask.insight<{ ifRemoved: Effect }>(selection, '(run: 1)')).ifRemoved;
      };
      const payments = `{ group: "${GROUPS.payments}" }`;
      const row = await losses(`{ membership: { user: { username: "${USERS.carol}" }, source: ${payments} } }`);
      expect(row.peopleCount).toBe(1);
      // What comes by the share is left, not only what is inherited.
      expect(row.losses.nodes).toContainEqual({
        user: { username: USERS.carol },
        source: { fullPath: GROUPS.core },
        accessLevelBefore: 'MAINTAINER',
        accessLevelAfter: 'DEVELOPER',
      });
      const share = await losses(`{ share: { group: "${GROUPS.partners}", source: ${payments} } }`);
      expect(share.peopleCount).toBe(1);
      expect(new Set(share.losses.nodes.map(({ user }) => user.username))).toEqual(new Set([USERS.paul]));
      expect(share.losses.nodes).toContainEqual({
        user: { username: USERS.paul },
        source: { fullPath: PROJECTS.api },
        accessLevelBefore: 'DEVELOPER',
        accessLevelAfter: null,
      });
      const unseen = `ifRemoved(removed: { share: { group: "${GROUPS.shadow}", source: ${payments} } }) { peopleCount }`;
      expect(await ask.refused(unseen, '(run: 1)')).toMatch(/Run 1 saw no invitation of "shadow"/);
    });

    it('tells how memberships differ from an earlier run, everywhere or below one place', async () => {
      const changes = async (args: string, more: string) => {
        const selection = `changes(first: 100, ${more}) { nodes { ${CHANGE} } totalCount }`;
        return (await ask.insight<{ changes: Page<Change> }>(selection, args)).changes;
      };
      const told = ({ nodes }: Page<Change>) =>
        nodes.map(({ kind, user, source }) => [kind, user.username, source.fullPath]);
      const week = await changes('(run: 2)', 'sinceRun: 1');
      expect(told(week).sort()).toEqual([
        ['EXPIRY_CHANGED', USERS.eve, PROJECTS.tooling],
        ['JOINED', USERS.sybil, GROUPS.design],
        ['LEFT', USERS.trent, GROUPS.payments],
        ['RAISED', USERS.bob, GROUPS.platform],
      ]);
      expect(week.nodes.find(({ kind }) => kind === 'RAISED')).toMatchObject({
        before: { accessLevel: 'DEVELOPER' },
        after: { accessLevel: 'MAINTAINER' },
      });
      expect(week.totalCount).toBe(4);
      expect(told(await changes('', 'sinceRun: 2'))).toEqual([['LOWERED', USERS.bob, GROUPS.platform]]);
      // What was and is again is no change.
      expect(told(await changes('', 'sinceRun: 1')).map(([kind]) => kind)).not.toContain('RAISED');
      const below = `sinceRun: 1, source: { group: "${GROUPS.platform}" }, kinds: [LEFT, JOINED]`;
      expect(told(await changes('(run: 2)', below))).toEqual([['LEFT', USERS.trent, GROUPS.payments]]);
      expect((await changes('(run: 1)', 'sinceRun: 0')).totalCount).toBe(factsOf(world).xmembers.length);
      expect(await ask.refused('changes(sinceRun: 3) { totalCount }', '(run: 2)')).toMatch(/before run 2/);
    });

    it('answers as of a moment from the latest run that had finished by then, and says how old it is', async () => {
      const bob = async (args: string) => {
        const { nodes } = await userReach(USERS.bob, '', args);
        return nodes.find(({ source }) => source.fullPath === GROUPS.platform)?.accessLevel;
      };
      expect(await bob('(asOf: "2026-03-09T12:59:59Z")')).toBe('DEVELOPER');
      expect(await bob('(asOf: "2026-03-09T13:00:00Z")')).toBe('MAINTAINER');
      expect(await bob('')).toBe('DEVELOPER');
      expect(await ask.insight('run', '(asOf: "2026-01-01T00:00:00Z")')).toBeNull();
      expect(await ask.insight('run', '(run: 4)')).toBeNull();
      expect(await ask.refused('run', '(run: 1, asOf: "2026-03-09T13:00:00Z")')).toMatch(/either asOf or run/);
      type Marks = { run: number; finishedAt: string; asOf: string; ageSeconds: number };
      const marks = await ask.insight<Marks>('run finishedAt asOf ageSeconds', '(run: 2)');
      expect(marks).toMatchObject({ run: 2, finishedAt: SECOND.toISOString(), asOf: SECOND.toISOString() });
      const { ageSeconds } = await ask.insight<Marks>('ageSeconds');
      const now = await under.store().clock.now();
      const mostSeconds = Math.max(0, (now.getTime() - THIRD.getTime()) / 1000);
      expect(ageSeconds).toBeLessThanOrEqual(mostSeconds);
      expect(ageSeconds).toBeGreaterThanOrEqual(Math.max(0, mostSeconds - 600));
    });

    it('says of each answer how much of what the run could not read may touch it', async () => {
      const { design, partners, payments } = named.groups;
      const add = (run: number, kind: string, id: number, what: string) =>
        sql`insert into extraction_unknowns (run_id, kind, gitlab_id, what, cause)
          values (${runIds[run]}::bigint, ${kind}, ${id}::bigint, ${what}, 'FORBIDDEN')`.execute(under.store().db);
      await add(1, 'GROUP', partners.id, 'MEMBERS');
      await add(1, 'TOKENS', design.id, 'TOKENS');
      const unknowns = async (source: string) => (await sourceReach(source, '', '(run: 2)')).unknownSources;
      expect(await unknowns(`{ group: "${payments.fullPath}" }`)).toBe(1);
      expect(await unknowns(`{ project: "${PROJECTS.api}" }`)).toBe(1);
      expect(await unknowns(`{ group: "${design.fullPath}" }`)).toBe(0);
      expect((await userReach(USERS.bob, '', '(run: 2)')).unknownSources).toBe(1);
      expect((await userReach(USERS.bob, '', '(run: 3)')).unknownSources).toBe(0);
      const both = `unknownSources
        inside: expiring(withinDays: 1, source: { group: "${GROUPS.partners}" }) { unknownSources }
        outside: expiring(withinDays: 1, source: { group: "${GROUPS.design}" }) { unknownSources }
        changes(sinceRun: 1) { unknownSources } dormant(days: 1) { unknownSources }`;
      expect(await ask.insight(both, '(run: 2)')).toEqual({
        unknownSources: 1,
        inside: { unknownSources: 1 },
        outside: { unknownSources: 0 },
        changes: { unknownSources: 1 },
        dormant: { unknownSources: 1 },
      });
      await add(0, 'LIST', 1, 'PROJECTS');
      expect((await sourceReach(`{ group: "${design.fullPath}" }`)).unknownSources).toBe(1);
    });

    it('refuses what the run never saw, by name, and days that are no days', async () => {
      const nobody = 'userReach(user: { username: "nobody.at.all" }) { totalCount }';
      expect(await ask.refused(nobody, '(run: 1)')).toMatch(/Run 1 saw no user named "nobody.at.all"/);
      const nowhere = 'sourceReach(source: { group: "acme/nowhere" }) { totalCount }';
      expect(await ask.refused(nowhere, '(run: 1)')).toMatch(/Run 1 saw no group "acme\/nowhere"/);
      expect(await ask.refused('expiring(withinDays: -1) { totalCount }')).toMatch(/withinDays is -1; give 0 to 3650/);
      expect(await ask.refused('dormant(days: 0) { totalCount }')).toMatch(/days is 0; give 1 to 3650/);
    });

    it('takes global ids, and points back at things by them', async () => {
      const selection = `userReach(user: { username: "${USERS.eve}" }, kinds: [PROJECT]) { nodes { user { id } source { id } } }`;
      type Ids = { nodes: { user: { id: string }; source: { id: string } }[] };
      const { userReach: found } = await ask.insight<{ userReach: Ids }>(selection, '(run: 1)');
      const [first] = found.nodes;
      const again = `userReach(user: { id: "${first?.user.id ?? ''}" }) { totalCount }
        sourceReach(source: { id: "${first?.source.id ?? ''}" }) { nodes { source { id } } }`;
      const { sourceReach: there } = await ask.insight<{ sourceReach: Ids }>(again, '(run: 1)');
      expect(there.nodes[0]?.source.id).toBe(first?.source.id);
    });
  });
});
