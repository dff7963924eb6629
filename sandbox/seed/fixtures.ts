import { ACCESS, addGroup, addProject, addUser, groupByPath, projectByPath, userByName } from '../model/index.ts';
import type { Group, NewGroup, NewProject, NewUser, Project, User, World } from '../model/index.ts';
import type { Builder } from './build.ts';
import { addFixtureRows, addFixtureTokens } from './fixtureRows.ts';
import { GROUPS, PROJECTS, USERS } from './names.ts';

const FIXTURE_AGE_DAYS = 400;

/** The well-known records of a seeded world, by the names of `GROUPS`, `PROJECTS` and `USERS`. */
export interface Fixtures {
  readonly groups: Readonly<Record<keyof typeof GROUPS, Group>>;
  readonly projects: Readonly<Record<keyof typeof PROJECTS, Project>>;
  readonly users: Readonly<Record<keyof typeof USERS, User>>;
}

const USER_DETAILS: Partial<Record<keyof typeof USERS, Omit<NewUser, 'username'>>> = {
  root: { name: 'Administrator', admin: true },
  alice: { name: 'Alice Anders', publicEmail: 'alice@example.com' },
  olga: { name: 'Olga Orlova' },
  bob: { name: 'Bob Berg', publicEmail: 'bob@example.com' },
  carol: { name: 'Carol Chen' },
  carl: { name: 'Carl Cruz' },
  dave: { name: 'Dave Dietz', state: 'blocked' },
  dina: { name: 'Dina Duarte', state: 'deactivated' },
  mallory: { name: 'Mallory Moss', state: 'banned' },
  erin: { name: 'Erin Engel' },
  eve: { name: 'Eve Ekman' },
  frank: { name: 'Frank Frost' },
  grace: { name: 'Grace Gupta', privateProfile: true },
  heidi: { name: 'Heidi Huber', external: true },
  ivan: { name: 'Ivan Ilic' },
  judy: { name: 'Judy Jones' },
  peggy: { name: 'Peggy Park' },
  paul: { name: 'Paul Pham' },
  sybil: { name: 'Sybil Silva' },
  lena: { name: 'Lena Lind' },
  trent: { name: 'Trent Tran' },
  niaj: { name: 'Niaj Noor' },
};

const GROUP_DETAILS: Partial<Record<keyof typeof GROUPS, Omit<NewGroup, 'path'>>> = {
  acme: { name: 'Acme' },
  platform: { name: 'Platform' },
  payments: { name: 'Payments' },
  core: { name: 'Core' },
  ledger: { name: 'Ledger' },
  everyone: { name: 'Everyone' },
  design: { name: 'Design', visibility: 'internal' },
  open: { name: 'Open', visibility: 'public' },
  legal: { name: 'Legal', ldapLinks: [{ cn: 'legal', groupAccess: ACCESS.DEVELOPER, provider: 'ldapmain' }] },
  attic: { name: 'Attic', archived: true },
  partners: { name: 'Partners' },
  contractors: { name: 'Contractors' },
  shadow: { name: 'Shadow' },
  library: { name: 'Library', visibility: 'public' },
};

const PROJECT_DETAILS: Partial<Record<keyof typeof PROJECTS, Omit<NewProject, 'path'>>> = {
  legacy: { archived: true },
  styleguide: { visibility: 'internal' },
  website: { visibility: 'public' },
  books: { visibility: 'public' },
};

/** Makes the well-known part of every world: people, groups, projects, rows, shares and tokens. */
export function addFixtures(builder: Builder): Fixtures {
  const fixtures = { users: addUsers(builder), groups: addGroups(builder), projects: addProjects(builder) };
  addFixtureRows(builder, fixtures);
  addFixtureTokens(builder, fixtures);
  return fixtures;
}

function record<K extends string, T>(
  names: Readonly<Record<K, string>>,
  make: (key: K, name: string) => T,
): Record<K, T> {
  const keys = Object.keys(names) as K[];
  return Object.fromEntries(keys.map((key) => [key, make(key, names[key])])) as Record<K, T>;
}

function addUsers({ world, daysAgo }: Builder): Fixtures['users'] {
  const createdAt = daysAgo(FIXTURE_AGE_DAYS);
  const robots: Partial<Record<keyof typeof USERS, Omit<NewUser, 'username'>>> = {
    gatehouse: { name: 'Gatehouse', userType: 'service_account' },
    deployer: { name: 'Deployer', userType: 'service_account' },
    apiBot: { name: 'api token', userType: 'project_bot' },
    platformBot: { name: 'platform token', userType: 'project_bot' },
  };
  return record(USERS, (key, username) =>
    addUser(world, { username, createdAt, updatedAt: createdAt, ...USER_DETAILS[key], ...robots[key] }),
  );
}

function addGroups({ world, daysAgo }: Builder): Fixtures['groups'] {
  const createdAt = daysAgo(FIXTURE_AGE_DAYS);
  return record(GROUPS, (key, fullPath) => {
    const { parent, path } = split(fullPath);
    const parentId = parent === '' ? null : (groupByPath(world, parent)?.id ?? null);
    return addGroup(world, { path, parentId, createdAt, updatedAt: createdAt, ...GROUP_DETAILS[key] });
  });
}

function addProjects({ world, daysAgo }: Builder): Fixtures['projects'] {
  const createdAt = daysAgo(FIXTURE_AGE_DAYS);
  const times = { createdAt, updatedAt: createdAt, lastActivityAt: daysAgo(1) };
  return record(PROJECTS, (key, fullPath) => {
    const { parent, path } = split(fullPath);
    const group = groupByPath(world, parent);
    const home = group ? { groupId: group.id } : { ownerId: userByName(world, parent)?.id ?? null };
    return addProject(world, { path, ...home, ...times, ...PROJECT_DETAILS[key] });
  });
}

function split(fullPath: string): { parent: string; path: string } {
  const cut = fullPath.lastIndexOf('/');
  return { parent: fullPath.slice(0, Math.max(0, cut)), path: fullPath.slice(cut + 1) };
}

/** Finds the well-known records of a world that was seeded before. */
export function fixturesOf(world: World): Fixtures {
  const found = <T>(value: T | undefined, name: string): T => {
    if (value === undefined) throw new Error(`${name} is not in this world: seed it first`);
    return value;
  };
  return {
    groups: record(GROUPS, (_key, path) => found(groupByPath(world, path), path)),
    projects: record(PROJECTS, (_key, path) => found(projectByPath(world, path), path)),
    users: record(USERS, (_key, username) => found(userByName(world, username), username)),
  };
}
