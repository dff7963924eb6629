import type { SandboxClock } from './clock.ts';
import type { DeployKey, DeployKeyLink, DeployToken } from './deploy.ts';
import type { Hook, WorldListener } from './events.ts';
import type { Promotion } from './promotions.ts';
import type { Settings } from './settings.ts';
import type { Group, Invitation, Member, MemberRole, Project, ShareLink, SourceKind, Token, User } from './types.ts';

/** A project authorization that still shows its old level until an instant. */
export interface StaleAuthorization {
  readonly level: number;
  readonly untilMs: number;
}

const FIRST_IDS = {
  user: 1,
  namespace: 1,
  project: 1,
  member: 1,
  link: 1,
  token: 1,
  role: 1,
  deployToken: 1,
  deployKey: 1,
  deployKeyLink: 1,
  hook: 1,
  promotion: 1,
};
type TableName = keyof typeof FIRST_IDS;

/** Everything one sandbox knows. Change it through the mutators only: they keep the indexes and authorizations right. */
export interface World {
  readonly clock: SandboxClock;
  readonly settings: Settings;
  readonly users: Map<number, User>;
  readonly groups: Map<number, Group>;
  readonly projects: Map<number, Project>;
  readonly members: Map<number, Member>;
  readonly invitations: Map<number, Invitation>;
  readonly links: Map<number, ShareLink>;
  readonly tokens: Map<number, Token>;
  readonly memberRoles: Map<number, MemberRole>;
  readonly deployTokens: Map<number, DeployToken>;
  readonly deployKeys: Map<number, DeployKey>;
  readonly deployKeyLinks: Map<number, DeployKeyLink>;
  /** Roles that wait for an administrator. */
  readonly promotions: Map<number, Promotion>;
  readonly hooks: Map<number, Hook>;
  /** Told of changes while there are hooks; they outlive a reset. */
  readonly listeners: Set<WorldListener>;
  readonly index: WorldIndex;
  readonly nextId: Record<TableName, number>;
}

/** Ways into the tables. Inner maps are by id and in order of id. */
export interface WorldIndex {
  readonly userByName: Map<string, User>;
  readonly userByEmail: Map<string, User>;
  readonly groupByPath: Map<string, Group>;
  readonly projectByPath: Map<string, Project>;
  readonly projectByOldPath: Map<string, Project>;
  readonly childGroups: Map<number, Group[]>;
  readonly projectsOfGroup: Map<number, Project[]>;
  /** All rows of a source, access requests included; key from `sourceKey`. */
  readonly membersBySource: Map<string, Map<number, Member>>;
  readonly membersByUser: Map<number, Map<number, Member>>;
  readonly linksByShared: Map<string, ShareLink[]>;
  readonly linksByInvited: Map<number, ShareLink[]>;
  readonly tokenByValue: Map<string, Token>;
  readonly tokensByUser: Map<number, Token[]>;
  /** By project, then user. */
  readonly staleAuthorizations: Map<number, Map<number, StaleAuthorization>>;
  /** Projects so new that only their creator is authorized. */
  readonly newProjects: Map<number, { untilMs: number; creatorId: number | null }>;
}

/** The key of a group or project in `membersBySource` and `linksByShared`. */
export function sourceKey(kind: SourceKind, id: number): string {
  return kind === 'Group' ? `g${String(id)}` : `p${String(id)}`;
}

function emptyIndex(): WorldIndex {
  return {
    userByName: new Map(),
    userByEmail: new Map(),
    groupByPath: new Map(),
    projectByPath: new Map(),
    projectByOldPath: new Map(),
    childGroups: new Map(),
    projectsOfGroup: new Map(),
    membersBySource: new Map(),
    membersByUser: new Map(),
    linksByShared: new Map(),
    linksByInvited: new Map(),
    tokenByValue: new Map(),
    tokensByUser: new Map(),
    staleAuthorizations: new Map(),
    newProjects: new Map(),
  };
}

/** An empty world on a clock. */
export function createWorld(deps: { clock: SandboxClock; settings: Settings }): World {
  return {
    ...deps,
    users: new Map(),
    groups: new Map(),
    projects: new Map(),
    members: new Map(),
    invitations: new Map(),
    links: new Map(),
    tokens: new Map(),
    memberRoles: new Map(),
    deployTokens: new Map(),
    deployKeys: new Map(),
    deployKeyLinks: new Map(),
    promotions: new Map(),
    hooks: new Map(),
    listeners: new Set(),
    index: emptyIndex(),
    nextId: { ...FIRST_IDS },
  };
}

/** Empties a world in place, so that whoever holds it sees the next seed; numbers start at one again. */
export function clearWorld(world: World): void {
  const { users, groups, projects, members, invitations, links, tokens, memberRoles } = world;
  const { deployTokens, deployKeys, deployKeyLinks, hooks, promotions } = world;
  const tables = [users, groups, projects, members, invitations, links, tokens, memberRoles];
  for (const table of [...tables, deployTokens, deployKeys, deployKeyLinks, hooks, promotions]) table.clear();
  const indexes: Map<unknown, unknown>[] = Object.values({ ...world.index });
  for (const index of indexes) index.clear();
  Object.assign(world.nextId, FIRST_IDS);
}

/** The next number of a table. */
export function takeId(world: World, table: keyof World['nextId']): number {
  const id = world.nextId[table];
  world.nextId[table] = id + 1;
  return id;
}

/** Adds to the list under a key, making the list when there is none. */
export function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Takes a value out of the list under a key. */
export function pullFrom<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (!list) return;
  const rest = list.filter((item) => item !== value);
  if (rest.length > 0) lists.set(key, rest);
  else lists.delete(key);
}

/** Adds to the map under a key, making it when there is none. */
export function putInto<K, I, V>(maps: Map<K, Map<I, V>>, key: K, id: I, value: V): void {
  const map = maps.get(key);
  if (map) map.set(id, value);
  else maps.set(key, new Map([[id, value]]));
}
