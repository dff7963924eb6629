import { check } from '../../http/params.ts';
import { forbidden, json, notFound, refuse, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  addGroup,
  addMember,
  dateIn,
  groupByPath,
  removeGroup,
  renameGroup,
  viewerGroupLevel,
  type Group,
  type Viewer,
} from '../../model/index.ts';
import { checkUnmodified, limit, userOf, type Call } from '../context.ts';
import { groupDetail } from '../entities/groups.ts';
import { projectSimple } from '../entities/projects.ts';
import { findGroup } from '../lookup.ts';
import { directAndShared } from '../projects/of-group.ts';

const VISIBILITIES = ['private', 'internal', 'public'] as const;
const SETTINGS = {
  description: { type: 'string' },
  visibility: { type: 'string', values: VISIBILITIES },
  request_access_enabled: { type: 'bool' },
  share_with_group_lock: { type: 'bool' },
  membership_lock: { type: 'bool' },
  prevent_sharing_groups_outside_hierarchy: { type: 'bool' },
  subgroup_creation_level: { type: 'string', values: ['owner', 'maintainer'] },
} as const;
const PATH = /^[A-Za-z0-9_.][\w.-]*$/;

/** The visibility a text names; the rules above let only these three through. */
export function visibilityOf(text: string | undefined): (typeof VISIBILITIES)[number] | undefined {
  return VISIBILITIES.find((item) => item === text);
}

/** GET /groups/:id; by default with up to 100 projects embedded. */
export function getGroup(call: Call): Reply {
  limit(call, 'group_api');
  const sent = check(call.params, { with_projects: { type: 'bool' } });
  const group = findGroup(call);
  const detail = groupDetail(call, group);
  if (sent.with_projects === false) return json(200, detail);
  const { direct, shared } = directAndShared(call, group);
  return json(200, {
    ...detail,
    projects: direct.slice(0, 100).map((project) => projectSimple(call, project)),
    shared_projects: shared.slice(0, 100).map((project) => projectSimple(call, project)),
  });
}

function mayCreateIn(call: Call, parent: Group, viewer: Viewer): boolean {
  if (parent.archived) return false;
  const needed = parent.subgroupCreationLevel === 'owner' ? ACCESS.OWNER : ACCESS.MAINTAINER;
  return viewerGroupLevel(call.world, viewer, parent.id) >= needed;
}

function pathFaults(call: Call, path: string, parent: Group | undefined): string | null {
  if (!PATH.test(path)) return "can contain only letters, digits, '_', '-' and '.'.";
  const fullPath = parent ? `${parent.fullPath}/${path}` : path;
  const used =
    groupByPath(call.world, fullPath) ?? (parent ? undefined : call.world.index.userByName.get(path.toLowerCase()));
  return used ? 'has already been taken' : null;
}

/** POST /groups: whoever creates a group gets a direct Owner row in it, even if Owner above already. */
export function createGroup(call: Call): Reply {
  const sent = check(call.params, {
    name: { type: 'string', required: true },
    path: { type: 'string', required: true },
    parent_id: { type: 'int' },
    ...SETTINGS,
  });
  const user = userOf(call);
  const parent = sent.parent_id == null ? undefined : findGroup(call, String(sent.parent_id));
  if (parent ? !mayCreateIn(call, parent, call.viewer) : !user.canCreateGroup && !call.viewer.admin) throw forbidden();
  const fault = pathFaults(call, sent.path, parent);
  if (fault) throw refuse(400, `Failed to save group {:path=>["${fault}"]}`);
  const group = addGroup(call.world, {
    path: sent.path,
    name: sent.name,
    parentId: parent?.id ?? null,
    visibility: visibilityOf(sent.visibility) ?? 'private',
    description: sent.description ?? '',
  });
  applySettings(group, sent);
  addMember(call.world, { sourceKind: 'Group', sourceId: group.id, userId: user.id, accessLevel: ACCESS.OWNER });
  return json(201, groupDetail(call, group));
}

type Sent = ReturnType<typeof readSettings>;

function readSettings(call: Call) {
  return check(call.params, { name: { type: 'string' }, path: { type: 'string' }, ...SETTINGS });
}

function applySettings(group: Group, sent: Sent): void {
  group.description = sent.description ?? group.description;
  group.visibility = visibilityOf(sent.visibility) ?? group.visibility;
  group.requestAccessEnabled = sent.request_access_enabled ?? group.requestAccessEnabled;
  group.shareWithGroupLock = sent.share_with_group_lock ?? group.shareWithGroupLock;
  group.membershipLock = sent.membership_lock ?? group.membershipLock;
  group.preventSharingOutsideHierarchy =
    sent.prevent_sharing_groups_outside_hierarchy ?? group.preventSharingOutsideHierarchy;
  group.subgroupCreationLevel = sent.subgroup_creation_level === 'owner' ? 'owner' : group.subgroupCreationLevel;
}

/** PUT /groups/:id for its Owners. */
export function updateGroup(call: Call): Reply {
  const sent = readSettings(call);
  const group = findGroup(call);
  if (viewerGroupLevel(call.world, call.viewer, group.id) < ACCESS.OWNER) throw forbidden();
  if (sent.path !== undefined && sent.path !== group.path) {
    const parent = group.parentId === null ? undefined : call.world.groups.get(group.parentId);
    const fault = pathFaults(call, sent.path, parent);
    if (fault) throw refuse(400, { path: [fault] });
    renameGroup(call.world, group, sent.path);
  }
  group.name = sent.name ?? group.name;
  applySettings(group, sent);
  group.updatedAt = call.world.clock.now();
  return json(200, groupDetail(call, group));
}

/** DELETE /groups/:id: marks it, 202. With `permanently_remove` and its path a marked group goes at once. */
export function deleteGroup(call: Call): Reply {
  const sent = check(call.params, { permanently_remove: { type: 'bool' }, full_path: { type: 'string' } });
  const group = findGroup(call);
  const { world } = call;
  if (viewerGroupLevel(world, call.viewer, group.id) < ACCESS.OWNER) throw forbidden();
  checkUnmodified(call, group.updatedAt);
  if (sent.permanently_remove) {
    if (group.markedForDeletionOn === null) throw refuse(400, 'Group must be marked for deletion first.');
    if (sent.full_path !== group.fullPath)
      throw refuse(400, '`full_path` is incorrect. You must enter the complete path for the subgroup.');
    removeGroup(world, group);
    return json(202, { message: '202 Accepted' });
  }
  if (group.markedForDeletionOn !== null) throw refuse(400, 'Group has been already marked for deletion');
  group.markedForDeletionOn = dateIn(world.clock.now(), world.settings.timeZone);
  return json(202, { message: '202 Accepted' });
}

/** POST /groups/:id/restore takes the mark away. */
export function restoreGroup(call: Call): Reply {
  const group = findGroup(call);
  if (viewerGroupLevel(call.world, call.viewer, group.id) < ACCESS.OWNER) throw notFound('Group');
  group.markedForDeletionOn = null;
  return json(201, groupDetail(call, group));
}
