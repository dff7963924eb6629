import type { Authentication } from '../http/auth.ts';

const API_SCOPES = ['api', 'read_api'];

/**
 * Why a caller gets nowhere, with status and text; undefined for one who may ask. A blocked robot skips the log-in
 * test and gets 403, a blocked person 401 as if the token were wrong (docs/gitlab.md §GraphQL errors).
 */
export function refusalOfCaller(auth: Authentication): { status: number; message: string } | undefined {
  const badToken = { status: 401, message: 'Invalid token' };
  const noAccess = { status: 403, message: 'API not accessible for user' };
  if (auth.kind === 'anonymous') return undefined;
  if (auth.kind === 'invalid') return badToken;
  if (!auth.token.scopes.some((scope) => API_SCOPES.includes(scope))) return badToken;
  if (auth.kind === 'user') return undefined;
  if (auth.reason === 'deactivated') return noAccess;
  const isRobot = auth.user.userType === 'service_account' || auth.user.userType === 'project_bot';
  return isRobot && auth.reason !== 'internal' ? noAccess : badToken;
}
