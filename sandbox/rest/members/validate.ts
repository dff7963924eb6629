import {
  ACCESS,
  LEVEL_NAMES,
  dateIn,
  hasPlan,
  inheritedFrom,
  rootOf,
  rowsOfUser,
  subtree,
  membersOf,
  type Group,
  type User,
} from '../../model/index.ts';
import type { Asker } from '../context.ts';
import type { Source } from '../lookup.ts';

/** A membership as it would be saved. */
export interface Draft {
  readonly user: User;
  readonly level: number;
  readonly expiresAt: string | null;
  readonly memberRoleId: number | null;
  readonly isNew: boolean;
}

export type Faults = Record<string, string[]>;

/** Every fault the member model finds, attribute by attribute (docs/gitlab.md §member validation). */
export function validateMember(call: Asker, source: Source, draft: Draft): Faults {
  const faults: Faults = {};
  const add = (key: string, text: string | null): void => {
    if (text !== null) (faults[key] ??= []).push(text);
  };
  for (const text of levelFaults(call, source, draft.level)) add('access_level', text);
  add('access_level', inheritedFault(call, source, draft));
  const today = dateIn(call.world.clock.now(), call.world.settings.timeZone);
  if (draft.expiresAt !== null && draft.expiresAt < today) add('expires_at', 'cannot be a date in the past');
  add('user_id', typeFault(call, draft));
  if (call.world.settings.edition === 'ee') {
    add('user', ssoFault(call, source, draft.user));
    add('user', domainFault(call, source, draft));
    add('base', capFault(call, source, draft));
    for (const [key, text] of roleFaults(call, source, draft)) add(key, text);
  }
  return faults;
}

function levelFaults(call: Asker, source: Source, level: number): string[] {
  if ([10, 15, 20, 30, 40, 50].includes(level)) return [];
  const off = 'is not included in the list';
  if (level !== ACCESS.MINIMAL || call.world.settings.edition === 'ce') return [off];
  if (source.kind !== 'Group' || source.group.parentId !== null) return [off, 'supported on top level groups only'];
  return hasPlan(call.world.settings, 'premium') ? [] : [off, 'not supported by license'];
}

/** A direct level may not be below the highest row in any group above; shared groups do not count. */
function inheritedFault(call: Asker, source: Source, draft: Draft): string | null {
  const above = new Map(inheritedFrom(call.world, source.kind, source.id).map((group) => [group.id, group]));
  let highest: { level: number; group: Group } | null = null;
  for (const row of rowsOfUser(call.world, draft.user.id)) {
    const group = row.sourceKind === 'Group' && row.requestedAt === null ? above.get(row.sourceId) : undefined;
    if (group && row.accessLevel > (highest?.level ?? 0)) highest = { level: row.accessLevel, group };
  }
  if (!highest || draft.level >= highest.level) return null;
  const name = LEVEL_NAMES[highest.level] ?? String(highest.level);
  return `should be greater than or equal to ${name} inherited membership from group ${highest.group.name}`;
}

function typeFault(call: Asker, draft: Draft): string | null {
  const { user } = draft;
  if (user.userType === 'placeholder') return 'must not be a placeholder user';
  if (!draft.isNew || user.userType !== 'project_bot') return null;
  const elsewhere = [...rowsOfUser(call.world, user.id)].length > 0;
  return elsewhere ? `project bots cannot be added to other groups / projects` : null;
}

function ssoFault(call: Asker, source: Source, user: User): string | null {
  const root = rootOf(call.world, source.kind, source.id);
  if (!root?.saml?.enabled || !root.saml.enforced || !hasPlan(call.world.settings, 'premium')) return null;
  if (user.userType === 'project_bot' || user.userType === 'security_policy_bot') return null;
  if (user.userType === 'service_account' && user.provisionedByGroupId === root.id) return null;
  if (user.samlIdentities.has(root.id)) return null;
  return (
    'is not linked to a SAML account or has an inactive SCIM identity. For information on how to resolve this error, ' +
    'see the <a href="/help/user/group/saml_sso/troubleshooting_scim.md">troubleshooting SCIM documentation</a>.'
  );
}

/** Groups look at the e-mail's domain on every save, projects only when the row is new. */
function domainFault(call: Asker, source: Source, draft: Draft): string | null {
  const root = rootOf(call.world, source.kind, source.id);
  if (!root || root.allowedEmailDomains.length === 0 || !hasPlan(call.world.settings, 'premium')) return null;
  if (draft.user.userType !== 'human' || (source.kind === 'Project' && !draft.isNew)) return null;
  const domain = draft.user.email.split('@')[1] ?? '';
  if (root.allowedEmailDomains.includes(domain)) return null;
  return `is not allowed for this ${source.kind.toLowerCase()}. Check with your administrator.`;
}

function capFault(call: Asker, source: Source, draft: Draft): string | null {
  const root = rootOf(call.world, source.kind, source.id);
  if (root?.memberLimit == null || root.visibility !== 'private' || !draft.isNew) return null;
  const users = usersInTree(call, root);
  if (users.has(draft.user.id) || users.size < root.memberLimit) return null;
  return `cannot be added since you've reached your ${String(root.memberLimit)} member limit for ${root.name}`;
}

/** The humans with a row anywhere in a tree, groups and projects: what seats are counted by. */
export function usersInTree(call: Asker, root: Group): Set<number> {
  const { world } = call;
  const users = new Set<number>();
  const take = (kind: 'Group' | 'Project', id: number): void => {
    for (const row of membersOf(world, kind, id)) {
      if (row.state === 'active' && world.users.get(row.userId)?.userType === 'human') users.add(row.userId);
    }
  };
  for (const group of subtree(world, root.id)) {
    take('Group', group.id);
    for (const project of world.index.projectsOfGroup.get(group.id) ?? []) take('Project', project.id);
  }
  return users;
}

function roleFaults(call: Asker, source: Source, draft: Draft): [string, string][] {
  if (draft.memberRoleId === null || !hasPlan(call.world.settings, 'ultimate')) return [];
  const role = call.world.memberRoles.get(draft.memberRoleId);
  if (!role) return [];
  const found: [string, string][] = [];
  const root = rootOf(call.world, source.kind, source.id);
  if (role.groupId !== null && role.groupId !== root?.id) {
    found.push(['member_namespace', "must be in same hierarchy as custom role's namespace"]);
  }
  if (role.baseAccessLevel !== draft.level) {
    found.push(['member_role_id', "the custom role's base access level does not match the current access level"]);
  }
  return found;
}

/** The faults as one sentence, as service messages tell them: `Access level should be ...`. */
export function sentence(faults: Faults): string {
  const human = (key: string): string => `${key.charAt(0).toUpperCase()}${key.slice(1)}`.replaceAll('_', ' ');
  return Object.entries(faults)
    .flatMap(([key, texts]) =>
      texts.map((text) => (key === 'base' ? text : `${human(key).replace(/ id$/, '')} ${text}`)),
    )
    .join(' and ');
}
