import { addGroup, addProject, addUser, groupByPath, projectByPath } from '../model/index.ts';
import type { Group, Project, User, UserState, UserType } from '../model/index.ts';
import type { Builder } from './build.ts';
import type { Fixtures } from './fixtures.ts';
import type { Chance } from './prng.ts';
import { FAMILY_NAMES, GIVEN_NAMES, PROJECT_WORDS, ROOT_WORDS, TEAM_WORDS } from './words.ts';

const MAX_DEPTH = 5;
const VISIBILITIES = [
  ['private', 70],
  ['internal', 22],
  ['public', 8],
] as const;
const STATES: readonly (readonly [UserState, number])[] = [
  ['active', 92],
  ['blocked', 4],
  ['deactivated', 3],
  ['banned', 1],
];
const TYPES: readonly (readonly [UserType, number])[] = [
  ['human', 96],
  ['service_account', 4],
];

/** Adds people and service accounts until the world has as many users as wanted. */
export function generatePeople({ world, daysAgo }: Builder, chance: Chance, wanted: number): User[] {
  const people: User[] = [];
  const times = new Map<string, number>();
  while (world.users.size < wanted) {
    const given = chance.pick(GIVEN_NAMES);
    const family = chance.pick(FAMILY_NAMES);
    const base = `${given}.${family}`.toLowerCase();
    const count = (times.get(base) ?? 0) + 1;
    times.set(base, count);
    const username = count === 1 ? base : `${base}${String(count)}`;
    const createdAt = daysAgo(chance.between(30, 1_500));
    const userType = chance.weighted(TYPES);
    const isRobot = userType !== 'human';
    people.push(
      addUser(world, {
        username: isRobot ? `svc-${username.replace('.', '-')}` : username,
        name: isRobot ? `Service ${given} ${family}` : `${given} ${family}`,
        publicEmail: !isRobot && chance.happens(0.2) ? `${username}@example.com` : null,
        state: isRobot ? 'active' : chance.weighted(STATES),
        userType,
        external: chance.happens(0.05),
        privateProfile: chance.happens(0.03),
        createdAt,
        updatedAt: createdAt,
      }),
    );
  }
  return people;
}

/** Adds groups, nested up to five levels, until the world has as many as wanted; parents come before children. */
export function generateGroups(
  { world, daysAgo }: Builder,
  chance: Chance,
  fixtures: Fixtures,
  wanted: number,
): Group[] {
  const { acme, platform, design, everyone, open } = fixtures.groups;
  const parents: Group[] = [acme, acme, acme, platform, design, everyone, open];
  const made: Group[] = [];
  const rootsWanted = Math.max(3, Math.round(wanted / 25));
  for (let rootNumber = 0; world.groups.size < wanted;) {
    const isRoot = rootNumber < rootsWanted && chance.happens(0.2);
    const parent = isRoot ? undefined : chance.pick(parents);
    const path = isRoot
      ? rootPath(rootNumber)
      : freePath(chance, TEAM_WORDS, (name) => isGroupFree(world, parent, name));
    if (isRoot) rootNumber += 1;
    const createdAt = daysAgo(chance.between(30, 1_200));
    const group = addGroup(world, {
      path,
      name: title(path),
      parentId: parent?.id ?? null,
      visibility: narrower(parent?.visibility, chance.weighted(VISIBILITIES)),
      createdAt,
      updatedAt: createdAt,
    });
    made.push(group);
    if (group.fullPath.split('/').length < MAX_DEPTH) parents.push(group);
  }
  return made;
}

function rootPath(number: number): string {
  const word = ROOT_WORDS[number % ROOT_WORDS.length] ?? 'group';
  return number < ROOT_WORDS.length ? word : `${word}-${String(Math.floor(number / ROOT_WORDS.length) + 1)}`;
}

function isGroupFree(world: Builder['world'], parent: Group | undefined, name: string): boolean {
  return groupByPath(world, parent ? `${parent.fullPath}/${name}` : name) === undefined;
}

function freePath(chance: Chance, words: readonly string[], isFree: (name: string) => boolean): string {
  const word = chance.pick(words);
  if (isFree(word)) return word;
  for (let number = 2; ; number += 1) {
    const name = `${word}-${String(number)}`;
    if (isFree(name)) return name;
  }
}

function title(path: string): string {
  return path.charAt(0).toUpperCase() + path.slice(1).replaceAll('-', ' ');
}

/** Nothing is more open than the group it lies in. */
function narrower(above: Group['visibility'] | undefined, wanted: Group['visibility']): Group['visibility'] {
  const order = ['private', 'internal', 'public'] as const;
  if (above === undefined) return wanted;
  return order[Math.min(order.indexOf(above), order.indexOf(wanted))] ?? 'private';
}

/** Adds projects until the world has as many as wanted. */
export function generateProjects(
  { world, daysAgo }: Builder,
  chance: Chance,
  groups: readonly Group[],
  wanted: number,
): Project[] {
  const made: Project[] = [];
  while (world.projects.size < wanted) {
    // The square makes early groups hold most of the projects.
    const group = groups[Math.floor(chance.fraction() ** 2 * groups.length)] ?? chance.pick(groups);
    const isFree = (name: string): boolean =>
      projectByPath(world, `${group.fullPath}/${name}`) === undefined && isGroupFree(world, group, name);
    const path = freePath(chance, PROJECT_WORDS, isFree);
    const createdAt = daysAgo(chance.between(10, 1_000));
    made.push(
      addProject(world, {
        path,
        name: title(path),
        groupId: group.id,
        visibility: narrower(group.visibility, chance.weighted(VISIBILITIES)),
        archived: chance.happens(0.05),
        createdAt,
        updatedAt: createdAt,
        lastActivityAt: daysAgo(chance.between(0, 9)),
      }),
    );
  }
  return made;
}
