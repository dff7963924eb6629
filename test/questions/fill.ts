import { sql } from 'kysely';
import { selfAndAncestors } from '../../sandbox/model/index.ts';
import type { User, World } from '../../sandbox/model/index.ts';
import { upsertInstance } from '../../src/store/instances.ts';
import type { Db, Store } from '../../src/store/store.ts';

const STATES: Partial<Record<User['state'], string>> = {
  active: 'ACTIVE',
  blocked: 'BLOCKED',
  ldap_blocked: 'BLOCKED',
  banned: 'BANNED',
  deactivated: 'DEACTIVATED',
  blocked_pending_approval: 'PENDING_APPROVAL',
};
const KINDS: Partial<Record<User['userType'], string>> = {
  human: 'HUMAN',
  service_account: 'SERVICE_ACCOUNT',
  project_bot: 'TOKEN_BOT',
};

/** The facts of one run, by table: what an extraction of the whole world would read. Rows that await a seat are no facts. */
export type Facts = Record<'xgroups' | 'xprojects' | 'xusers' | 'xmembers' | 'xshares', object[]>;

const lower = (kind: 'Group' | 'Project'): string => kind.toLowerCase();

export function factsOf(world: World): Facts {
  const chainOf = (id: number | null): number[] =>
    id === null
      ? []
      : selfAndAncestors(world, id)
          .map((group) => group.id)
          .reverse();
  return {
    xgroups: [...world.groups.values()].map((group) => ({
      gitlab_id: group.id,
      parent_id: group.parentId,
      full_path: group.fullPath,
      name: group.name,
      visibility: group.visibility.toUpperCase(),
      path_ids: chainOf(group.id),
    })),
    xprojects: [...world.projects.values()].map((project) => ({
      gitlab_id: project.id,
      group_id: project.groupId,
      full_path: project.fullPath,
      name: project.name,
      visibility: project.visibility.toUpperCase(),
      archived: project.archived,
      path_ids: chainOf(project.groupId),
    })),
    xusers: [...world.users.values()].map((user) => ({
      gitlab_id: user.id,
      username: user.username,
      name: user.name,
      state: STATES[user.state] ?? 'OTHER',
      kind: KINDS[user.userType] ?? 'OTHER',
      last_activity_on: user.lastActivityOn,
    })),
    xmembers: [...world.members.values()]
      .filter(({ requestedAt, state }) => requestedAt === null && state === 'active')
      .map((row) => ({
        source_kind: lower(row.sourceKind),
        source_id: row.sourceId,
        user_id: row.userId,
        access_level: row.accessLevel,
        member_role_id: row.memberRoleId,
        expires_at: row.expiresAt,
        created_at: new Date(row.createdAt).toISOString(),
      })),
    xshares: [...world.links.values()].map((link) => ({
      source_kind: lower(link.sharedKind),
      source_id: link.sharedId,
      group_id: link.invitedGroupId,
      max_level: link.accessLevel,
      member_role_id: link.memberRoleId,
      expires_at: link.expiresAt,
    })),
  };
}

const COLUMNS: Record<keyof Facts, readonly string[]> = {
  xgroups: ['gitlab_id', 'parent_id', 'full_path', 'name', 'visibility', 'path_ids'],
  xprojects: ['gitlab_id', 'group_id', 'full_path', 'name', 'visibility', 'archived', 'path_ids'],
  xusers: ['gitlab_id', 'username', 'name', 'state', 'kind', 'last_activity_on'],
  xmembers: ['source_kind', 'source_id', 'user_id', 'access_level', 'member_role_id', 'expires_at', 'created_at'],
  xshares: ['source_kind', 'source_id', 'group_id', 'max_level', 'member_role_id', 'expires_at'],
};

/** A connection to put runs into, without a GitLab behind it. Answers its row id. */
export async function fakeConnectionRow({ db, transaction }: Store, name: string): Promise<string> {
  const now = new Date('2026-01-01T00:00:00Z');
  const { id: instanceId } = await transaction((tx) => upsertInstance(tx, now, `https://${name}.example.com`));
  const { rows } = await sql<{ id: string }>`insert into connections (name, name_key, instance_id, base_url, status,
      gitlab_user_id, username, user_name, identity_kind, is_admin, token_jwe, token_info, version, enterprise, report,
      created_at, updated_at)
    values (${name}, ${name}, ${instanceId}, ${`https://${name}.example.com`}, 'CONNECTED', '1', 'gatehouse', 'Gatehouse',
      'SERVICE_ACCOUNT', true, 'none', '{}', '18.9.0-ee', true, '{}', ${now}, ${now})
    returning id::text as id`.execute(db);
  return rows[0]?.id ?? '';
}

/** Publishes a run: rows that it saw no more, or otherwise, end with it; those that it saw alike stay as they are. */
export async function publish(
  db: Db,
  connectionId: string,
  run: number,
  facts: Facts,
  finishedAt: Date,
): Promise<string> {
  for (const [table, rows] of Object.entries(facts) as [keyof Facts, object[]][]) {
    const names = COLUMNS[table];
    const columns = sql.raw(names.join(', '));
    const read = sql`jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb) s`;
    const textOf = (alias: string) => sql.raw(`row(${names.map((name) => `${alias}.${name}`).join(', ')})::text`);
    const current = sql`x.connection_id = ${connectionId}::bigint and x.to_run is null`;
    await sql`update ${sql.table(table)} x set to_run = ${run}
      where ${current} and ${textOf('x')} not in (select ${textOf('s')} from ${read})`.execute(db);
    await sql`insert into ${sql.table(table)} (connection_id, from_run, ${columns})
      select ${connectionId}::bigint, ${run}, ${columns} from ${read}
      where ${textOf('s')} not in (select ${textOf('x')} from ${sql.table(table)} x where ${current})`.execute(db);
  }
  const { rows } = await sql<{ id: string }>`
    insert into extraction_runs (connection_id, run, status, mode, requested_by, started_at, finished_at)
    values (${connectionId}, ${run}, 'DONE', 'FULL', 'test', ${finishedAt}, ${finishedAt})
    returning id::text as id`.execute(db);
  return rows[0]?.id ?? '';
}
