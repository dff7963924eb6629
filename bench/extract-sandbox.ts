import { addGroup, addLink, addMember, addProject, addToken, addUser } from '../sandbox/model/index.ts';
import type { World } from '../sandbox/model/index.ts';
import type { SeedTokens } from '../sandbox/model/tiny.ts';
import { TOKENS, seedWorld } from '../sandbox/seed/index.ts';
import { startSandbox } from '../sandbox/server.ts';

/** What the process is told, as JSON: a generated organisation, or one of exactly so many groups, projects and members. */
export type ExtractOrder =
  | { size: 'medium' | 'large' }
  | { groups: number; projects: number; membersEach: number; people: number; special: number };

const LEVELS = [10, 20, 30, 40] as const;
const DAY_MS = 86_400_000;

/** Groups in two levels, projects spread over them; `special` sources have a token's bot or an invited group. */
function fillExactly(world: World, order: Exclude<ExtractOrder, { size: string }>): SeedTokens {
  const root = addUser(world, { username: 'root', admin: true });
  const people = Array.from({ length: order.people }, (_, index) =>
    addUser(world, { username: `person-${String(index)}`, name: `Person ${String(index)}` }),
  );
  let next = 0;
  const fill = (sourceKind: 'Group' | 'Project', sourceId: number): void => {
    for (let index = 0; index < order.membersEach; index += 1) {
      const user = people[next % people.length];
      next += 1;
      if (user === undefined) throw new Error('There is nobody to be a member.');
      const expiresAt = next % 12 === 0 ? new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10) : null;
      addMember(world, { sourceKind, sourceId, userId: user.id, accessLevel: LEVELS[next % 4] ?? 30, expiresAt });
    }
  };
  const top = addGroup(world, { path: 'bench' });
  const groups = [top];
  for (let index = 1; index < order.groups; index += 1) {
    groups.push(addGroup(world, { path: `team-${String(index)}`, parentId: top.id }));
  }
  const projects = Array.from({ length: order.projects }, (_, index) =>
    addProject(world, { path: `project-${String(index)}`, groupId: groups[index % groups.length]?.id ?? top.id }),
  );
  for (const { id } of groups) fill('Group', id);
  for (const { id } of projects) fill('Project', id);
  for (const [index, project] of projects.slice(0, order.special).entries()) {
    if (index % 2 === 0) {
      const bot = addUser(world, { username: `project_${String(project.id)}_bot_0a`, userType: 'project_bot' });
      addMember(world, { sourceKind: 'Project', sourceId: project.id, userId: bot.id, accessLevel: 30 });
      addToken(world, { userId: bot.id, name: 'deploys', scopes: ['api'] });
    } else {
      const invitedGroupId = groups[index]?.id ?? top.id;
      addLink(world, { sharedKind: 'Project', sharedId: project.id, invitedGroupId, accessLevel: 30, expiresAt: null });
    }
  }
  const token = (name: keyof SeedTokens): string =>
    addToken(world, { userId: root.id, name, scopes: ['api', 'admin_mode'], value: TOKENS[name] }).value;
  return { admin: token('admin'), owner: token('owner'), user: token('user') };
}

const order = JSON.parse(process.argv[2] ?? '') as ExtractOrder;
const sandbox = await startSandbox({
  settings: { rateLimits: false, plan: 'premium' },
  fill: (world) =>
    'size' in order ? seedWorld(world, { size: order.size, seed: 1 }).tokens : fillExactly(world, order),
});
process.stdout.write(`ready ${sandbox.url}\n`);
process.once('SIGTERM', () => process.exit(0));
