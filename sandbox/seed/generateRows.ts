import { ACCESS, addLink, addUser, directRow } from '../model/index.ts';
import type { Group, Project, User } from '../model/index.ts';
import type { Builder } from './build.ts';
import type { Fixtures } from './fixtures.ts';
import type { Chance } from './prng.ts';

const LEVELS = [
  [ACCESS.GUEST, 8],
  [ACCESS.PLANNER, 2],
  [ACCESS.REPORTER, 20],
  [ACCESS.DEVELOPER, 45],
  [ACCESS.MAINTAINER, 20],
  [ACCESS.OWNER, 5],
] as const;

/** Gives the biggest group its direct members. */
export function fillEveryone(
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
export function fillGroups(
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

/** Gives projects a few direct members each. */
export function fillProjects(
  builder: Builder,
  chance: Chance,
  projects: readonly Project[],
  people: readonly User[],
): void {
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
export function addTokenRobots(
  { world, addToProject, daysAgo }: Builder,
  chance: Chance,
  projects: readonly Project[],
): void {
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

/** Opens some groups and projects to other groups. */
export function shareSome(
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
