import { check } from '../http/params.ts';
import { forbidden, json, notFound, refuse, type Reply } from '../http/reply.ts';
import {
  ACCESS,
  groupByPath,
  moveGroup,
  moveProject,
  projectByPath,
  subtree,
  viewerGroupLevel,
  viewerProjectLevel,
  type Group,
  type Project,
} from '../model/index.ts';
import type { Call, Route } from './context.ts';
import { groupDetail } from './entities/groups.ts';
import { projectDetail } from './entities/projects.ts';
import { findGroup, findProject } from './lookup.ts';

/** POST /groups/:id/transfer: under `group_id`, or to the top without it. */
function transferGroup(call: Call): Reply {
  const sent = check(call.params, { group_id: { type: 'int' } });
  const group = findGroup(call);
  if (viewerGroupLevel(call.world, call.viewer, group.id) < ACCESS.OWNER) throw forbidden();
  const parent = sent.group_id == null ? null : findGroup(call, String(sent.group_id));
  const fault = groupFault(call, group, parent);
  if (fault !== null) throw refuse(400, `Transfer failed: ${fault}`);
  moveGroup(call.world, group, parent?.id ?? null);
  return json(201, groupDetail(call, group));
}

function groupFault(call: Call, group: Group, parent: Group | null): string | null {
  const { world, viewer } = call;
  if (!parent && group.parentId === null) return 'Group is already a root group.';
  if (parent && parent.id === group.parentId) return 'Group is already associated to the parent group.';
  if (parent && subtree(world, group.id).includes(parent)) return 'Cannot transfer group to one of its subgroup.';
  const allowed = parent
    ? viewerGroupLevel(world, viewer, parent.id) >= neededIn(parent)
    : viewer.admin || viewer.user?.canCreateGroup === true;
  if (!allowed) return "You don't have enough permissions.";
  return taken(call, group.path, parent)
    ? 'The parent group already has a subgroup or a project with the same path.'
    : null;
}

function neededIn(parent: Group): number {
  return parent.subgroupCreationLevel === 'owner' ? ACCESS.OWNER : ACCESS.MAINTAINER;
}

function taken(call: Call, path: string, parent: Group | null): boolean {
  const fullPath = parent ? `${parent.fullPath}/${path}` : path;
  return (groupByPath(call.world, fullPath) ?? projectByPath(call.world, fullPath)) !== undefined;
}

/** PUT /projects/:id/transfer: to the group of `namespace`, by number or path. */
function transferProject(call: Call): Reply {
  const sent = check(call.params, { namespace: { type: 'string', required: true } });
  const project = findProject(call);
  if (viewerProjectLevel(call.world, call.viewer, project.id) < ACCESS.OWNER) throw forbidden();
  const { world } = call;
  const id = /^\d+$/.test(sent.namespace) ? Number(sent.namespace) : groupByPath(world, sent.namespace)?.id;
  const target = id === undefined ? undefined : world.groups.get(id);
  if (!target) throw notFound('Namespace');
  const fault = projectFault(call, project, target);
  if (fault !== null) throw refuse(400, `Failed to transfer project {:new_namespace=>["${fault}"]}`);
  moveProject(world, project, target.id);
  return json(200, projectDetail(call, project));
}

function projectFault(call: Call, project: Project, target: Group): string | null {
  if (project.groupId === target.id) return 'Project is already in this namespace.';
  if (viewerGroupLevel(call.world, call.viewer, target.id) < ACCESS.MAINTAINER) {
    return "You don't have permission to transfer projects into that namespace.";
  }
  return taken(call, project.path, target) ? 'Project with same name or path in target namespace already exists' : null;
}

/** Moves to another place of the tree. */
export const TRANSFER_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/groups/:id/transfer', handler: transferGroup },
  { method: 'PUT', path: '/projects/:id/transfer', handler: transferProject },
];
