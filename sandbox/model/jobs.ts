import { blocksRemoval } from './owners.ts';
import { addDays, dateIn, nextTimeOfDay } from './dates.ts';
import { removeGroup, removeLink, removeMember, removeProject, removeUser } from './change.ts';
import type { World } from './world.ts';

/** Starts the daily jobs on the world's clock: at 00:10 in the instance's zone, rows and links past their date go. */
export function startJobs(world: World): void {
  const { clock, settings } = world;
  const plan = (): void => {
    clock.schedule(nextTimeOfDay(clock.now(), settings.timeZone, 0, 10), () => {
      purgeExpired(world);
      purgeMarked(world);
      plan();
    });
  };
  plan();
}

/** Removes memberships and links whose date is today or earlier. The last Owner of a group stays; nothing cascades. */
export function purgeExpired(world: World): void {
  const today = dateIn(world.clock.now(), world.settings.timeZone);
  for (const member of [...world.members.values()]) {
    if (member.expiresAt === null || member.expiresAt > today || member.requestedAt !== null) continue;
    if (blocksRemoval(world, member)) continue;
    removeMember(world, member);
    const user = world.users.get(member.userId);
    if (user?.userType === 'project_bot') removeUser(world, user);
  }
  for (const link of [...world.links.values()]) {
    if (link.expiresAt !== null && link.expiresAt <= today) removeLink(world, link);
  }
}

/** Deletes groups and projects whose time after being marked is over. */
function purgeMarked(world: World): void {
  const today = dateIn(world.clock.now(), world.settings.timeZone);
  const over = (marked: string | null): boolean =>
    marked !== null && addDays(marked, world.settings.deletionRetentionDays) <= today;
  for (const project of [...world.projects.values()]) {
    if (over(project.markedForDeletionOn)) removeProject(world, project);
  }
  for (const group of [...world.groups.values()]) if (over(group.markedForDeletionOn)) removeGroup(world, group);
}
