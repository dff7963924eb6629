import { ACCESS, addDays, addMember, dateIn, directRow, selfAndAncestors } from '../model/index.ts';
import type { Group, Member, NewMember, Project, SourceKind, User, World } from '../model/index.ts';

const DAY_MS = 86_400_000;
/** How old a row is that says nothing about it. */
const ROW_AGE_DAYS = 300;

/** Helpers over one world while it is seeded; days count from the start of the day the seed runs on. */
export interface Builder {
  readonly world: World;
  /** An instant so many whole days before today's start. */
  readonly daysAgo: (days: number) => number;
  /** A date so many days ahead. */
  readonly dateAhead: (days: number) => string;
  readonly addToGroup: (group: Group, user: User, accessLevel: number, more?: Extras) => Member;
  readonly addToProject: (project: Project, user: User, accessLevel: number, more?: Extras) => Member;
  /** The highest level a user has in the groups above a source; 0 for none. */
  readonly levelAbove: (kind: SourceKind, id: number, user: User) => number;
}

type Extras = Partial<Omit<NewMember, 'sourceKind' | 'sourceId' | 'userId' | 'accessLevel'>>;

/** Makes the helpers. */
export function createBuilder(world: World): Builder {
  const today = dateIn(world.clock.now(), 'UTC');
  const startMs = Date.parse(`${today}T00:00:00Z`);
  const createdAt = startMs - ROW_AGE_DAYS * DAY_MS;
  const add = (sourceKind: SourceKind, sourceId: number, user: User, accessLevel: number, more?: Extras): Member =>
    addMember(world, { sourceKind, sourceId, userId: user.id, accessLevel, createdAt, updatedAt: createdAt, ...more });
  return {
    world,
    daysAgo: (days) => startMs - days * DAY_MS,
    dateAhead: (days) => addDays(today, days),
    addToGroup: (group, user, accessLevel, more) => add('Group', group.id, user, accessLevel, more),
    addToProject: (project, user, accessLevel, more) => add('Project', project.id, user, accessLevel, more),
    levelAbove: (kind, id, user) => highestAbove(world, kind, id, user),
  };
}

function highestAbove(world: World, kind: SourceKind, id: number, user: User): number {
  const groupId = kind === 'Group' ? id : world.projects.get(id)?.groupId;
  if (groupId == null) return ACCESS.NO_ACCESS;
  const above = selfAndAncestors(world, groupId).slice(kind === 'Group' ? 1 : 0);
  return Math.max(0, ...above.map((group) => directRow(world, 'Group', group.id, user.id)?.accessLevel ?? 0));
}
