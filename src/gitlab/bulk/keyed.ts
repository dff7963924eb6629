import type { ByKey } from '../client.ts';
import { GitLabError } from '../errors.ts';
import {
  BulkGroupsByIdDocument,
  BulkInvitationsDocument,
  BulkProjectsByIdDocument,
  BulkRolesDocument,
  BulkRolesOfGroupDocument,
  BulkUserByIdDocument,
  BulkUsersByIdDocument,
} from '../generated/operations.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { part } from '../packing/part.ts';
import { gid } from '../parse/gid.ts';
import { aliasPart, listParts } from '../reads/lookup.ts';
import type { Results } from '../reads/lookup.ts';
import { chunks } from '../reads/results.ts';
import type { Session } from '../session.ts';
import { forVersion } from './lists.ts';
import {
  groupsByIdAnswer,
  invitationsAnswer,
  projectsByIdAnswer,
  rolesAnswer,
  rolesOfGroupAnswer,
  userAnswer,
  usersByIdAnswer,
} from './parse.ts';
import type { BulkGroup, BulkProject, BulkUser } from './records.ts';

const LIST_SIZE = 100;
const idOf = ({ id }: { id: string }): string => id;

export async function bulkGroupsById(session: Session, ids: readonly string[]): Promise<ByKey<BulkGroup>> {
  const results: Results<BulkGroup> = new Map();
  const variables = (keys: string[]) => ({ ids: keys.map((id) => gid('Group', id)), count: keys.length });
  const list = { document: BulkGroupsByIdDocument, variables, schema: groupsByIdAnswer, keyOf: idOf, size: LIST_SIZE };
  await session.run(listParts(list, ids, results));
  return results;
}

export async function bulkProjectsById(session: Session, ids: readonly string[]): Promise<ByKey<BulkProject>> {
  const results: Results<BulkProject> = new Map();
  const variables = (keys: string[]) => ({ ids: keys.map((id) => gid('Project', id)), count: keys.length });
  const list = {
    document: BulkProjectsByIdDocument,
    variables,
    schema: projectsByIdAnswer,
    keyOf: idOf,
    size: LIST_SIZE,
  };
  await session.run(listParts(list, ids, results));
  return results;
}

/** Lists leave blocked people out, so those that are missing are asked for one by one (docs/gitlab.md §users). */
export async function bulkUsersById(session: Session, ids: readonly string[]): Promise<ByKey<BulkUser>> {
  const [single, many] = [
    await forVersion(session, BulkUserByIdDocument),
    await forVersion(session, BulkUsersByIdDocument),
  ];
  const alias = { document: single, variables: (id: string) => ({ id: gid('User', id) }), schema: userAnswer };
  const results: Results<BulkUser> = new Map();
  const variables = (keys: string[]) => ({ ids: keys.map((id) => gid('User', id)), count: keys.length });
  const list = { document: many, variables, schema: usersByIdAnswer, keyOf: idOf, size: LIST_SIZE };
  await session.run(listParts(list, ids, results));
  const missing = ids.filter((id) => results.get(id) === null);
  await session.run(missing.map((id) => aliasPart(alias, id, results)));
  return results;
}

/** Below this version GitLab does not tell into what a group was invited (docs/gitlab.md §versions). */
export async function tellsInvitations(session: Session): Promise<boolean> {
  await session.learn();
  return atLeast(session.knowledge, 18, 4);
}

type Invitations = { groups: string[]; projects: string[] };
const TOO_MANY = new GitLabError('UNREADABLE', 'The group was invited into more than 100 places.');
const GAP = new GitLabError('UNREADABLE', 'GitLab could not show one of the places into which the group was invited.');

/** Into what each group was invited, a hundred groups in a field. */
export async function invitations(session: Session, groupIds: readonly string[]): Promise<ByKey<Invitations>> {
  const results: ByKey<Invitations> = new Map(groupIds.map((id) => [id, null]));
  const parts = chunks(groupIds, LIST_SIZE).map((ids) =>
    part({
      document: BulkInvitationsDocument,
      variables: { ids: ids.map((id) => gid('Group', id)), count: ids.length },
      schema: invitationsAnswer,
      rows: ids.length,
      settle: (groups, errors) => {
        for (const group of groups) {
          if (group === null) continue;
          const { sharedGroups, sharedProjects } = group;
          const all = [sharedGroups, sharedProjects];
          const more = all.some((page) => page?.pageInfo.hasNextPage === true);
          const broken = all.some((page) => page?.nodes.includes(null) ?? true);
          if (more || broken) results.set(group.id, errors[0]?.error ?? (more ? TOO_MANY : GAP));
          else results.set(group.id, { groups: idsOf(sharedGroups), projects: idsOf(sharedProjects) });
        }
        return null;
      },
      fail: (error) => {
        for (const id of ids) results.set(id, error);
      },
    }),
  );
  await session.run(parts);
  return results;
}

function idsOf(page: { nodes: readonly ({ id: string } | null)[] } | null): string[] {
  return (page?.nodes ?? []).flatMap((node) => node?.id ?? []);
}

/**
 * The levels on which custom roles stand: those of the instance, or of these root groups, where GitLab.com has them
 * (docs/gitlab.md §roles). Null: not told, so any row may have one.
 */
export async function customRoleLevels(
  session: Session,
  rootPaths: readonly string[] | null,
): Promise<number[] | null> {
  const results: Results<number[]> = new Map();
  if (rootPaths === null) {
    const everywhere = { document: BulkRolesDocument, variables: () => ({}), schema: rolesAnswer };
    await session.run([aliasPart(everywhere, '', results)]);
  } else {
    const ofGroup = {
      document: BulkRolesOfGroupDocument,
      variables: (fullPath: string) => ({ fullPath }),
      schema: rolesOfGroupAnswer,
    };
    await session.run(rootPaths.map((path) => aliasPart(ofGroup, path, results)));
  }
  const all = [...results.values()];
  return all.every((levels) => Array.isArray(levels)) ? [...new Set(all.flat())] : null;
}
