import { defaultGraphQLSettings } from '../../sandbox/graphql/index.ts';
import type { GraphQLSettings } from '../../sandbox/graphql/index.ts';
import { fixturesOf, seedWorld, TOKENS } from '../../sandbox/seed/index.ts';
import type { Fixtures } from '../../sandbox/seed/index.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';

/** One GraphQL error as it came over the wire. */
export interface WireError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { line: number; column: number }[];
  readonly extensions?: { readonly code?: string } & Readonly<Record<string, unknown>>;
}

/** One answer as it came over the wire; tests say what its data is. */
export interface WireAnswer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors: readonly WireError[];
  readonly body: unknown;
}

export interface AskOptions {
  readonly token?: string | null;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A sandbox with the small organisation, and the ways tests talk to its GraphQL. */
export interface Harness {
  readonly sandbox: Sandbox;
  readonly fixtures: Fixtures;
  readonly graphql: GraphQLSettings;
  ask<T = unknown>(query: string, options?: AskOptions): Promise<WireAnswer<T>>;
  post(
    body: string,
    options?: { token?: string | null; contentType?: string; search?: string },
  ): Promise<WireAnswer<unknown>>;
  get(search: string, token?: string): Promise<WireAnswer<unknown>>;
}

/** The day the clock of every harness starts on. */
export const TODAY = '2026-03-02';

/** Starts a sandbox on a free port. Close it with `harness.sandbox.close()`. */
export async function startHarness(): Promise<Harness> {
  const graphql = defaultGraphQLSettings();
  const sandbox = await startSandbox({
    graphql,
    startAt: `${TODAY}T09:00:00Z`,
    settings: { rateLimits: false },
    fill: (world) => seedWorld(world, { size: 'small', seed: 7 }).tokens,
  });
  const endpoint = `${sandbox.url}/api/graphql`;
  const headersFor = (token: string | null): Record<string, string> =>
    token === null ? {} : { 'PRIVATE-TOKEN': token };
  const post: Harness['post'] = async (
    body,
    { token = TOKENS.owner, contentType = 'application/json', search = '' } = {},
  ) => {
    const headers = { ...headersFor(token), 'Content-Type': contentType };
    return read(await fetch(endpoint + search, { method: 'POST', headers, body }));
  };
  return {
    sandbox,
    fixtures: fixturesOf(sandbox.world),
    graphql,
    post,
    get: async (search, token = TOKENS.owner) => read(await fetch(endpoint + search, { headers: headersFor(token) })),
    ask: async <T>(query: string, { token = TOKENS.owner, variables }: AskOptions = {}) => {
      const answer = await post(JSON.stringify({ query, ...(variables ? { variables } : {}) }), { token });
      return answer as WireAnswer<T>;
    },
  };
}

async function read(response: Response): Promise<WireAnswer<unknown>> {
  const body: unknown = await response.json();
  const { data, errors } = (typeof body === 'object' && body !== null ? body : {}) as {
    data?: unknown;
    errors?: WireError[];
  };
  return { status: response.status, data: data ?? null, errors: errors ?? [], body };
}

/** GitLab's one text for missing and forbidden. */
export const ACCESS_ERROR =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";
