import type { ConnectionRecord } from '../connections/records.ts';
import type {
  ByKey,
  GitLabClient,
  GroupRelation,
  MembersQuery,
  PageRequest,
  ProjectRelation,
} from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type {
  DirectRow,
  GroupRecord,
  MemberRecord,
  Page,
  ProjectRecord,
  SourceDetail,
  SourceRef,
  UserRecord,
} from '../gitlab/records.ts';
import type { GrantsService } from '../grants/service.ts';
import type { GrantRow } from '../store/grants.ts';
import { batchLoader, textLoader, type KeyLoader } from './batch.ts';
import { directRowsLoader, effectiveRowLoader, rowKey, sourceDetailLoader, type RowKey } from './exact.ts';
import { tokenLoaders, type TokenLoaders } from './tokens.ts';

/** A page of one group's or project's members: the client's question without the name it is asked under. */
export type MembersQuestion = PageRequest & { search: string | null; userIds: readonly string[] | null } & (
    | { kind: 'group'; id: string; fullPath: string; relations: readonly GroupRelation[] }
    | { kind: 'project'; id: string; fullPath: string; relations: readonly ProjectRelation[] }
  );

/** A page of a person's own direct rows over all groups, or all projects. */
export type MembershipsQuestion = PageRequest & { userId: string; kind: 'group' | 'project' };

/** One request's batched reads of one connection. What was read once is not read again within the request. */
export type Loaders = TokenLoaders & {
  readonly connection: ConnectionRecord;
  readonly client: GitLabClient;
  /** Null: GitLab shows no such thing to this token. */
  readonly groupByPath: KeyLoader<string, GroupRecord | null>;
  readonly groupById: KeyLoader<string, GroupRecord | null>;
  readonly projectByPath: KeyLoader<string, ProjectRecord | null>;
  readonly projectById: KeyLoader<string, ProjectRecord | null>;
  readonly userByUsername: KeyLoader<string, UserRecord | null>;
  readonly userById: KeyLoader<string, UserRecord | null>;
  /** Null: this token may not read the members there. */
  readonly members: KeyLoader<MembersQuestion, Page<MemberRecord> | null>;
  readonly memberships: KeyLoader<MembershipsQuestion, Page<MemberRecord> | null>;
  readonly directRows: KeyLoader<RowKey, DirectRow[]>;
  /** What gives a person the most there, also by groups that are hidden from this token; null: nothing does. */
  readonly effectiveRow: KeyLoader<RowKey, DirectRow | null>;
  readonly sourceDetail: KeyLoader<SourceRef, SourceDetail>;
  /** The unended grant of ours that explains the row of a person at a source. */
  readonly grantAt: KeyLoader<RowKey, GrantRow | null>;
};

export type LoadersOptions = {
  client: GitLabClient;
  connection: ConnectionRecord;
  grants: Pick<GrantsService, 'standingAt'>;
  instanceId: string;
};

/** Makes the loaders of one request and connection; they are thrown away with the request. */
export function createLoaders({ client, connection, grants, instanceId }: LoadersOptions): Loaders {
  const groups = pathAndId<GroupRecord>(
    (keys) => client.groupsByPath(keys),
    (keys) => client.groupsById(keys),
    (group) => group.fullPath,
  );
  const projects = pathAndId<ProjectRecord>(
    (keys) => client.projectsByPath(keys),
    (keys) => client.projectsById(keys),
    (project) => project.fullPath,
  );
  const users = pathAndId<UserRecord>(
    (keys) => client.usersByUsername(keys),
    (keys) => client.usersById(keys),
    (user) => user.username,
  );
  return {
    connection,
    client,
    groupByPath: groups.byName,
    groupById: groups.byId,
    projectByPath: projects.byName,
    projectById: projects.byId,
    userByUsername: users.byName,
    userById: users.byId,
    members: membersLoader(client),
    memberships: membershipsLoader(client),
    directRows: directRowsLoader(client),
    effectiveRow: effectiveRowLoader(client),
    sourceDetail: sourceDetailLoader(client),
    ...tokenLoaders(client),
    grantAt: grantLoader(grants, instanceId),
  };
}

/** Two loaders of one kind of thing; what one of them reads, the other need not read again. */
function pathAndId<T extends { id: string }>(
  readByName: (keys: readonly string[]) => Promise<ByKey<T>>,
  readById: (keys: readonly string[]) => Promise<ByKey<T>>,
  nameOf: (thing: T) => string,
): { byName: KeyLoader<string, T | null>; byId: KeyLoader<string, T | null> } {
  const share = (answers: ByKey<T>): ByKey<T> => {
    for (const answer of answers.values()) {
      if (answer === null || answer instanceof GitLabError) continue;
      byName.prime(nameOf(answer), answer);
      byId.prime(answer.id, answer);
    }
    return answers;
  };
  const byName = textLoader<T>(async (keys) => share(await readByName(keys)));
  const byId = textLoader<T>(async (keys) => share(await readById(keys)));
  return { byName, byId };
}

function membersLoader(client: GitLabClient): Loaders['members'] {
  const nameOf = (question: MembersQuestion): string => {
    const { kind, id, relations, search, userIds, first, after } = question;
    return JSON.stringify([kind, id, relations, search, userIds, first, after]);
  };
  return batchLoader({
    cacheKey: nameOf,
    read: (questions) =>
      client.members(questions.map((question): MembersQuery => ({ ...question, key: nameOf(question) }))),
  });
}

function membershipsLoader(client: GitLabClient): Loaders['memberships'] {
  const nameOf = ({ userId, kind, first, after }: MembershipsQuestion): string =>
    JSON.stringify([userId, kind, first, after]);
  return batchLoader({
    cacheKey: nameOf,
    read: (questions) => client.memberships(questions.map((question) => ({ ...question, key: nameOf(question) }))),
  });
}

function grantLoader(grants: LoadersOptions['grants'], instanceId: string): Loaders['grantAt'] {
  return batchLoader<RowKey, GrantRow | null>({
    cacheKey: rowKey,
    read: async (keys) => {
      const standing = await grants.standingAt(instanceId, keys);
      return new Map(keys.map((key) => [rowKey(key), standing.get(rowKey(key)) ?? null]));
    },
  });
}
