import { z } from 'zod';
import { GatehouseError } from '../errors.ts';
import type { RemovalRef, SourceKind, TargetRef, UserRef } from '../generated/resolvers.ts';
import { knownSource, knownUser } from '../questions/insight.ts';
import type { Insight } from '../questions/insight.ts';
import { removedRow, removedShare } from '../questions/removal.ts';
import type { Removed } from '../questions/removal.ts';
import type { SourceFact, SourceKey, SourcePointer, UserFact } from '../store/question-facts.ts';
import { fromGlobalId } from './global-id.ts';
import { fromCursor, pageSize } from './paging.ts';
import { markOf } from './places.ts';

/** The user of the run that a reference points at; throws BAD_USER_INPUT where there is none. */
export async function userIn(insight: Insight, ref: UserRef): Promise<UserFact> {
  if (ref.username != null) return knownUser(insight, { username: ref.username });
  if (ref.gitlabId != null) {
    if (/^[1-9]\d{0,17}$/.test(ref.gitlabId)) return knownUser(insight, { id: ref.gitlabId });
    throw bad(`"${ref.gitlabId.slice(0, 80)}" is not a number of GitLab's.`);
  }
  const { connectionId, gitlabId } = fromGlobalId(ref.id, 'User');
  requireOwn(insight, connectionId);
  return knownUser(insight, { id: gitlabId });
}

/** The group or project of the run that a reference points at; throws BAD_USER_INPUT where there is none. */
export async function sourceIn(insight: Insight, ref: TargetRef): Promise<SourceFact> {
  return knownSource(insight, pointerOf(insight, ref));
}

function pointerOf(insight: Insight, ref: TargetRef): SourcePointer {
  if (ref.group != null) return { kind: 'group', fullPath: ref.group };
  if (ref.project != null) return { kind: 'project', fullPath: ref.project };
  const { type, connectionId, gitlabId } = fromGlobalId(ref.id, 'Group', 'Project');
  requireOwn(insight, connectionId);
  return { kind: type === 'Group' ? 'group' : 'project', id: gitlabId };
}

/** What is to be thought away; throws BAD_USER_INPUT where the run saw no such row or invitation. */
export async function removedIn(insight: Insight, { membership, share }: RemovalRef): Promise<Removed> {
  const saw = `Run ${String(insight.run.run)} saw no`;
  if (membership != null) {
    const user = await userIn(insight, membership.user);
    const source = await sourceIn(insight, membership.source);
    const row = await removedRow(insight, user, source);
    return row ?? refuse(`${saw} direct membership of "${user.username}" in "${source.fullPath}".`);
  }
  const source = await sourceIn(insight, share.source);
  const group = await knownSource(insight, { kind: 'group', fullPath: share.group });
  const invitation = await removedShare(insight, group.id, source);
  return invitation ?? refuse(`${saw} invitation of "${group.fullPath}" into "${source.fullPath}".`);
}

/** A number of days as asked for; throws BAD_USER_INPUT outside of `from` to 3650. */
export function daysIn(days: number, argument: string, from: number): number {
  if (days >= from && days <= 3650) return days;
  throw bad(`${argument} is ${String(days)}; give ${String(from)} to 3650.`);
}

export function sourceKinds(kinds: readonly SourceKind[]): SourceKey['kind'][] {
  return [...new Set(kinds)].map((kind) => (kind === 'GROUP' ? 'group' : 'project'));
}

/** Pages of one list: its size, its place, and cursors that no other list takes. */
export type ListPage<C> = { first: number; after: C | null; cursor: (place: C) => string };

/** The page that was asked for of the list that `about` tells apart; throws BAD_USER_INPUT for a cursor of another. */
export function listPage<C>(
  args: { first: number; after?: string | null },
  about: readonly unknown[],
  schema: z.ZodType<C>,
): ListPage<C> {
  const mark = markOf(...about);
  const text = fromCursor(args.after);
  const parts = text === null ? null : z.tuple([z.literal(mark), schema]).safeParse(parsed(text));
  if (parts?.success === false) {
    throw bad(
      'after is a cursor of another list, or of this one with other arguments; leave it out to begin at the start.',
    );
  }
  return {
    first: pageSize(args.first),
    after: parts === null ? null : parts.data[1],
    cursor: (place) => JSON.stringify([mark, place]),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function requireOwn({ connectionId }: Insight, other: string): void {
  if (other !== connectionId) throw bad('The id is of another connection. Give an id that this connection answers.');
}

function refuse(message: string): never {
  throw bad(message);
}

function bad(message: string): GatehouseError {
  return new GatehouseError('BAD_USER_INPUT', message);
}
