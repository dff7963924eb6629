import type { ByKey } from '../client.ts';
import type { GitLabError } from '../errors.ts';
import type { Page, SourceRef, UserKind, UserState, Visibility } from '../records.ts';

/** The facts that an extraction keeps of each thing: less than the other reads bring, since they are many. */
export type BulkGroup = {
  id: string;
  fullPath: string;
  name: string;
  visibility: Visibility | null;
  parentId: string | null;
};
export type BulkProject = {
  id: string;
  fullPath: string;
  name: string;
  visibility: Visibility | null;
  archived: boolean;
  groupId: string | null;
};
export type BulkUser = {
  id: string;
  username: string;
  name: string;
  state: UserState;
  kind: UserKind;
  /** Null below the version that tells it, too. */
  lastActivityOn: string | null;
};
export type BulkMember = { userId: string; accessLevel: number; expiresAt: string | null; createdAt: string | null };
export type BulkShare = {
  groupId: string;
  groupFullPath: string;
  maxLevel: number;
  memberRoleId: string | null;
  expiresAt: string | null;
};
/** A direct row as REST shows it, with what GraphQL does not. */
export type BulkRole = { userId: string; memberRoleId: string | null; awaiting: boolean };

/** `gaps`: rows that GitLab has and could not show, so that the list is not the whole. */
export type BulkPage<T> = Pick<Page<T>, 'items' | 'hasNextPage' | 'endCursor'> & { gaps: number };
/** `fullPath` serves versions that cannot address groups by number. */
export type BulkSource = SourceRef & { fullPath: string };

/** Reads of everything, page by page; pages hold up to 100 rows. All reject with `GitLabError` only. */
export type BulkReads = {
  /** Groups of the instance by number, rising unless `newestFirst`. */
  groups(after: string | null, newestFirst?: boolean): Promise<BulkPage<BulkGroup>>;
  /** All groups below one, at any depth. */
  groupsBelow(fullPath: string, after: string | null): Promise<BulkPage<BulkGroup>>;
  groupsById(ids: readonly string[]): Promise<ByKey<BulkGroup>>;
  /** Groups in which the token's own user has a row. */
  ownGroups(after: string | null): Promise<BulkPage<BulkGroup>>;
  /** Projects, newest first: of the instance, or those that the token's user reaches by membership. */
  projects(after: string | null, membershipOnly: boolean): Promise<BulkPage<BulkProject>>;
  projectsById(ids: readonly string[]): Promise<ByKey<BulkProject>>;
  /** People and robots of the instance, newest first. */
  users(after: string | null): Promise<BulkPage<BulkUser>>;
  /** Blocked ones too. */
  usersById(ids: readonly string[]): Promise<ByKey<BulkUser>>;
  /** A page of the direct rows of each source; invitations by e-mail are left out. Null: the source is not shown. */
  members(sources: readonly (BulkSource & { after: string | null })[]): Promise<Map<string, MembersAnswer>>;
  /** Into which groups and projects each of these groups was invited. Null: the group is not shown. */
  invitations(groupIds: readonly string[]): Promise<ByKey<{ groups: string[]; projects: string[] }>>;
  /** Whether GitLab can tell where groups were invited: from 18.4 on. */
  tellsInvitations(): Promise<boolean>;
  /**
   * The levels that custom roles stand on, none where there are no custom roles; null: GitLab does not tell. With `rootPaths`
   * those of these root groups, the only ones on GitLab.com; else those of the instance.
   */
  customRoleLevels(rootPaths: readonly string[] | null): Promise<number[] | null>;
  /** Custom role and state of every direct row. */
  roles(source: SourceRef): Promise<BulkRole[]>;
  /** Usernames of those who have a row that waits for a seat somewhere below a top-level group; told to its Owners only. */
  waitingPeople(rootPath: string): Promise<string[]>;
  /** The groups that were invited into the source. */
  shares(source: SourceRef): Promise<BulkShare[]>;
};

/** One page of a source's direct rows; a row that GitLab could not show is an error for the source. */
export type MembersAnswer = Omit<BulkPage<BulkMember>, 'gaps'> | null | GitLabError;

/** The name under which `members` answers about a source. */
export function sourceKey({ kind, id }: SourceRef): string {
  return `${kind}:${id}`;
}
