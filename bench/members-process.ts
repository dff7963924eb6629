import { addGroup, addMember, addToken, addUser } from '../sandbox/model/index.ts';
import type { World } from '../sandbox/model/index.ts';
import type { SeedTokens } from '../sandbox/model/tiny.ts';
import { startSandbox } from '../sandbox/server.ts';
import type { MembersReady, MembersShape } from './members.ts';

const OWNER = 50;
const LEVELS = [10, 20, 30, 40];
/** How many people there are for each place in a group, so that most are in several groups. */
const PEOPLE_PER_PLACE = 4;

/** One group above, the rest below it: each with about so many people, some with an end date; the largest has twice as many. */
function fill(world: World, { groups, members }: MembersShape): { tokens: SeedTokens; paths: string[] } {
  const root = addUser(world, { username: 'root', admin: true });
  const owner = addUser(world, { username: 'service_account_bench', userType: 'service_account', external: true });
  const top = addGroup(world, { path: 'bench' });
  addMember(world, { sourceKind: 'Group', sourceId: top.id, userId: owner.id, accessLevel: OWNER });
  const people = Array.from({ length: members * PEOPLE_PER_PLACE }, (_, index) =>
    addUser(world, { username: `person-${String(index)}` }),
  );
  const paths = Array.from({ length: groups }, (_, index) => {
    const group = addGroup(world, { path: `team-${String(index)}`, parentId: top.id });
    const count = Math.round((members * 2 * (index + 1)) / (groups + 1));
    for (let place = 0; place < count; place += 1) {
      const user = people[(index * 7 + place) % people.length];
      if (user === undefined) throw new Error('There are too few people.');
      addMember(world, {
        sourceKind: 'Group',
        sourceId: group.id,
        userId: user.id,
        accessLevel: LEVELS[(index + place) % LEVELS.length] ?? OWNER,
        createdById: root.id,
        expiresAt: place % 10 === 0 ? '2099-01-31' : null,
      });
    }
    return group.fullPath;
  });
  const token = (userId: number, name: string): string =>
    addToken(world, { userId, name, scopes: ['api'], value: `glpat-sandbox-${name}` }).value;
  return {
    tokens: { admin: token(root.id, 'admin'), owner: token(owner.id, 'owner'), user: token(root.id, 'user') },
    paths,
  };
}

const shape = JSON.parse(process.argv[2] ?? '') as MembersShape;
let paths: string[] = [];
const sandbox = await startSandbox({
  fill: (world) => {
    const filled = fill(world, shape);
    paths = filled.paths;
    return filled.tokens;
  },
});
const ready: MembersReady = { url: sandbox.url, token: sandbox.tokens.owner, paths };
process.stdout.write(`ready ${JSON.stringify(ready)}\n`);
process.once('SIGTERM', () => process.exit(0));
