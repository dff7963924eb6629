import { expect } from '@jest/globals';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';

const DAY_MS = 86_400_000;

export type Token = {
  id: string;
  gitlabId: string;
  kind: string;
  name: string;
  user: { username: string } | null;
  source: { fullPath: string } | null;
  [field: string]: unknown;
};
export type List = { nodes: Token[]; totalCount: number | null; pageInfo: { hasNextPage: boolean; endCursor: string } };

/** Every field of a page of tokens. */
export const ALL = `nodes {
  id gitlabId kind name scopes active revoked createdAt expiresAt lastUsedAt user { username } source { __typename fullPath }
  accessLevel accessLevelValue createdBy { username }
} totalCount pageInfo { hasNextPage endCursor }`;

type Made = { id: string; userId: number; token: string };

type Answered = { id: number; user_id: number; token: string };

/** A gateway with the connections `admin` (an administrator's) and `work` (the service account that owns acme), and its GitLab. */
export type TokenWorld = {
  gateway: Gateway;
  /** GitLab's number of a user, group or project, by username or path. */
  id(name: string): number;
  /** A day so many days from GitLab's day when the world was opened. */
  day(ahead: number): string;
  /** Makes an access token at a path of GitLab's API below `/api/v4`. */
  make(path: string, body: object): Promise<Made>;
  gitlab(method: string, path: string, body?: object): Promise<unknown>;
  /** Asks a connection; errors come as their path and code. */
  ask<T>(name: string, selection: string): Promise<{ data: T; codes: unknown[]; messages: string[] }>;
  node<T>(id: string, selection: string): Promise<{ data: T; codes: unknown[] }>;
  /** GitLab's calls since the last `clearCalls`: method and path of REST, and `graphql`. */
  calls(): string[];
  /** Everything that was answered so far, and the values of all tokens. */
  answered: string[];
  values: string[];
};

/** Starts it on the sandbox's tiny world. */
export async function openTokenWorld(): Promise<TokenWorld> {
  const gateway = await startGateway({ store: 'memory' });
  const { sandbox } = gateway;
  const openedMs = sandbox.clock.now();
  const values: string[] = Object.values(sandbox.tokens);
  const answered: string[] = [];
  const gitlab: TokenWorld['gitlab'] = async (method, path, body) => {
    const headers = { 'private-token': sandbox.tokens.admin, 'content-type': 'application/json' };
    const url = `${sandbox.url}/api/v4/${path}`;
    const response = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const query = async <T>(document: string): Promise<{ data: T; codes: unknown[]; messages: string[] }> => {
    const { status, data, errors } = await gateway.query<T>(document);
    expect(status).toBe(200);
    answered.push(JSON.stringify({ data, errors }));
    return {
      data,
      codes: errors.map(({ path, extensions }) => [path?.slice(1).join('.'), extensions.code]),
      messages: errors.map(({ message }) => message),
    };
  };
  await gateway.connect({ name: 'admin', token: sandbox.tokens.admin });
  await gateway.connect({ name: 'work', token: sandbox.tokens.owner });
  const world: TokenWorld = {
    gateway,
    values,
    answered,
    gitlab,
    id(name) {
      const { users, groups, projects } = sandbox.world;
      const found =
        [...users.values()].find(({ username }) => username === name || username.endsWith(`_${name}`)) ??
        [...groups.values(), ...projects.values()].find(({ fullPath }) => fullPath === name);
      if (found === undefined) throw new Error(`There is no ${name}.`);
      return found.id;
    },
    day: (ahead) => new Date(openedMs + ahead * DAY_MS).toISOString().slice(0, 10),
    async make(path, body) {
      const asked = { scopes: ['api'], expires_at: world.day(30), ...body };
      const { id, user_id: userId, token } = (await gitlab('POST', path, asked)) as Answered;
      values.push(token);
      return { id: String(id), userId, token };
    },
    async ask<T>(name: string, selection: string) {
      const answer = await query<{ connection: T }>(`{ connection(name: "${name}") { ${selection} } }`);
      return { ...answer, data: answer.data.connection };
    },
    async node<T>(id: string, selection: string) {
      const answer = await query<{ node: T }>(`{ node(id: "${id}") { ${selection} } }`);
      return { ...answer, data: answer.data.node };
    },
    calls: () =>
      sandbox.calls().map(({ method, path }) => (path.endsWith('graphql') ? 'graphql' : `${method} ${path.slice(7)}`)),
  };
  return world;
}
