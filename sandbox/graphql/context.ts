import type { Token, Viewer, World } from '../model/index.ts';

/** What every resolver of one request shares. */
export interface Context {
  readonly world: World;
  readonly viewer: Viewer;
  readonly token: Token | null;
  /** Base of web addresses, without a slash at its end. */
  readonly baseUrl: string;
  /** The complexity of the running query and its limit, as `queryComplexity` reports them. */
  readonly complexity: { readonly limit: number; readonly score: number };
}

/** Whether the token may change things: scope `api`; `read_api` only reads. */
export function canMutate(context: Context): boolean {
  return context.token?.scopes.includes('api') === true;
}

/** Whether the caller is this very user or an administrator. */
export function isSelfOrAdmin(context: Context, userId: number): boolean {
  return context.viewer.admin || context.viewer.user?.id === userId;
}

/** A time as GitLab's GraphQL writes it: ISO 8601 in UTC, to the second. */
export function timeText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
