import {
  ACCESS,
  addGroup,
  addLink,
  addProject,
  addUser,
  directRow,
  groupByPath,
  projectByPath,
} from '../model/index.ts';
import type { Group, Project, User, UserState, UserType } from '../model/index.ts';
import type { Builder } from './build.ts';
import type { Fixtures } from './fixtures.ts';
import type { Chance } from './prng.ts';
import { FAMILY_NAMES, GIVEN_NAMES, PROJECT_WORDS, ROOT_WORDS, TEAM_WORDS } from './words.ts';

/** How much of everything a world has in the end, fixtures included. */
export interface Amounts {
  readonly groups: number;
  readonly projects: number;
  readonly people: number;
  /** Direct members of `acme/everyone`. */
  readonly everyone: number;
  /** Direct members of the largest other generated group. */
  readonly largestGroup: number;
}

const MAX_DEPTH = 5;
const LEVELS = [
  [ACCESS.GUEST, 8],
  [ACCESS.PLANNER, 2],
  [ACCESS.REPORTER, 20],
  [ACCESS.DEVELOPER, 45],
  [ACCESS.MAINTAINER, 20],
  [ACCESS.OWNER, 5],
] as const;
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

/** Fills a world around its fixtures up to the amounts, with few large groups and many small ones. */
export function generate(builder: Builder, chance: Chance, fixtures: Fixtures, amounts: Amounts): void {
  const people = generatePeople(builder, chance, amounts.people);
  const groups = generateGroups(builder, chance, fixtures, amounts.groups);
  const projects = generateProjects(builder, chance, groups, amounts.projects);
  fillEveryone(builder, chance, fixtures, people, amounts.everyone);
  fillGroups(builder, chance, groups, people, amounts.largestGroup);
  fillProjects(builder, chance, projects, people);
  addTokenRobots(builder, chance, projects);
  shareSome(builder, chance, groups, projects);
}

function generatePeople({ world, daysAgo }: Builder, chance: Chance, wanted: number): User[] {
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

function generateGroups({ world, daysAgo }: Builder, chance: Chance, fixtures: Fixtures, wanted: number): Group[] {
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

function generateProjects(
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

function fillEveryone(
  builder: Builder,
  chance: Chance,
  fixtures: Fixtures,
  people: readonly User[],
  wanted: number,
): void {
  const { everyone } = fixtures.groups;
  for (const user of people.slice(0, wanted)) {
    const rolesBelowMaintainer = LEVELS.filter(([level]) => level < ACCESS.MAINTAINER);
    builder.addToGroup(
      everyone,
      user,
      chance.weighted(rolesBelowMaintainer),
      rowTimes(builder, chance, fixtures.users.alice),
    );
  }
}

/** Sizes fall with the rank; parents come before their subgroups, so that no row is lower than an inherited one. */
function fillGroups(
  builder: Builder,
  chance: Chance,
  groups: readonly Group[],
  people: readonly User[],
  largest: number,
): void {
  const ranks = new Map([...groups].sort(() => chance.fraction() - 0.5).map((group, rank) => [group.id, rank]));
  for (const group of groups) {
    const size = Math.max(2, Math.round(largest / ((ranks.get(group.id) ?? 0) + 1) ** 0.8));
    const owner = pickHuman(chance, people);
    if (group.parentId === null) builder.addToGroup(group, owner, ACCESS.OWNER);
    for (let added = 0; added < size; added += 1) {
      const user = chance.pick(people);
      if (directRow(builder.world, 'Group', group.id, user.id)) continue;
      const level = Math.max(chance.weighted(LEVELS), builder.levelAbove('Group', group.id, user));
      builder.addToGroup(group, user, level, rowTimes(builder, chance, owner));
    }
  }
}

function fillProjects(builder: Builder, chance: Chance, projects: readonly Project[], people: readonly User[]): void {
  for (const project of projects) {
    const size = Math.floor(chance.fraction() ** 2 * 7);
    for (let added = 0; added < size; added += 1) {
      const user = chance.pick(people);
      if (directRow(builder.world, 'Project', project.id, user.id)) continue;
      const level = Math.max(chance.weighted(LEVELS), builder.levelAbove('Project', project.id, user));
      builder.addToProject(project, user, level, rowTimes(builder, chance, user));
    }
  }
}

function rowTimes(
  builder: Builder,
  chance: Chance,
  by: User,
): { createdAt: number; updatedAt: number; createdById: number; expiresAt: string | null } {
  const createdAt = builder.daysAgo(chance.between(1, 700));
  const expiresAt = chance.happens(0.08) ? builder.dateAhead(chance.between(1, 90)) : null;
  return { createdAt, updatedAt: createdAt, createdById: by.id, expiresAt };
}

function pickHuman(chance: Chance, people: readonly User[]): User {
  return chance.pick(people.filter(({ userType, state }) => userType === 'human' && state === 'active'));
}

/** Robots of project access tokens, each with its one row; they come on top of the people. */
function addTokenRobots({ world, addToProject, daysAgo }: Builder, chance: Chance, projects: readonly Project[]): void {
  for (const project of projects) {
    if (!chance.happens(0.03)) continue;
    const robot = addUser(world, {
      username: `project_${String(project.id)}_bot`,
      name: `${project.name} token`,
      userType: 'project_bot',
      external: true,
      createdAt: daysAgo(20),
      updatedAt: daysAgo(20),
    });
    addToProject(project, robot, ACCESS.DEVELOPER);
  }
}

function shareSome(
  { world, dateAhead }: Builder,
  chance: Chance,
  groups: readonly Group[],
  projects: readonly Project[],
): void {
  const taken = new Set<string>();
  const share = (sharedKind: 'Group' | 'Project', sharedId: number, invited: Group): void => {
    const key = `${sharedKind} ${String(sharedId)} ${String(invited.id)}`;
    if (taken.has(key) || (sharedKind === 'Group' && sharedId === invited.id)) return;
    taken.add(key);
    const accessLevel = chance.pick([ACCESS.GUEST, ACCESS.REPORTER, ACCESS.DEVELOPER]);
    const expiresAt = chance.happens(0.2) ? dateAhead(chance.between(5, 60)) : null;
    addLink(world, { sharedKind, sharedId, invitedGroupId: invited.id, accessLevel, expiresAt });
  };
  for (const group of groups) if (chance.happens(0.07)) share('Group', group.id, chance.pick(groups));
  for (const project of projects) if (chance.happens(0.05)) share('Project', project.id, chance.pick(groups));
}
