import type { Authentication, DeniedReason } from '../http/auth.ts';
import type { Limiter } from '../http/limits.ts';
import { json, Refusal, refuse, refuseError, unauthorized, type Reply } from '../http/reply.ts';
import { header, parseBody, parseForm, type WireRequest } from '../http/request.ts';
import { createRouter } from '../http/router.ts';
import { revokeFamily, userByName, type Token, type User, type Viewer, type World } from '../model/index.ts';
import { ACCESS_REQUEST_ROUTES } from './access-requests.ts';
import { ACCESS_TOKEN_ROUTES } from './access-tokens/routes.ts';
import type { Call, Route } from './context.ts';
import { DEPLOY_KEY_ROUTES } from './deploy/keys.ts';
import { DEPLOY_TOKEN_ROUTES } from './deploy/tokens.ts';
import { GROUP_IDENTITY_ROUTES } from './groups/identity.ts';
import { GROUP_ROUTES } from './groups/routes.ts';
import { SHARE_ROUTES } from './groups/share.ts';
import { HOOK_ROUTES } from './hooks.ts';
import { PENDING_ROUTES } from './members/pending.ts';
import { MEMBER_ROUTES } from './members/routes.ts';
import { META_ROUTES } from './meta.ts';
import { PROJECT_ROUTES } from './projects/routes.ts';
import { GROUP_ACCOUNT_ROUTES } from './service-accounts/group.ts';
import { INSTANCE_ROUTES } from './service-accounts/instance.ts';
import { ACCOUNT_TOKEN_ROUTES } from './service-accounts/tokens.ts';
import { TOKEN_ROUTES } from './tokens/routes.ts';
import { TRANSFER_ROUTES } from './transfer.ts';
import { USER_ROUTES } from './users/routes.ts';

export interface RestDeps {
  readonly world: World;
  readonly limiter: Limiter;
  readonly baseUrl: () => string;
}

const PREFIX = '/api/v4';
const NO_ROUTE: Reply = json(404, { error: '404 Not Found' });
const router = createRouter<Route>([
  ...META_ROUTES,
  ...TOKEN_ROUTES,
  ...ACCESS_TOKEN_ROUTES,
  ...USER_ROUTES,
  ...PENDING_ROUTES,
  ...MEMBER_ROUTES,
  ...ACCESS_REQUEST_ROUTES,
  ...INSTANCE_ROUTES,
  ...GROUP_ACCOUNT_ROUTES,
  ...ACCOUNT_TOKEN_ROUTES,
  ...GROUP_IDENTITY_ROUTES,
  ...TRANSFER_ROUTES,
  ...HOOK_ROUTES,
  ...DEPLOY_TOKEN_ROUTES,
  ...DEPLOY_KEY_ROUTES,
  ...SHARE_ROUTES,
  ...GROUP_ROUTES,
  ...PROJECT_ROUTES,
]);

/** Makes the handler of `/api/v4`. Order: route, caller, parameters, look-up, rights, rules (docs/gitlab.md §order). */
export function createRestHandler(deps: RestDeps): (request: WireRequest, auth: Authentication) => Reply {
  return (request, auth) => {
    try {
      return handle(deps, request, auth);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  };
}

function handle(deps: RestDeps, request: WireRequest, auth: Authentication): Reply {
  const apiPath = request.path.slice(PREFIX.length).replace(/\/$/, '');
  const found = router.find(request.method === 'HEAD' ? 'GET' : request.method, apiPath);
  if (found === null) return NO_ROUTE;
  if (found === 'method') return json(405, { error: '405 Not Allowed' });
  const { route } = found;
  if (route.enterprise && deps.world.settings.edition === 'ce') return NO_ROUTE;
  const caller = callerOf(deps, request, auth, route);
  const call: Call = {
    world: deps.world,
    limiter: deps.limiter,
    request,
    viewer: caller.viewer,
    token: caller.token,
    baseUrl: deps.baseUrl(),
    apiPath,
    params: { ...parseForm(request.queryText), ...parseBody(request), ...found.params },
  };
  return route.handler(call);
}

interface Caller {
  readonly viewer: Viewer;
  readonly token: Token | null;
}

function callerOf(deps: RestDeps, request: WireRequest, auth: Authentication, route: Route): Caller {
  const { world } = deps;
  if (auth.kind === 'anonymous') {
    if (route.open) return { viewer: { user: null, admin: false }, token: null };
    throw unauthorized();
  }
  if (auth.kind === 'invalid') throw invalidToken(world, request, auth);
  if (auth.kind === 'forbidden') {
    const back = auth.reason === 'deactivated' ? ` at ${deps.baseUrl()}` : '';
    throw refuse(403, `403 Forbidden - ${DENIED[auth.reason]}${back}`);
  }
  checkScope(request, route, auth.token);
  const admin = auth.user.admin && (!world.settings.adminMode || auth.token.scopes.includes('admin_mode'));
  const target = sudoTarget(world, request, auth.user, auth.token);
  if (target) return { viewer: { user: target, admin: target.admin }, token: auth.token };
  return { viewer: { user: auth.user, admin }, token: auth.token };
}

const DENIED: Record<DeniedReason, string> = {
  blocked: 'Your account has been blocked.',
  banned: 'Your account has been blocked.',
  deactivated:
    'Your account has been deactivated by your administrator. Please log back in from a web browser to reactivate your account',
  pending: 'Your account is pending approval from your administrator and hence blocked.',
  unconfirmed: 'Your primary email address is not confirmed.',
  internal: 'This action cannot be performed by internal users',
};

function invalidToken(world: World, request: WireRequest, auth: Authentication & { kind: 'invalid' }): Refusal {
  if (auth.reason === 'unknown') return unauthorized();
  const texts = {
    expired: 'Token is expired. You can either do re-authorization or token refresh.',
    revoked: 'Token was revoked. You have to re-authorize from the user.',
  };
  // Rotating with a revoked token is taken for theft: everything that came from it dies.
  if (auth.reason === 'revoked' && /access_tokens\/(\d+|self)\/rotate$/.test(request.path))
    revokeFamily(world, auth.token);
  return new Refusal(json(401, { error: 'invalid_token', error_description: texts[auth.reason] }));
}

function checkScope(request: WireRequest, route: Route, token: Token): void {
  const { scopes } = token;
  if (route.scopes === 'any' || scopes.includes('api')) return;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (reads && scopes.includes('read_api')) return;
  const own = route.scopes ?? [];
  const usable = (scope: string): boolean => reads || scope === 'self_rotate';
  if (own.some((scope) => usable(scope) && scopes.includes(scope))) return;
  const accepted = own.includes('self_rotate') ? ['api', 'self_rotate', 'read_api'] : ['api', 'read_api', ...own];
  throw insufficient(accepted.join(' '));
}

function insufficient(scope: string): Refusal {
  return new Refusal(
    json(403, {
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges than provided by the access token.',
      scope,
    }),
  );
}

/** The user an administrator acts as, by the `Sudo` header or parameter. */
function sudoTarget(world: World, request: WireRequest, user: User, token: Token): User | null {
  const name = header(request.headers, 'sudo') ?? new URLSearchParams(request.queryText).get('sudo');
  if (name === null) return null;
  if (!user.admin) throw refuse(403, '403 Forbidden - Must be admin to use sudo');
  if (!token.scopes.includes('sudo')) throw insufficient('sudo');
  const target = userByName(world, name) ?? world.users.get(Number(name));
  if (!target) throw refuse(404, `404 User with ID or username '${name}' Not Found`);
  return target;
}

/** `/api/v3` and unknown versions. */
export function otherVersion(path: string): Reply {
  if (!path.startsWith('/api/v3')) return NO_ROUTE;
  return refuseError(410, 'API V3 is no longer supported. Use API V4 instead.').reply;
}
