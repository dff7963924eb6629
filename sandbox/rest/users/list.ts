import { check, type Checked } from '../../http/params.ts';
import { capOffset, keysetByCursor, paginate } from '../../http/paginate.ts';
import { forbidden, type Reply } from '../../http/reply.ts';
import { listsUser, readsAll, rowsOfUser, userByName, type User } from '../../model/index.ts';
import { addressOf, type Call } from '../context.ts';
import { userBasic, userWithAdmin } from '../entities/users.ts';
import { byRelevance, compareText, userMatches } from '../search.ts';

const ORDERS = ['id', 'name', 'username', 'created_at', 'updated_at'] as const;
const RULES = {
  username: { type: 'string' },
  search: { type: 'string' },
  public_email: { type: 'string' },
  active: { type: 'bool' },
  humans: { type: 'bool' },
  blocked: { type: 'bool' },
  external: { type: 'bool' },
  admins: { type: 'bool' },
  auditors: { type: 'bool' },
  exclude_external: { type: 'bool' },
  exclude_active: { type: 'bool' },
  exclude_humans: { type: 'bool' },
  exclude_internal: { type: 'bool' },
  without_project_bots: { type: 'bool' },
  without_projects: { type: 'bool' },
  skip_ldap: { type: 'bool' },
  extern_uid: { type: 'string' },
  provider: { type: 'string' },
  saml_provider_id: { type: 'int' },
  created_after: { type: 'date' },
  created_before: { type: 'date' },
  two_factor: { type: 'string', values: ['enabled', 'disabled'] },
  order_by: { type: 'string', values: ORDERS },
  sort: { type: 'string', values: ['asc', 'desc'] },
} as const;
type Filters = Checked<typeof RULES>;

const BLOCKED = ['blocked', 'ldap_blocked'];

/** GET /users: anybody may ask, anonymous callers only for one username; administrators see more of each. */
export function listUsers(call: Call): Reply {
  const { viewer, params } = call;
  const username = params['username'];
  const raw = Array.isArray(username) ? { ...params, username: String(username[0] ?? '') } : params;
  const filters = check(raw, RULES);
  if (!viewer.user && filters.username === undefined) throw forbidden('Not authorized!');
  const asksIdentity = filters.extern_uid !== undefined || filters.provider !== undefined;
  if (asksIdentity && !viewer.admin) throw forbidden();
  if (filters.saml_provider_id !== undefined) {
    throw forbidden(
      'saml_provider_id attribute was removed for security reasons. Consider using GET /groups/:id/saml_users API endpoint instead',
    );
  }
  const found = [...candidates(call, filters.username)].filter(
    (user) => listsUser(viewer, user) && keeps(call, filters, user),
  );
  const users = ordered(found, filters);
  const shape = (user: User): unknown => (viewer.admin ? userWithAdmin(call, user) : userBasic(call, user));
  if (params['pagination'] === 'keyset') return keysetByCursor(addressOf(call), users, shape);
  capOffset(params, 'User');
  return paginate(addressOf(call), users, shape);
}

function candidates(call: Call, username: string | undefined): Iterable<User> {
  if (username === undefined) return call.world.users.values();
  const one = userByName(call.world, username);
  return one ? [one] : [];
}

function keeps(call: Call, filters: Filters, user: User): boolean {
  if (user.userType === 'ghost') return filters.username !== undefined;
  const { admin } = call.viewer;
  const human = user.userType === 'human';
  const tests: readonly (boolean | undefined)[] = [
    filters.search !== undefined && !userMatches(user, filters.search, admin),
    filters.public_email !== undefined && user.publicEmail?.toLowerCase() !== filters.public_email.toLowerCase(),
    filters.active && user.state !== 'active',
    filters.humans && !human,
    filters.blocked && !BLOCKED.includes(user.state),
    filters.external && !user.external,
    filters.exclude_external && user.external,
    filters.exclude_active && user.state === 'active',
    filters.exclude_humans && human,
    filters.exclude_internal && !['human', 'service_account', 'project_bot'].includes(user.userType),
    filters.without_project_bots && user.userType === 'project_bot',
    readsAll(call.viewer) && dropsForAdmins(call, filters, user),
  ];
  return !tests.some(Boolean);
}

function dropsForAdmins(call: Call, filters: Filters, user: User): boolean {
  if (filters.admins && !user.admin) return true;
  if (filters.auditors && !user.auditor) return true;
  if (filters.two_factor === 'enabled') return true;
  if (filters.created_after != null && createdOn(user) < filters.created_after) return true;
  if (filters.created_before != null && createdOn(user) > filters.created_before) return true;
  if (filters.extern_uid !== undefined && ![...user.samlIdentities.values()].includes(filters.extern_uid)) return true;
  if (!filters.without_projects) return false;
  return [...rowsOfUser(call.world, user.id)].some((row) => row.sourceKind === 'Project');
}

function createdOn(user: User): string {
  return new Date(user.createdAt).toISOString().slice(0, 10);
}

function ordered(users: User[], filters: Filters): User[] {
  if (filters.search !== undefined && filters.order_by === undefined) return users.sort(byRelevance(filters.search));
  const down = (filters.sort ?? 'desc') === 'desc' ? -1 : 1;
  const key = filters.order_by ?? 'id';
  return users.sort((a, b) => down * (compare(a, b, key) || a.id - b.id));
}

function compare(a: User, b: User, key: string): number {
  if (key === 'name') return compareText(a.name, b.name);
  if (key === 'username') return compareText(a.username, b.username);
  if (key === 'created_at') return a.createdAt - b.createdAt;
  if (key === 'updated_at') return a.updatedAt - b.updatedAt;
  return a.id - b.id;
}
