import { notFound, Refusal } from '../http/reply.ts';
import {
  canReadGroup,
  canReadProject,
  groupByPath,
  projectByPath,
  type Group,
  type Project,
  type SourceKind,
  type User,
} from '../model/index.ts';
import type { Call } from './context.ts';

/** A group or project that members belong to. */
export type Source =
  | { readonly kind: 'Group'; readonly id: number; readonly group: Group }
  | { readonly kind: 'Project'; readonly id: number; readonly project: Project };

const DIGITS = /^\d+$/;

/** The text of a path parameter. */
export function pathParam(call: Call, name: string): string {
  const value = call.params[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A group by id or path that the caller may see, else `404 Group Not Found`. Old paths are not followed. */
export function findGroup(call: Call, ref = pathParam(call, 'id')): Group {
  const { world, viewer } = call;
  const group = DIGITS.test(ref) ? world.groups.get(Number(ref)) : groupByPath(world, ref);
  if (!group || !canReadGroup(world, viewer, group)) throw notFound('Group');
  return group;
}

/**
 * A project by id or path that the caller may see, else `404 Project Not Found`. By an old path a GET is redirected and
 * anything else refused, unless `followMoves` (docs/gitlab.md §moves).
 */
export function findProject(call: Call, options: { followMoves?: boolean } = {}): Project {
  const { world, viewer } = call;
  const ref = pathParam(call, 'id');
  const project = DIGITS.test(ref) ? world.projects.get(Number(ref)) : projectByPath(world, ref);
  if (project && canReadProject(world, viewer, project)) return project;
  const moved = DIGITS.test(ref) ? undefined : world.index.projectByOldPath.get(ref.toLowerCase());
  if (project || !moved || !canReadProject(world, viewer, moved)) throw notFound('Project');
  if (options.followMoves) return moved;
  throw movedProject(call, moved);
}

function movedProject(call: Call, project: Project): Refusal {
  if (call.request.method !== 'GET' && call.request.method !== 'HEAD') {
    return new Refusal({ status: 405, body: { message: 'Non GET methods are not allowed for moved projects' } });
  }
  const rest = call.apiPath.split('/').slice(3).join('/');
  const query = call.request.queryText === '' ? '' : `?${call.request.queryText}`;
  const location = `${call.baseUrl}/api/v4/projects/${String(project.id)}${rest === '' ? '' : `/${rest}`}${query}`;
  return new Refusal({
    status: 301,
    text: `This resource has been moved permanently to ${location}`,
    headers: { Location: location, 'Content-Type': 'text/plain' },
  });
}

/** The group or project of a members route. */
export function findSource(call: Call, kind: SourceKind, options: { followMoves?: boolean } = {}): Source {
  if (kind === 'Group') {
    const group = findGroup(call);
    return { kind, id: group.id, group };
  }
  const project = findProject(call, options);
  return { kind, id: project.id, project };
}

/** The user of a numeric path parameter, else `404 User Not Found`. */
export function findUser(call: Call, name = 'id'): User {
  const ref = pathParam(call, name);
  const user = DIGITS.test(ref) ? call.world.users.get(Number(ref)) : undefined;
  if (!user) throw notFound('User');
  return user;
}
