import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { json, NO_CONTENT, notFound, refuse, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  addLink,
  canReadGroup,
  inheritedFrom,
  linksInto,
  linksOf,
  removeLink,
  rootOf,
  subtree,
  viewerGroupLevel,
  type Group,
  type SourceKind,
} from '../../model/index.ts';
import { addressOf, limit, userOf, type Call, type Route } from '../context.ts';
import { groupDetail, groupEntity } from '../entities/groups.ts';
import { findGroup, findSource, pathParam, type Source } from '../lookup.ts';
import { canAdminMembers } from '../members/rights.ts';
import { forbidden } from '../../http/reply.ts';
import { hasPlan } from '../../model/index.ts';

const RULES = {
  group_id: { type: 'int', required: true },
  group_access: { type: 'int', required: true, values: [10, 15, 20, 30, 40, 50] },
  expires_at: { type: 'date' },
  member_role_id: { type: 'int' },
} as const;

/** The group to be invited, which the caller must be able to see. */
function invited(call: Call, id: number | null): Group {
  const group = id === null ? undefined : call.world.groups.get(id);
  if (!group || !canReadGroup(call.world, call.viewer, group)) throw notFound('Group');
  return group;
}

/** Whether a root that keeps shares inside its own tree forbids this one. */
function leavesTree(call: Call, kind: SourceKind, id: number, group: Group): boolean {
  const root = rootOf(call.world, kind, id);
  if (!root?.preventSharingOutsideHierarchy) return false;
  return rootOf(call.world, 'Group', group.id)?.id !== root.id;
}

function existing(call: Call, source: Source, groupId: number) {
  return linksInto(call.world, source.kind, source.id).find((link) => link.invitedGroupId === groupId);
}

function shareGroup(call: Call): Reply {
  const sent = check(call.params, RULES);
  const source = findSource(call, 'Group');
  const group = invited(call, sent.group_id);
  const owner = viewerGroupLevel(call.world, call.viewer, source.id) >= ACCESS.OWNER;
  if (source.kind !== 'Group') throw notFound('Group');
  if (!owner || leavesTree(call, 'Group', source.id, group)) throw refuse(404, 'Not Found');
  if (existing(call, source, group.id)) {
    throw refuse(409, 'Shared group The group has already been shared with this group');
  }
  open(call, source, group, sent);
  return json(201, groupDetail(call, source.group));
}

interface Opening {
  readonly group_access: number | null;
  readonly expires_at?: string | null;
  readonly member_role_id?: number | null;
}

function open(call: Call, source: Source, group: Group, sent: Opening) {
  return addLink(call.world, {
    sharedKind: source.kind,
    sharedId: source.id,
    invitedGroupId: group.id,
    accessLevel: sent.group_access ?? 0,
    expiresAt: sent.expires_at ?? null,
    memberRoleId: hasPlan(call.world.settings, 'ultimate') ? (sent.member_role_id ?? null) : null,
  });
}

function shareProject(call: Call): Reply {
  const sent = check(call.params, RULES);
  const source = findSource(call, 'Project');
  if (!canAdminMembers(call, source)) throw forbidden();
  const above = inheritedFrom(call.world, 'Project', source.id);
  if (above.some((group) => group.shareWithGroupLock)) {
    throw refuse(400, 'The project sharing with group is disabled');
  }
  const group = invited(call, sent.group_id);
  if (leavesTree(call, 'Project', source.id, group)) throw refuse(404, 'Not Found');
  if (existing(call, source, group.id)) throw refuse(409, 'Group The project has already been shared with this group');
  const link = open(call, source, group, sent);
  return json(201, {
    id: link.id,
    project_id: source.id,
    group_id: group.id,
    group_access: link.accessLevel,
    expires_at: link.expiresAt,
  });
}

/** Closes a group's share. Without the right nothing happens and the answer is 204 all the same. */
function unshareGroup(call: Call): Reply {
  const source = findSource(call, 'Group');
  const link = existing(call, source, Number(pathParam(call, 'group_id')));
  if (!link) throw notFound('Group Link');
  if (viewerGroupLevel(call.world, call.viewer, source.id) >= ACCESS.OWNER) removeLink(call.world, link);
  return NO_CONTENT;
}

function unshareProject(call: Call): Reply {
  const source = findSource(call, 'Project');
  const link = existing(call, source, Number(pathParam(call, 'group_id')));
  if (!canAdminMembers(call, source)) throw forbidden();
  if (!link) throw notFound('Group Link');
  removeLink(call.world, link);
  return NO_CONTENT;
}

function pageOfGroups(call: Call, ids: Iterable<number>): Reply {
  const { world, viewer } = call;
  const groups = [...new Set(ids)]
    .flatMap((id) => world.groups.get(id) ?? [])
    .filter((group) => canReadGroup(world, viewer, group))
    .sort((a, b) => a.id - b.id);
  return paginate(addressOf(call), groups, (group) => groupEntity(call, group));
}

/** Groups invited into a source: direct links, and for a group those of its ancestors on request. */
function listInvited(kind: SourceKind) {
  return (call: Call): Reply => {
    userOf(call);
    limit(call, kind === 'Group' ? 'group_invited_groups_api' : 'project_invited_groups_api');
    const sent = check(call.params, { relation: { type: 'strings', values: ['direct', 'inherited'] } });
    const source = findSource(call, kind);
    const relations = sent.relation ?? ['direct', 'inherited'];
    const links = relations.includes('direct') ? [...linksInto(call.world, kind, source.id)] : [];
    if (relations.includes('inherited')) {
      for (const group of inheritedFrom(call.world, kind, source.id)) {
        links.push(...linksInto(call.world, 'Group', group.id));
      }
    }
    return pageOfGroups(
      call,
      links.map((link) => link.invitedGroupId),
    );
  };
}

/** Groups this group was invited to. */
function listShared(call: Call): Reply {
  userOf(call);
  limit(call, 'group_shared_groups_api');
  const group = findGroup(call);
  const links = linksOf(call.world, group.id).filter((link) => link.sharedKind === 'Group');
  const tops = links.map((link) => link.sharedId);
  return pageOfGroups(
    call,
    tops.filter((id) => subtree(call.world, id).length > 0),
  );
}

/** Sharing of groups and projects with other groups. */
export const SHARE_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/groups/:id/share', handler: shareGroup },
  { method: 'DELETE', path: '/groups/:id/share/:group_id', handler: unshareGroup },
  { method: 'GET', path: '/groups/:id/groups/shared', handler: listShared },
  { method: 'GET', path: '/groups/:id/invited_groups', handler: listInvited('Group') },
  { method: 'POST', path: '/projects/:id/share', handler: shareProject },
  { method: 'DELETE', path: '/projects/:id/share/:group_id', handler: unshareProject },
  { method: 'GET', path: '/projects/:id/invited_groups', handler: listInvited('Project') },
];
