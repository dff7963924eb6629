import type { World } from '../sandbox/model/index.ts';
import type { Chance } from '../sandbox/seed/prng.ts';

/** A query as a client sends it. */
export type Request = { document: string; variables: Record<string, unknown> };

/** One kind of question; each call of `ask` is about somebody or something else. */
export type Question = { name: string; ask: (world: World, chance: Chance) => Request };

const PATHS = `accessLevel expiresAt inForce paths { kind accessLevel expiresAt membership { source { fullPath } } shares { group { fullPath } } }`;
const PAGE = `pageInfo { hasNextPage endCursor } unknownSources`;
const TARGET = { group: 'group', project: 'project' } as const;

const insight = (variables: string, selection: string, args = ''): string =>
  `query (${variables}) { connection(name: "bench") { insight${args} { run ageSeconds unknownSources ${selection} } } }`;

const userReach = (args: string): string => `userReach(user: { gitlabId: $user }, ${args}, after: $after) {
  nodes { user { username gitlabId } source { kind gitlabId fullPath } accessLevelValue ${PATHS} } ${PAGE} }`;
const sourceReach = (args: string): string => `sourceReach(source: $source, ${args}, after: $after) {
  nodes { user { username gitlabId } source { kind gitlabId } accessLevelValue ${PATHS} } ${PAGE} }`;
const membership = `nodes { user { username gitlabId } source { kind gitlabId fullPath } accessLevel expiresAt expired }`;
const losses = `peopleCount losses(first: 20) {
  nodes { user { username } source { fullPath } accessLevelBefore accessLevelAfter } }`;

/** The documents by which whole answers are read, page by page. */
export const WHOLE = {
  userReach: insight('$user: ID!, $after: String', userReach('first: 100')),
  sourceReach: insight('$source: TargetRef!, $after: String', sourceReach('first: 100')),
  expiring: insight(
    '$days: Int!, $source: TargetRef, $after: String',
    `expiring(withinDays: $days, source: $source, first: 100, after: $after) { ${membership} ${PAGE} }`,
  ),
} as const;

const anyUser = (world: World, chance: Chance): string => String(chance.pick([...world.users.keys()]));
const anyGroup = (world: World, chance: Chance) => ({ group: chance.pick([...world.groups.values()]).fullPath });
const anyProject = (world: World, chance: Chance) => ({ project: chance.pick([...world.projects.values()]).fullPath });

function anyRow(world: World, chance: Chance): object {
  const row = chance.pick([...world.members.values()].filter(({ requestedAt }) => requestedAt === null));
  return { user: { gitlabId: String(row.userId) }, source: targetOf(world, row.sourceKind, row.sourceId) };
}

function anyShare(world: World, chance: Chance): object {
  const link = chance.pick([...world.links.values()]);
  const group = world.groups.get(link.invitedGroupId)?.fullPath ?? '';
  return { group, source: targetOf(world, link.sharedKind, link.sharedId) };
}

function targetOf(world: World, kind: 'Group' | 'Project', id: number): object {
  const place = kind === 'Group' ? world.groups.get(id) : world.projects.get(id);
  return { [TARGET[kind === 'Group' ? 'group' : 'project']]: place?.fullPath ?? '' };
}

/** Every question over an extraction. The second run is the latest; the first is that of `changes` and `asOf`. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'what a person reaches, and how',
    ask: (world, chance) => ({ document: WHOLE.userReach, variables: { user: anyUser(world, chance) } }),
  },
  {
    name: 'what a person reaches as Maintainer, as of the run before',
    ask: (world, chance) => ({
      document: insight('$user: ID!, $after: String', userReach('atLeast: MAINTAINER, first: 20'), '(run: 1)'),
      variables: { user: anyUser(world, chance) },
    }),
  },
  {
    name: 'who reaches a group, and how',
    ask: (world, chance) => ({ document: WHOLE.sourceReach, variables: { source: anyGroup(world, chance) } }),
  },
  {
    name: 'who reaches a project as Maintainer, and how many',
    ask: (world, chance) => ({
      document: insight(
        '$source: TargetRef!, $after: String',
        sourceReach('atLeast: MAINTAINER, inForceOnly: true, first: 20').replace('unknownSources }', 'totalCount }'),
      ),
      variables: { source: anyProject(world, chance) },
    }),
  },
  {
    name: 'memberships that end within some days',
    ask: (_world, chance) => ({
      document: insight('$days: Int!', `expiring(withinDays: $days, first: 50) { ${membership} totalCount }`),
      variables: { days: chance.between(1, 60) },
    }),
  },
  {
    name: 'the same below one group',
    ask: (world, chance) => ({ document: WHOLE.expiring, variables: { days: 30, source: anyGroup(world, chance) } }),
  },
  {
    name: 'who holds Maintainer or Owner without activity',
    ask: (_world, chance) => ({
      document: insight(
        '$days: Int!',
        `dormant(days: $days, first: 20) { nodes { user { username lastActivityOn } membershipCount
          memberships { accessLevel source { fullPath } } } unknownSources }`,
      ),
      variables: { days: chance.between(30, 300) },
    }),
  },
  {
    name: 'what would remain without a membership',
    ask: (world, chance) => ({
      document: insight('$row: MembershipRowRef!', `ifRemoved(removed: { membership: $row }) { ${losses} }`),
      variables: { row: anyRow(world, chance) },
    }),
  },
  {
    name: 'what would remain without a share',
    ask: (world, chance) => ({
      document: insight('$share: ShareRef!', `ifRemoved(removed: { share: $share }) { ${losses} }`),
      variables: { share: anyShare(world, chance) },
    }),
  },
  {
    name: 'what has changed since the run before',
    ask: () => ({
      document: insight(
        '$since: Int!',
        `changes(sinceRun: $since, first: 50) { nodes { kind user { username } source { fullPath }
          before { accessLevel } after { accessLevel } } totalCount unknownSources }`,
      ),
      variables: { since: 1 },
    }),
  },
];
