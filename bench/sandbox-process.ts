import { addGroup, addMember, addProject, addToken, addUser } from '../sandbox/model/index.ts';
import type { World } from '../sandbox/model/index.ts';
import type { SeedTokens } from '../sandbox/model/tiny.ts';
import { startSandbox } from '../sandbox/server.ts';
import { BASE_LEVEL, kindOf, peopleOf, placeOf } from './organisation.ts';
import type { SandboxOrder, SandboxReady } from './organisation.ts';

const OWNER_LEVEL = 50;

type Filled = Omit<SandboxReady, 'url' | 'ownerToken'> & { tokens: SeedTokens };

function addSources(world: World, count: number, creatorId: number): SandboxReady['sources'] {
  const root = addGroup(world, { path: 'bench' });
  const work = addGroup(world, { path: 'work', parentId: root.id });
  addMember(world, { sourceKind: 'Group', sourceId: root.id, userId: creatorId, accessLevel: OWNER_LEVEL });
  return Array.from({ length: count }, (_, index) => {
    const [kind, path] = [kindOf(index), `source-${String(index)}`];
    const made =
      kind === 'group'
        ? addGroup(world, { path, parentId: root.id })
        : addProject(world, { path, groupId: work.id, creatorId });
    return { kind, id: made.id, fullPath: made.fullPath };
  });
}

/** An organisation with one Owner service account, and the memberships that the grants begin from. */
function fill(world: World, { shape }: SandboxOrder): Filled {
  const root = addUser(world, { username: 'root', admin: true });
  const owner = addUser(world, { username: 'service_account_bench', userType: 'service_account', external: true });
  const sources = addSources(world, shape.sources, owner.id);
  const users = Array.from({ length: peopleOf(shape) }, (_, index) =>
    addUser(world, { username: `person-${String(index)}` }),
  );
  for (let index = 0; index < shape.grants; index += 1) {
    const place = placeOf(shape, index);
    const [source, user] = [sources[place.source], users[place.user]];
    if (source === undefined || user === undefined) throw new Error('The organisation is too small for its grants.');
    if (!place.raises) continue;
    addMember(world, {
      sourceKind: source.kind === 'group' ? 'Group' : 'Project',
      sourceId: source.id,
      userId: user.id,
      accessLevel: BASE_LEVEL,
      createdById: root.id,
    });
  }
  const token = (userId: number, name: string): string =>
    addToken(world, { userId, name, scopes: ['api'], value: `glpat-sandbox-${name}` }).value;
  const tokens = { admin: token(root.id, 'admin'), owner: token(owner.id, 'owner'), user: token(root.id, 'user') };
  return {
    tokens,
    ownerId: owner.id,
    sources,
    users: users.map(({ id, username }) => ({ id, username })),
  };
}

const order = JSON.parse(process.argv[2] ?? '') as SandboxOrder;
const filled: Filled[] = [];
const sandbox = await startSandbox({
  fill: (world) => {
    const made = fill(world, order);
    filled.push(made);
    return made.tokens;
  },
});
const [made] = filled;
if (made === undefined) throw new Error('The sandbox did not fill its world.');
const { sources, users, ownerId } = made;
const ready: SandboxReady = { url: sandbox.url, ownerToken: sandbox.tokens.owner, ownerId, sources, users };
process.stdout.write(`ready ${JSON.stringify(ready)}\n`);
process.once('SIGTERM', () => process.exit(0));
