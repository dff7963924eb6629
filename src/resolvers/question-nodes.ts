import type {
  AccessLevel,
  MembershipKind,
  SourceKind,
  UserKind,
  UserState,
  Visibility,
} from '../generated/resolvers.ts';
import type { Insight } from '../questions/insight.ts';
import type { Names } from '../questions/names.ts';
import type { Path } from '../questions/paths.ts';
import type { Removed } from '../questions/removal.ts';
import type { ReachEntry } from '../questions/user-reach.ts';
import type { ChangeKind } from '../store/question-changes.ts';
import type { MemberFact, ShareFact, SourceFact, SourceKey, UserFact } from '../store/question-facts.ts';
import { accessLevelOf } from './access-level.ts';
import { toGlobalId } from './global-id.ts';
import type { ConnectionOf } from './nodes.ts';

/*
 * Records of runs as the public schema has them. All stands ready under the names of the schema: plain properties are answered
 * fastest.
 */
const USER_KINDS: readonly UserKind[] = ['HUMAN', 'SERVICE_ACCOUNT', 'TOKEN_BOT', 'OTHER'];
const USER_STATES: readonly UserState[] = ['ACTIVE', 'BLOCKED', 'BANNED', 'DEACTIVATED', 'PENDING_APPROVAL', 'OTHER'];
const VISIBILITIES: readonly Visibility[] = ['PRIVATE', 'INTERNAL', 'PUBLIC'];

export type ExtractedUserNode = {
  id: string;
  gitlabId: string;
  username: string | null;
  name: string | null;
  kind: UserKind | null;
  state: UserState | null;
  lastActivityOn: string | null;
};

export type ExtractedSourceNode = {
  id: string;
  kind: SourceKind;
  gitlabId: string;
  fullPath: string | null;
  name: string | null;
  visibility: Visibility | null;
  archived: boolean | null;
};

export type ExtractedMembershipNode = {
  user: ExtractedUserNode;
  source: ExtractedSourceNode;
  accessLevel: AccessLevel | null;
  accessLevelValue: number;
  memberRoleId: string | null;
  expiresAt: string | null;
  expired: boolean;
  createdAt: Date | null;
};

export type ExtractedShareNode = {
  source: ExtractedSourceNode;
  group: ExtractedSourceNode;
  maxAccessLevel: AccessLevel | null;
  maxAccessLevelValue: number;
  memberRoleId: string | null;
  expiresAt: string | null;
};

export type ReachPathNode = {
  kind: MembershipKind;
  accessLevel: AccessLevel | null;
  accessLevelValue: number;
  expiresAt: string | null;
  expired: boolean;
  membership: ExtractedMembershipNode;
  shares: ExtractedShareNode[];
};

export type ReachNode = {
  user: ExtractedUserNode;
  source: ExtractedSourceNode;
  accessLevel: AccessLevel | null;
  accessLevelValue: number;
  expiresAt: string | null;
  inForce: boolean;
  paths: ReachPathNode[];
};

export type DormantHolderNode = {
  user: ExtractedUserNode;
  memberships: ExtractedMembershipNode[];
  membershipCount: number;
};

export type MembershipChangeNode = {
  kind: ChangeKind;
  user: ExtractedUserNode;
  source: ExtractedSourceNode;
  before: ExtractedMembershipNode | null;
  after: ExtractedMembershipNode | null;
};

/** A page of an answer; what is dear is worked out when it is asked for. */
export type AnswerPage<T> = Omit<ConnectionOf<T>, 'totalCount'> & {
  count: () => Promise<number>;
  unknowns: () => Promise<number>;
};
export type ReachPage = AnswerPage<ReachNode>;
export type MembershipPage = AnswerPage<ExtractedMembershipNode>;
export type DormantPage = AnswerPage<DormantHolderNode>;
export type ChangePage = AnswerPage<MembershipChangeNode>;

/** A run to ask questions of. */
export type InsightNode = Insight;

/** What is thought away, of which run. */
export type RemovalNode = { insight: Insight; removed: Removed };

/** Turns what questions answer into what the schema shows, with the names that the answer came with. */
export function nodesOf(insight: Pick<Insight, 'connectionId' | 'asOf'>, names: Names) {
  const { connectionId } = insight;
  const today = insight.asOf.toISOString().slice(0, 10);
  // GitLab's job takes a row at the start of its day (docs/gitlab.md §expiry).
  const isPast = (day: string | null): boolean => day !== null && day <= today;
  const user = (id: string): ExtractedUserNode => toUser(connectionId, id, names.user(id));
  const source = (key: SourceKey): ExtractedSourceNode => toSource(connectionId, key, names.source(key));
  const membership = (row: MemberFact): ExtractedMembershipNode => ({
    user: user(row.userId),
    source: source(row.source),
    accessLevel: accessLevelOf(row.accessLevel),
    accessLevelValue: row.accessLevel,
    memberRoleId: row.memberRoleId,
    expiresAt: row.expiresAt,
    expired: isPast(row.expiresAt),
    createdAt: row.createdAt,
  });
  const share = (link: ShareFact): ExtractedShareNode => ({
    source: source(link.source),
    group: source({ kind: 'group', id: link.groupId }),
    maxAccessLevel: accessLevelOf(link.maxLevel),
    maxAccessLevelValue: link.maxLevel,
    memberRoleId: link.memberRoleId,
    expiresAt: link.expiresAt,
  });
  const path = ({ kind, level, expiresAt, row, shares }: Path): ReachPathNode => ({
    kind,
    accessLevel: accessLevelOf(level),
    accessLevelValue: level,
    expiresAt,
    expired: isPast(expiresAt),
    membership: membership(row),
    shares: shares.map(share),
  });
  const reach = ({ userId, source: place, level, expiresAt, paths }: ReachEntry): ReachNode => {
    const person = user(userId);
    return {
      user: person,
      source: source(place),
      accessLevel: accessLevelOf(level),
      accessLevelValue: level,
      expiresAt,
      inForce: person.state === 'ACTIVE',
      paths: paths.map(path),
    };
  };
  return { user, source, membership, reach };
}

function toUser(connectionId: string, id: string, fact: UserFact | null): ExtractedUserNode {
  return {
    id: toGlobalId('User', connectionId, id),
    gitlabId: id,
    username: fact?.username ?? null,
    name: fact?.name ?? null,
    kind: fact === null ? null : (USER_KINDS.find((kind) => kind === fact.kind) ?? 'OTHER'),
    state: fact === null ? null : (USER_STATES.find((state) => state === fact.state) ?? 'OTHER'),
    lastActivityOn: fact?.lastActivityOn ?? null,
  };
}

function toSource(connectionId: string, { kind, id }: SourceKey, fact: SourceFact | null): ExtractedSourceNode {
  return {
    id: kind === 'group' ? toGlobalId('Group', connectionId, id) : toGlobalId('Project', connectionId, id),
    kind: kind === 'group' ? 'GROUP' : 'PROJECT',
    gitlabId: id,
    fullPath: fact?.fullPath ?? null,
    name: fact?.name ?? null,
    visibility: VISIBILITIES.find((visibility) => visibility === fact?.visibility) ?? null,
    archived: fact?.archived ?? null,
  };
}
