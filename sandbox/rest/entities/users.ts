import { hasPlan, rowsOfUser, visibleName, type User, type Viewer, type World } from '../../model/index.ts';

/** An instant as REST writes it. */
export function isoTime(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

/** What entities need to know besides the record. */
export interface Look {
  readonly world: World;
  readonly viewer: Viewer;
  readonly baseUrl: string;
}

/** UserBasic: lists for non-admins, and users inside other entities. */
export function userBasic(look: Look, user: User): Record<string, unknown> {
  return {
    id: user.id,
    username: user.username,
    public_email: user.publicEmail,
    name: visibleName(look.world, look.viewer, user),
    state: user.state,
    locked: false,
    avatar_url: null,
    web_url: `${look.baseUrl}/${user.username}`,
  };
}

/** User: what anybody gets of one person. */
export function userProfile(look: Look, user: User): Record<string, unknown> {
  return {
    ...userBasic(look, user),
    created_at: isoTime(user.createdAt),
    bio: '',
    location: '',
    linkedin: '',
    twitter: '',
    discord: '',
    website_url: '',
    github: '',
    job_title: '',
    pronouns: null,
    organization: '',
    bot: user.userType !== 'human',
    work_information: null,
    followers: 0,
    following: 0,
    is_followed: false,
    local_time: null,
  };
}

/** UserPublic: one's own account. */
export function userPublic(look: Look, user: User): Record<string, unknown> {
  return {
    ...userProfile(look, user),
    last_sign_in_at: null,
    confirmed_at: user.confirmed ? isoTime(user.createdAt) : null,
    last_activity_on: user.lastActivityOn,
    email: user.email,
    theme_id: 3,
    color_scheme_id: 1,
    projects_limit: user.external ? 0 : 100_000,
    current_sign_in_at: null,
    identities: identities(user),
    can_create_group: user.canCreateGroup,
    can_create_project: !user.external,
    two_factor_enabled: false,
    external: user.external,
    private_profile: user.privateProfile,
    commit_email: user.email,
    preferred_language: 'en',
    ...(look.world.settings.edition === 'ee'
      ? { shared_runners_minutes_limit: null, extra_shared_runners_minutes_limit: null, scim_identities: [] }
      : {}),
  };
}

function identities(user: User): unknown[] {
  return [...user.samlIdentities].map(([groupId, uid]) => ({
    provider: 'group_saml',
    extern_uid: uid,
    saml_provider_id: groupId,
  }));
}

/** UserWithAdmin: what administrators get. */
export function userWithAdmin(look: Look, user: User): Record<string, unknown> {
  const { world } = look;
  const creator = user.createdById === null ? undefined : world.users.get(user.createdById);
  const entity = {
    ...userPublic(look, user),
    is_admin: user.admin,
    note: user.note,
    namespace_id: user.namespaceId,
    created_by: creator ? userBasic(look, creator) : null,
  };
  if (world.settings.edition === 'ce') return entity;
  return {
    ...entity,
    using_license_seat: usesSeat(world, user),
    is_auditor: user.auditor,
    provisioned_by_group_id: user.provisionedByGroupId,
    enterprise_group_id: null,
    enterprise_group_associated_at: null,
  };
}

/** UserDetailsWithAdmin: one person for an administrator. */
export function userDetails(look: Look, user: User): Record<string, unknown> {
  const levels = [...rowsOfUser(look.world, user.id)].map((row) => row.accessLevel);
  return {
    ...userWithAdmin(look, user),
    highest_role: Math.max(0, ...levels),
    current_sign_in_ip: null,
    last_sign_in_ip: null,
    sign_in_count: 0,
    ...(look.world.settings.edition === 'ee' ? { plan: null, trial: null } : {}),
  };
}

/** Whether somebody takes a seat: an active human with any role, on Ultimate one above Guest. */
export function usesSeat(world: World, user: User): boolean {
  if (user.userType !== 'human' || user.state !== 'active') return false;
  const free = hasPlan(world.settings, 'ultimate') ? 10 : 5;
  for (const row of rowsOfUser(world, user.id)) {
    if (row.requestedAt === null && row.state === 'active' && row.accessLevel > free) return true;
  }
  return false;
}
