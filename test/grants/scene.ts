import { GROUPS, PROJECTS, TOKENS, USERS } from '../../sandbox/seed/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway, GatewayOptions } from '../support/gateway.ts';

export { GROUPS, PROJECTS, TOKENS, USERS };

export type GrantSeen = {
  id: string;
  status: string;
  effect: string | null;
  endReason: string | null;
  expiresAt: string | null;
  activatedAt: string | null;
  endedAt: string | null;
  verifiedAt: string | null;
  backstop: string | null;
  satisfiedBy: { fullPath: string } | null;
  base: { accessLevel: string | null; expiresAt: string | null } | null;
  problem: { code: string; message: string } | null;
};
export type UserErrorSeen = { code: string; message: string; field: string[] | null };
export type Granted = { grant: GrantSeen | null; userErrors: UserErrorSeen[] };
export type Revoked = {
  grants: GrantSeen[];
  revocation: { id: string; verifiedAt: string | null; removed: { accessLevel: string } | null } | null;
  verifiedAt: string | null;
  problem: { code: string; message: string } | null;
  remaining: { accessLevel: string | null; paths: { kind: string }[] } | null;
  userErrors: UserErrorSeen[];
};
/** A direct row as GitLab's own REST tells it. */
export type GitLabRow = {
  id: number;
  username: string;
  access_level: number;
  expires_at: string | null;
  created_at: string;
};

const GRANT = `id status effect endReason expiresAt activatedAt endedAt verifiedAt backstop
  satisfiedBy { fullPath } base { accessLevel expiresAt } problem { code message }`;
const ERRORS = 'userErrors { code message field }';

export type Place = { group: string } | { project: string };

export type Scene = {
  gateway: Gateway;
  connectionId: string;
  /** Asks for access; Maintainer for two hours unless told otherwise. */
  grant(user: string, target: Place, more?: Record<string, unknown>): Promise<Granted>;
  extend(grantId: string, more: Record<string, unknown>): Promise<Granted>;
  revokeGrant(grantId: string, more?: Record<string, unknown>): Promise<Revoked>;
  revokeMembership(user: string, target: Place, more?: Record<string, unknown>): Promise<Revoked>;
  see(grantId: string): Promise<GrantSeen>;
  /** The direct row, asked from GitLab itself; null for none. */
  row(user: string, target: Place): Promise<GitLabRow | null>;
  /** Asks GitLab itself as its administrator. */
  gitlab(method: string, path: string, body?: object): Promise<{ status: number; json: unknown }>;
  /** Calls that changed something in GitLab since the last `clearCalls`. */
  writes(): { method: string; path: string; query: string; status: number }[];
  audit(grantId: string): Promise<{ action: string; actor: string }[]>;
  /** Asks until it is so; the machine may be slow, GitLab's clock does not move. */
  until(what: string, so: () => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
};

const endpoint = (target: Place): string => {
  const [kind, path] = 'group' in target ? ['groups', target.group] : ['projects', target.project];
  return `/${kind}/${encodeURIComponent(path)}/members`;
};

/** A gateway connected to a small organisation, with the questions that grant tests ask. */
export async function startScene(options: GatewayOptions): Promise<Scene> {
  const gateway = await startGateway({ ...options, sandbox: { size: 'small', ...options.sandbox } });
  const connectionId = await gateway.connect();

  async function mutate<T>(field: string, inputType: string, answer: string, input: object): Promise<T> {
    const document = `mutation M($input: ${inputType}!) { ${field}(input: $input) { ${answer} ${ERRORS} } }`;
    const { data, errors } = await gateway.query<Record<string, T>>(document, { input });
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    const payload = data[field];
    if (payload === undefined) throw new Error(`No payload of ${field}.`);
    return payload;
  }
  const revoke = (access: object, more: object): Promise<Revoked> =>
    mutate<Revoked>(
      'revokeAccess',
      'RevokeAccessInput',
      `grants { ${GRANT} } revocation { id verifiedAt removed { accessLevel } } verifiedAt problem { code message }
       remaining { accessLevel paths { kind } }`,
      { access, reason: 'no longer needed', ...more },
    );

  async function gitlab(method: string, path: string, body?: object) {
    const response = await fetch(`${gateway.sandbox.url}/api/v4${path}`, {
      method,
      headers: { 'private-token': gateway.sandbox.tokens.admin, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? null : (JSON.parse(text) as unknown) };
  }

  const scene: Scene = {
    gateway,
    connectionId,
    gitlab,
    grant: (user, target, more = {}) =>
      mutate<Granted>('grantAccess', 'GrantAccessInput', `grant { ${GRANT} }`, {
        connectionId,
        user: { username: user },
        target,
        accessLevel: 'MAINTAINER',
        ...('expiresAt' in more || 'duration' in more ? {} : { duration: 'PT2H' }),
        reason: 'incident',
        ...more,
      }),
    extend: (grantId, more) =>
      mutate<Granted>('extendGrant', 'ExtendGrantInput', `grant { ${GRANT} }`, {
        grantId,
        reason: 'not done',
        ...more,
      }),
    revokeGrant: (grantId, more = {}) => revoke({ grantId }, more),
    revokeMembership: (user, target, more = {}) =>
      revoke({ membership: { connectionId, user: { username: user }, target } }, more),
    async see(grantId) {
      const { data, errors } = await gateway.query<{ node: GrantSeen | null }>(
        `query See($id: ID!) { node(id: $id) { ... on Grant { ${GRANT} } } }`,
        { id: grantId },
      );
      if (data.node === null) throw new Error(`No grant ${grantId}: ${JSON.stringify(errors)}`);
      return data.node;
    },
    async row(user, target) {
      const { json } = await gitlab('GET', `${endpoint(target)}?per_page=100`);
      return (json as GitLabRow[]).find(({ username }) => username === user) ?? null;
    },
    writes: () =>
      gateway.sandbox
        .calls()
        .filter(({ method, path }) => method !== 'GET' && path !== '/api/graphql')
        .map(({ method, path, query, status }) => ({ method, path, query, status })),
    async audit(grantId) {
      const { data } = await gateway.query<{ auditEvents: { nodes: { action: string; actor: string }[] } }>(
        'query Audit($id: ID) { auditEvents(filter: { grantId: $id }, first: 100) { nodes { action actor } } }',
        { id: grantId },
      );
      return [...data.auditEvents.nodes].reverse();
    },
    async until(what, so) {
      const endsAtMs = performance.now() + 45_000;
      while (!(await so())) {
        if (performance.now() > endsAtMs) throw new Error(`It did not come about that ${what}.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: () => gateway.close(),
  };
  return scene;
}

export const HOUR_MS = 3_600_000;

/** The suite on the embedded store and on PostgreSQL. */
export const STORES = ['memory', 'postgres'] as const;
