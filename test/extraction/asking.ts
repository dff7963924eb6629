import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { SourceKind, World } from '../../sandbox/model/index.ts';
import type { Gateway } from '../support/gateway.ts';

type Asked = Pick<Gateway, 'query'>;

export type Run = {
  id: string;
  run: number;
  status: string;
  mode: string;
  done: number;
  total: number | null;
  calls: number;
  problem: string | null;
  finishedAt: string | null;
  unknownSources: { totalCount: number; nodes: Unknown[] };
};
export type Unknown = { kind: string; gitlabId: string | null; fullPath: string | null; what: string; cause: string };

const RUN = `id run status mode done total calls problem finishedAt
  unknownSources(first: 100) { totalCount nodes { kind gitlabId fullPath what cause } }`;

type Started = { startExtraction: { extraction: Run | null; userErrors: { code: string }[] } };

/** Asks for a run and answers it as it is then. */
export async function start(gateway: Asked, input: object): Promise<Started['startExtraction']> {
  const { data, errors } = await gateway.query<Started>(
    `mutation ($input: StartExtractionInput!) { startExtraction(input: $input) { extraction { ${RUN} } userErrors { code } } }`,
    { input },
  );
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data.startExtraction;
}

export async function see(gateway: Asked, id: string): Promise<Run> {
  const { data } = await gateway.query<{ node: Run }>(
    `query ($id: ID!) { node(id: $id) { ... on Extraction { ${RUN} } } }`,
    { id },
  );
  return data.node;
}

export async function until(what: string, so: () => Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + 120_000;
  while (!(await so())) {
    if (Date.now() > endsAt) throw new Error(`It did not come about that ${what}.`);
    await pause(20);
  }
}

/** The run once it is over. */
export async function endOf(gateway: Asked, id: string): Promise<Run> {
  await until('the extraction is over', async () => (await see(gateway, id)).status !== 'RUNNING');
  return see(gateway, id);
}

/** Runs an extraction from its start to its end. */
export async function extract(gateway: Asked, connectionId: string, mode = 'FULL'): Promise<Run> {
  const { extraction, userErrors } = await start(gateway, { connectionId, mode });
  if (extraction === null) throw new Error(JSON.stringify(userErrors));
  return endOf(gateway, extraction.id);
}

/** What is held true now, a line for each fact. */
export type Facts = Record<'groups' | 'projects' | 'users' | 'members' | 'shares' | 'tokens', string[]>;

const LINES: Facts = {
  groups: ['gitlab_id', 'parent_id', 'full_path', 'name', 'visibility', 'path_ids'],
  projects: ['gitlab_id', 'group_id', 'full_path', 'name', 'visibility', 'archived', 'path_ids'],
  users: ['gitlab_id', 'username', 'name', 'state', 'kind', 'last_activity_on'],
  members: [
    'source_kind',
    'source_id',
    'user_id',
    'access_level',
    'member_role_id',
    'expires_at',
    "to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')",
  ],
  shares: ['source_kind', 'source_id', 'group_id', 'max_level', 'member_role_id', 'expires_at'],
  tokens: ['kind', 'gitlab_id', 'user_id', 'source_kind', 'source_id', 'access_level', 'name', 'active', 'expires_at'],
};
const FACTS = Object.keys(LINES) as (keyof Facts)[];

export async function storedFacts(gateway: Pick<Gateway, 'store'>, where = 'to_run is null'): Promise<Facts> {
  const facts: Partial<Facts> = {};
  for (const fact of FACTS) {
    const columns = LINES[fact].map((column) => `coalesce(${column}::text, '-')`).join(`, ' ', `);
    const { rows } = await sql<{ line: string }>`
      select concat(${sql.raw(columns)}) as line from ${sql.table(`x${fact}`)} where ${sql.raw(where)}`.execute(
      gateway.store().db,
    );
    facts[fact] = rows.map(({ line }) => line).sort();
  }
  return facts as Facts;
}

const STATES: Record<string, string> = { ldap_blocked: 'BLOCKED', blocked_pending_approval: 'PENDING_APPROVAL' };
const KINDS: Record<string, string> = { human: 'HUMAN', service_account: 'SERVICE_ACCOUNT', project_bot: 'TOKEN_BOT' };
const kindOf = (kind: SourceKind): string => kind.toLowerCase();
const line = (...parts: (string | number | boolean | null | undefined)[]): string =>
  parts.map((part) => String(part ?? '-')).join(' ');
const second = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** The same facts as the sandbox's own records have them, for an administrator. */
export function modelFacts(world: World, isActive: (tokenId: number) => boolean): Facts {
  const above = (id: number | null): number[] => {
    const group = id === null ? undefined : world.groups.get(id);
    return group === undefined ? [] : [...above(group.parentId), group.id];
  };
  const array = (ids: readonly number[]): string => `{${ids.join(',')}}`;
  const members = [...world.members.values()].filter((row) => row.requestedAt === null && row.state === 'active');
  return {
    groups: [...world.groups.values()]
      .map((one) =>
        line(one.id, one.parentId, one.fullPath, one.name, one.visibility.toUpperCase(), array(above(one.id))),
      )
      .sort(),
    projects: [...world.projects.values()]
      .map((one) =>
        line(
          one.id,
          one.groupId,
          one.fullPath,
          one.name,
          one.visibility.toUpperCase(),
          one.archived || above(one.groupId).some((id) => world.groups.get(id)?.archived === true),
          array(above(one.groupId)),
        ),
      )
      .sort(),
    users: [...world.users.values()]
      .map((one) =>
        line(
          one.id,
          one.username,
          one.name,
          STATES[one.state] ?? one.state.toUpperCase(),
          KINDS[one.userType] ?? 'OTHER',
          one.lastActivityOn,
        ),
      )
      .sort(),
    members: members
      .map((row) =>
        line(
          kindOf(row.sourceKind),
          row.sourceId,
          row.userId,
          row.accessLevel,
          row.memberRoleId,
          row.expiresAt,
          second(row.createdAt),
        ),
      )
      .sort(),
    shares: [...world.links.values()]
      .map((one) =>
        line(
          kindOf(one.sharedKind),
          one.sharedId,
          one.invitedGroupId,
          one.accessLevel,
          one.memberRoleId,
          one.expiresAt,
        ),
      )
      .sort(),
    tokens: [...world.tokens.values()]
      .filter((one) => !one.impersonation)
      .map((one) => {
        const isBot = world.users.get(one.userId)?.userType === 'project_bot';
        const home = isBot ? members.find((row) => row.userId === one.userId) : undefined;
        return line(
          home?.sourceKind.toUpperCase() ?? 'PERSONAL',
          one.id,
          one.userId,
          home === undefined ? null : kindOf(home.sourceKind),
          home?.sourceId,
          home?.accessLevel,
          one.name,
          isActive(one.id),
          one.expiresAt,
        );
      })
      .sort(),
  };
}
