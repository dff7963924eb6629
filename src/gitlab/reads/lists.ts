import type { ListQuery, PageRequest } from '../client.ts';
import { GitLabError } from '../errors.ts';
import { GroupProjectsDocument, ProjectsDocument, SubgroupsDocument, UsersDocument } from '../generated/operations.ts';
import { groupProjectsAnswer, projectsPageAnswer, subgroupsAnswer, usersPageAnswer } from '../parse/pages.ts';
import type { GroupRecord, Page, ProjectRecord, UserRecord } from '../records.ts';
import type { Session } from '../session.ts';
import { fillPage, readConnection } from './connection.ts';

function sought({ search }: ListQuery): string | null {
  return search === '' ? null : search;
}

function present<T>(page: Page<T> | null, what: string): Page<T> {
  if (page === null) throw new GitLabError('SOURCE_NOT_FOUND', `GitLab shows no ${what} to this token.`);
  return page;
}

/** Projects of the instance, or those that the token's user has access to by membership, newest first. */
export async function listProjects(
  session: Session,
  query: ListQuery & { wholeInstance: boolean },
): Promise<Page<ProjectRecord>> {
  return fillPage(query, async (request) => {
    const variables = { membership: query.wholeInstance ? null : true, search: sought(query), ...request };
    return present(
      await readConnection(session, { document: ProjectsDocument, variables, schema: projectsPageAnswer }),
      'projects',
    );
  });
}

/** People of the whole instance, newest first. */
export async function listAllUsers(session: Session, query: ListQuery): Promise<Page<UserRecord>> {
  return fillPage(query, async (request) => {
    const variables = { search: sought(query), ...request };
    return present(
      await readConnection(session, { document: UsersDocument, variables, schema: usersPageAnswer }),
      'people',
    );
  });
}

type Parent = { id: string; fullPath: string };

/** Groups directly below, by name. Rejects with SOURCE_NOT_FOUND if the group is not shown to this token. */
export async function subgroups(session: Session, group: Parent, page: PageRequest): Promise<Page<GroupRecord>> {
  return fillPage(page, async (request) => {
    const variables = { fullPath: group.fullPath, ...request };
    return present(
      await readConnection(session, { document: SubgroupsDocument, variables, schema: subgroupsAnswer }),
      'such group',
    );
  });
}

/** Projects directly in the group, newest first. Rejects as `subgroups` does. */
export async function groupProjects(session: Session, group: Parent, page: PageRequest): Promise<Page<ProjectRecord>> {
  return fillPage(page, async (request) => {
    const variables = { fullPath: group.fullPath, ...request };
    return present(
      await readConnection(session, { document: GroupProjectsDocument, variables, schema: groupProjectsAnswer }),
      'such group',
    );
  });
}
