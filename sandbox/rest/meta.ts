import { json } from '../http/reply.ts';
import { userOf, type Call, type Route } from './context.ts';
import { userPublic, userWithAdmin } from './entities/users.ts';
import type { Reply } from '../http/reply.ts';

function metadata(call: Call): Reply {
  userOf(call);
  const { version, revision, edition } = call.world.settings;
  return json(200, {
    version,
    revision,
    kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
    enterprise: edition === 'ee',
  });
}

/** The caller; the entity follows the raw admin flag, whatever Admin Mode says. */
function currentUser(call: Call): Reply {
  const user = userOf(call);
  return json(200, user.admin ? userWithAdmin(call, user) : userPublic(call, user));
}

function license(call: Call): Reply {
  if (!call.viewer.admin) return json(403, { message: '403 Forbidden' });
  const { plan } = call.world.settings;
  if (plan === 'free') return json(200, null);
  return json(200, { id: 1, plan, expired: false, overage: 0, user_limit: 0, licensee: {}, add_ons: {} });
}

const READ = ['read_user', 'ai_features'];

/** What the instance is and who asks. */
export const META_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/metadata', handler: metadata, scopes: READ },
  { method: 'GET', path: '/version', handler: metadata, scopes: READ },
  { method: 'GET', path: '/user', handler: currentUser, scopes: ['read_user'] },
  { method: 'GET', path: '/license', handler: license, enterprise: true },
];
