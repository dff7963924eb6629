import { z } from 'zod';
import { GitLabError } from '../errors.ts';
import { gidNumber } from '../parse/gid.ts';
import { CallerDocument, InstanceDocument } from '../generated/operations.ts';
import type { PackLimits } from '../packing/pack.ts';
import type { Part } from '../packing/part.ts';
import { part } from '../packing/part.ts';
import { limitsFor, nothingLearned, remembered } from './capacity.ts';
import type { Capacity } from './capacity.ts';
import { createRowCounts } from './row-counts.ts';
import type { RowCounts } from './row-counts.ts';

/** What the client has learned about GitLab and itself on the way. */
export type Knowledge = {
  /** Points that one query may cost for this token. */
  limit: number;
  version: { major: number; minor: number } | null;
  userId: string | null;
  learnedAtMs: number | null;
  /** What this version turned out not to have. */
  lacks: Set<Lack>;
  capacity: Capacity;
  rowCounts: RowCounts;
};

/** `UserCore.type`, and `ids` of member lists: younger than the rest of what we ask, by an unknown version. */
export type Lack = 'userType' | 'memberIds';

/** What a signed-in user may spend until GitLab tells (docs/gitlab.md §GraphQL complexity). */
const ASSUMED_LIMIT = 250;
const FRESH_MS = 600_000;

export function nothingKnown(): Knowledge {
  return {
    limit: ASSUMED_LIMIT,
    version: null,
    userId: null,
    learnedAtMs: null,
    lacks: new Set(),
    capacity: nothingLearned(),
    rowCounts: createRowCounts(),
  };
}

/** What the parts of one request may come to by all that is known now. */
export function limitsOf(knowledge: Knowledge, nowMs: number): PackLimits {
  knowledge.capacity = remembered(knowledge.capacity, nowMs);
  return limitsFor(knowledge.limit, knowledge.capacity);
}

/** Takes in the version. With another one, what was learned of the one before is forgotten. */
function sawVersion(knowledge: Knowledge, version: Knowledge['version']): void {
  if (version === null) return;
  const known = knowledge.version;
  if (known !== null && (known.major !== version.major || known.minor !== version.minor)) {
    knowledge.lacks.clear();
    knowledge.capacity = nothingLearned();
  }
  knowledge.version = version;
}

/** `18.9.0-ee` → 18, 9. Null for what is no version. */
export function parseVersion(text: string): { major: number; minor: number } | null {
  const match = /^(\d+)\.(\d+)/.exec(text);
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Whether GitLab is known to be at least this version. An unknown version counts as new. */
export function atLeast(knowledge: Knowledge, major: number, minor: number): boolean {
  const { version } = knowledge;
  return version === null || version.major > major || (version.major === major && version.minor >= minor);
}

const currentUser = z.object({ id: gidNumber }).nullable();
export const callerAnswer = z.object({ currentUser });
const instanceAnswer = z.object({
  currentUser,
  metadata: z.object({ version: z.string() }).nullable(),
  queryComplexity: z.object({ limit: z.int().positive().nullable() }).nullable(),
});

function anonymous(): GitLabError {
  return new GitLabError(
    'UNAUTHENTICATED',
    'GitLab treats the calls as anonymous. A proxy may have dropped the token.',
  );
}

/**
 * The first part of every query: who GitLab takes us for, so that an answer to nobody is not read as "no such thing", and,
 * from time to time, what one query may cost and which version this is.
 */
export function callerPart(knowledge: Knowledge, nowMs: number): Part {
  if (knowledge.learnedAtMs !== null && nowMs - knowledge.learnedAtMs < FRESH_MS) {
    return part({
      document: CallerDocument,
      variables: {},
      schema: callerAnswer,
      settle: (answer) => (answer.currentUser === null ? anonymous() : null),
      fail: () => undefined,
    });
  }
  return part({
    document: InstanceDocument,
    variables: {},
    schema: instanceAnswer,
    settle: (answer) => {
      if (answer.currentUser === null) return anonymous();
      knowledge.userId = answer.currentUser.id;
      knowledge.limit = answer.queryComplexity?.limit ?? knowledge.limit;
      sawVersion(knowledge, parseVersion(answer.metadata?.version ?? ''));
      knowledge.learnedAtMs = nowMs;
      return null;
    },
    fail: () => undefined,
  });
}
