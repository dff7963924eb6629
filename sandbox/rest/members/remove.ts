import { check } from '../../http/params.ts';
import { forbidden, NO_CONTENT, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  blocksRemoval,
  hasPlan,
  invitationsOf,
  projectsIn,
  removeMember,
  rowsOfUser,
  subtree,
  type Member,
  type SourceKind,
  type World,
} from '../../model/index.ts';
import { checkUnmodified, limit, userOf, type Call, type Handler } from '../context.ts';
import { findSource, type Source } from '../lookup.ts';
import { rowOf } from './list.ts';
import {
  callerLevel,
  canAdminMembers,
  canManageOwners,
  globallyLocked,
  isNamespaceHolder,
  ldapSynced,
} from './rights.ts';

/** DELETE .../members/:user_id: 404s are free, then the limit, the condition, and the rights (docs/gitlab.md §remove member). */
export function deleteMember(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, {
      skip_subresources: { type: 'bool' },
      unassign_issuables: { type: 'bool' },
    });
    const source = findSource(call, kind);
    userOf(call);
    const row = rowOf(call, source);
    limit(call, 'members_delete', `${source.kind}${String(source.id)}`);
    checkUnmodified(call, row.updatedAt);
    return destroy(call, source, row, sent.skip_subresources === true);
  };
}

function destroy(call: Call, source: Source, row: Member, skipBelow: boolean): Reply {
  if (!mayRemove(call, source, row)) throw forbidden();
  removeMember(call.world, row);
  dropInvitations(call.world, source.kind, source.id, row.userId);
  if (source.kind === 'Group' && !skipBelow) destroyBelow(call, source.id, row.userId);
  return NO_CONTENT;
}

/** Takes the user's direct rows in everything below, each with its own check; one refusal ends it half done. */
function destroyBelow(call: Call, groupId: number, userId: number): void {
  const { world } = call;
  const groups = subtree(world, groupId);
  const projects = new Map(groups.flatMap((group) => projectsIn(world, group.id)).map((item) => [item.id, item]));
  // The group itself is not below: a second row of the same user there stays.
  const below = new Map(groups.slice(1).map((group) => [group.id, group]));
  for (const row of [...rowsOfUser(world, userId)]) {
    const project = row.sourceKind === 'Project' ? projects.get(row.sourceId) : undefined;
    if (project && row.requestedAt === null) destroyRow(call, { kind: 'Project', id: project.id, project }, row);
  }
  for (const row of [...rowsOfUser(world, userId)]) {
    const group = row.sourceKind === 'Group' ? below.get(row.sourceId) : undefined;
    if (group && row.requestedAt === null) destroyRow(call, { kind: 'Group', id: group.id, group }, row);
  }
  for (const group of groups) dropInvitations(world, 'Group', group.id, userId);
  for (const id of projects.keys()) dropInvitations(world, 'Project', id, userId);
}

function destroyRow(call: Call, source: Source, row: Member): void {
  if (!mayRemove(call, source, row)) throw forbidden();
  removeMember(call.world, row);
}

function dropInvitations(world: World, kind: SourceKind, id: number, userId: number): void {
  for (const invitation of invitationsOf(world, kind, id)) {
    if (invitation.createdById === userId) world.invitations.delete(invitation.id);
  }
}

function mayRemove(call: Call, source: Source, row: Member): boolean {
  const type = call.world.users.get(row.userId)?.userType;
  if (blocksRemoval(call.world, row) || type === 'project_bot' || isNamespaceHolder(source, row)) return false;
  if (source.kind === 'Group' && type === 'service_account') {
    return hasPlan(call.world.settings, 'premium') && callerLevel(call, source) >= ACCESS.OWNER;
  }
  if (row.userId === call.viewer.user?.id) return true;
  if (!canAdminMembers(call, source) || ldapSynced(call, source) || globallyLocked(call, source)) return false;
  return source.kind === 'Group' || row.accessLevel !== ACCESS.OWNER || canManageOwners(call, source);
}
