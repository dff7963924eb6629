import {
  canReadGroup,
  fullName,
  hasPlan,
  linksInto,
  viewerGroupLevel,
  type Group,
  type ShareLink,
  type SourceKind,
} from '../../model/index.ts';
import { isoTime, type Look } from './users.ts';

/** Group: an item of every group list. */
export function groupEntity(look: Look, group: Group): Record<string, unknown> {
  const entity = {
    id: group.id,
    web_url: `${look.baseUrl}/groups/${group.fullPath}`,
    name: group.name,
    path: group.path,
    description: group.description,
    visibility: group.visibility,
    share_with_group_lock: group.shareWithGroupLock,
    require_two_factor_authentication: false,
    two_factor_grace_period: 48,
    project_creation_level: group.projectCreationLevel,
    auto_devops_enabled: null,
    subgroup_creation_level: group.subgroupCreationLevel,
    emails_disabled: false,
    emails_enabled: true,
    show_diff_preview_in_email: true,
    mentions_disabled: null,
    lfs_enabled: true,
    archived: group.archived,
    math_rendering_limits_enabled: true,
    lock_math_rendering_limits_enabled: false,
    default_branch: null,
    default_branch_protection: 2,
    default_branch_protection_defaults: {},
    avatar_url: null,
    request_access_enabled: group.requestAccessEnabled,
    full_name: fullName(look.world, group),
    full_path: group.fullPath,
    created_at: isoTime(group.createdAt),
    parent_id: group.parentId,
    organization_id: 1,
    shared_runners_setting: 'enabled',
    max_artifacts_size: null,
    marked_for_deletion_on: group.markedForDeletionOn,
  };
  return look.world.settings.edition === 'ce' ? entity : { ...entity, ...enterpriseFields(group) };
}

function enterpriseFields(group: Group): Record<string, unknown> {
  const first = group.ldapLinks[0];
  return {
    ldap_cn: first?.cn ?? null,
    ldap_access: first?.groupAccess ?? null,
    ...(group.ldapLinks.length > 0
      ? {
          ldap_group_links: group.ldapLinks.map((link) => ({
            cn: link.cn,
            group_access: link.groupAccess,
            provider: link.provider,
            filter: null,
          })),
        }
      : {}),
    ...(group.samlLinks.length > 0
      ? {
          saml_group_links: group.samlLinks.map((link) => ({
            name: link.name,
            access_level: link.accessLevel,
            provider: null,
          })),
        }
      : {}),
    wiki_access_level: 'enabled',
  };
}

/** GroupDetail: one group, without its projects. */
export function groupDetail(look: Look, group: Group): Record<string, unknown> {
  const { world, viewer } = look;
  const entity = {
    ...groupEntity(look, group),
    shared_with_groups: sharedWith(look, 'Group', group.id),
    ...(group.parentId === null
      ? { prevent_sharing_groups_outside_hierarchy: group.preventSharingOutsideHierarchy }
      : {}),
    ...(viewerGroupLevel(world, viewer, group.id) >= 50 ? { enabled_git_access_protocol: 'all' } : {}),
  };
  if (world.settings.edition === 'ce') return entity;
  return {
    ...entity,
    shared_runners_minutes_limit: null,
    extra_shared_runners_minutes_limit: null,
    prevent_forking_outside_group: null,
    membership_lock: group.membershipLock,
    ...(group.parentId === null && hasPlan(world.settings, 'premium')
      ? { service_access_tokens_expiration_enforced: group.serviceTokensExpiryEnforced }
      : {}),
    ...(hasPlan(world.settings, 'premium')
      ? { ip_restriction_ranges: null, allowed_email_domains_list: group.allowedEmailDomains.join(',') }
      : {}),
  };
}

/** The links into a source whose invited group the viewer may see. */
export function sharedWith(look: Look, kind: SourceKind, id: number): unknown[] {
  const { world, viewer } = look;
  return linksInto(world, kind, id).flatMap((link) => {
    const group = world.groups.get(link.invitedGroupId);
    return group && canReadGroup(world, viewer, group) ? [linkEntity(look, link, group)] : [];
  });
}

function linkEntity(look: Look, link: ShareLink, group: Group): Record<string, unknown> {
  return {
    group_id: group.id,
    group_name: group.name,
    group_full_path: group.fullPath,
    group_access_level: link.accessLevel,
    expires_at: link.expiresAt,
    ...(hasPlan(look.world.settings, 'ultimate') ? { member_role_id: link.memberRoleId } : {}),
  };
}
