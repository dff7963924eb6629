import type { GitLabClient, GroupRelation, MembersQuery, ProjectRelation } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import { everyEntry } from '../gitlab/every-entry.ts';
import type { AccessTokenRecord, MemberRecord } from '../gitlab/records.ts';
import type { GrantRow } from '../store/grants.ts';
import type { Residue, ResidueItem } from '../store/residue.ts';

const MOST_PAGES = 20;
const PAGE = 100;
/** Tokens and rows are stamped by GitLab's clock to the second. */
const SLACK_MS = 2_000;

type Reading = {
  client: GitLabClient;
  grant: GrantRow;
  /** By GitLab's clock. */
  since: number;
  gatewayUserIds: ReadonlySet<string>;
  unread: string[];
};

/** A part that cannot be read is named, and does not keep the others from being told. */
async function part<T>(reading: Reading, what: string, work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    reading.unread.push(`${what}: ${error.message}`);
    return null;
  }
}

const isNew = (reading: Reading, at: string | null): boolean => at !== null && Date.parse(at) >= reading.since;

type Relations = readonly (GroupRelation & ProjectRelation)[] | readonly GroupRelation[] | readonly ProjectRelation[];

function question(grant: GrantRow, relations: Relations, more: { userIds: string[] | null; after: string | null }) {
  const { kind, id, path: fullPath } = grant.source;
  const asked = { key: relations.join(), kind, id, fullPath, relations, search: null, first: PAGE, ...more };
  return asked as MembersQuery;
}

async function rows(reading: Reading, relations: Relations, userIds: string[] | null): Promise<MemberRecord[]> {
  const found: MemberRecord[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query: MembersQuery = question(reading.grant, relations, { userIds, after });
    const page = (await reading.client.members([query])).get(query.key) ?? null;
    if (page instanceof GitLabError) throw page;
    if (page === null) throw new GitLabError('FORBIDDEN', 'GitLab does not show the members.');
    found.push(...page.items);
    if (!page.hasNextPage) return found;
    after = page.endCursor;
  }
  throw new GitLabError('UNREADABLE', 'There are more members than are looked through.');
}

function membershipItems(reading: Reading, members: readonly MemberRecord[], bots: ReadonlySet<string>): ResidueItem[] {
  return members
    .filter((row) => isNew(reading, row.createdAt) && !bots.has(row.user.id))
    .filter((row) => row.createdBy === null || !reading.gatewayUserIds.has(row.createdBy.id))
    .map((row) => ({
      kind: 'MEMBERSHIP',
      gitlabId: row.user.id,
      name: row.user.username,
      createdBy: row.createdBy?.username ?? null,
      sourcePath: row.source?.fullPath ?? reading.grant.source.path,
    }));
}

/** The maker of a token is who made its bot's row (docs/gitlab.md §access tokens). */
function tokenItems(reading: Reading, tokens: readonly AccessTokenRecord[], members: readonly MemberRecord[]) {
  const { kind, path: sourcePath } = reading.grant.source;
  return tokens.map((token): ResidueItem => ({
    kind: kind === 'group' ? 'GROUP_ACCESS_TOKEN' : 'PROJECT_ACCESS_TOKEN',
    gitlabId: token.id,
    name: token.name,
    createdBy: members.find((row) => row.user.id === token.userId)?.createdBy?.username ?? null,
    sourcePath,
  }));
}

async function accessTokens({ client, grant }: Reading): Promise<AccessTokenRecord[]> {
  return everyEntry((page) => client.accessTokens(grant.source, page), MOST_PAGES);
}

async function tokensAndMembers(reading: Reading): Promise<ResidueItem[]> {
  const { grant } = reading;
  const relations: Relations = grant.source.kind === 'group' ? ['DIRECT', 'DESCENDANTS'] : ['DIRECT'];
  const [tokens, members] = await Promise.all([
    part(reading, 'access tokens', accessTokens(reading)),
    part(reading, 'memberships', rows(reading, relations, null)),
  ]);
  const fresh = (tokens ?? []).filter((token) => token.active && isNew(reading, token.createdAt));
  const bots = new Set((tokens ?? []).map((token) => token.userId));
  return [...tokenItems(reading, fresh, members ?? []), ...membershipItems(reading, members ?? [], bots)];
}

async function deployTokenItems(reading: Reading): Promise<ResidueItem[]> {
  const { client, grant, unread } = reading;
  const before = grant.noted?.deployTokens ?? null;
  if (before === null) unread.push('deploy tokens: they could not be read before the grant began.');
  const tokens = before === null ? null : await part(reading, 'deploy tokens', client.deployTokens(grant.source));
  return (tokens ?? [])
    .filter((token) => !token.revoked && before?.includes(token.id) === false)
    .map(({ id, name }) => ({
      kind: 'DEPLOY_TOKEN',
      gitlabId: id,
      name,
      createdBy: null,
      sourcePath: grant.source.path,
    }));
}

async function deployKeyItems(reading: Reading): Promise<ResidueItem[]> {
  const { client, grant, unread } = reading;
  if (grant.source.kind === 'group') return [];
  const before = grant.noted?.deployKeys ?? null;
  if (before === null) unread.push('deploy keys: they could not be read before the grant began.');
  const keys = await part(reading, 'deploy keys', client.deployKeys(grant.source.id));
  const isKnown = (key: { id: string; canPush: boolean; createdAt: string }): boolean =>
    before === null
      ? !isNew(reading, key.createdAt)
      : before.some((known) => known.id === key.id && known.canPush === key.canPush);
  return (keys ?? [])
    .filter((key) => !isKnown(key))
    .map(({ id, title }) => ({
      kind: 'DEPLOY_KEY',
      gitlabId: id,
      name: title,
      createdBy: null,
      sourcePath: grant.source.path,
    }));
}

/** In the order in which people look for them, each with how its rows are told. */
const PATHS = {
  group: [
    ['DIRECT', 'a direct membership'],
    ['INHERITED', 'a membership of a group above'],
    ['SHARED_FROM_GROUPS', 'a membership of an invited group'],
  ],
  project: [
    ['DIRECT', 'a direct membership'],
    ['INHERITED', 'a membership of a group above'],
    ['INVITED_GROUPS', 'a membership of an invited group'],
    ['SHARED_INTO_ANCESTORS', 'a membership of a group invited above'],
  ],
} as const;

async function remainingPaths(reading: Reading): Promise<string[]> {
  const { grant } = reading;
  const told: string[] = [];
  for (const [relation, says] of PATHS[grant.source.kind]) {
    const found = await rows(reading, [relation] as Relations, [grant.user.id]);
    for (const row of found) {
      told.push(`${says}: level ${String(row.accessLevel)} in ${row.source?.fullPath ?? 'a group that is not shown'}`);
    }
  }
  return told;
}

async function remainingLevel({ client, grant }: Reading): Promise<number> {
  const asked = { search: null, userIds: [grant.user.id], first: 1, after: null };
  const { items } = await client.allMembers(grant.source, asked);
  return items.find((row) => row.userId === grant.user.id)?.accessLevel ?? 0;
}

/** Reads what outlives an ended grant (S10, S16, S35). Writes nothing; what cannot be read is named in `unread`. */
export async function readResidue(
  client: GitLabClient,
  grant: GrantRow,
  context: { now: Date; gatewayUserIds: ReadonlySet<string> },
): Promise<Residue> {
  const began = grant.noted === null ? (grant.activatedAt ?? grant.requestedAt) : new Date(grant.noted.at);
  const since = began.getTime() + (client.health().clockSkewMs ?? 0) - SLACK_MS;
  const reading: Reading = { client, grant, since, gatewayUserIds: context.gatewayUserIds, unread: [] };
  const [items, tokens, keys, level, paths] = await Promise.all([
    tokensAndMembers(reading),
    deployTokenItems(reading),
    deployKeyItems(reading),
    part(reading, 'remaining role', remainingLevel(reading)),
    part(reading, 'remaining paths', remainingPaths(reading)),
  ]);
  return {
    readAt: context.now.toISOString(),
    complete: reading.unread.length === 0,
    unread: reading.unread,
    remainingLevel: level,
    remainingPaths: paths ?? [],
    items: [...items, ...tokens, ...keys],
  };
}
