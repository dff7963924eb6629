import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server.ts';
import { seedTiny } from '../../sandbox/model/tiny.ts';

/** An answer taken apart for tests. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON body; undefined where there is none. */
  readonly body: unknown;
}

export interface AskOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Calls a sandbox over HTTP with a token, redirects not followed. */
export async function ask(url: string, method: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(options.token == null ? {} : { 'PRIVATE-TOKEN': options.token }),
      ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

export interface Bench {
  readonly sandbox: Sandbox;
  /** Calls under `/api/v4` as the administrator, or with the token given. */
  api(method: string, path: string, options?: AskOptions): Promise<Answer>;
  /** The id of a user of the tiny world by name. */
  user(name: string): number;
  group(path: string): number;
  project(path: string): number;
  /** A token for a user, with scope `api` unless told otherwise. */
  tokenOf(name: string, scopes?: string[]): string;
}

/** Starts a sandbox with the tiny world and time standing at noon UTC of 2 March 2026. */
export async function openBench(options: SandboxOptions = {}): Promise<Bench> {
  const sandbox = await startSandbox({ fill: seedTiny, startAt: '2026-03-02T12:00:00Z', ...options });
  const { world } = sandbox;
  const need = (found: { id: number } | undefined, name: string): number => {
    if (!found) throw new Error(`the world has no ${name}`);
    return found.id;
  };
  const user = (name: string): number => need(world.index.userByName.get(name), name);
  return {
    sandbox,
    user,
    group: (path) => need(world.index.groupByPath.get(path), path),
    project: (path) => need(world.index.projectByPath.get(path), path),
    tokenOf: (name, scopes = ['api']) =>
      String(sandbox.edit({ action: 'addToken', userId: user(name), scopes })['token']),
    api: (method, path, asked = {}) =>
      ask(sandbox.url, method, `/api/v4${path}`, { token: sandbox.tokens.admin, ...asked }),
  };
}
