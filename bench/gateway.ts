import { startChild } from './child.ts';
import type { Child } from './child.ts';

export const ADMIN_KEY = 'bench-key-of-the-administrator';
const READY_WITHIN_MS = 120_000;
const ACTIVE_WITHIN_MS = 60_000;

/** A gateway in a process of its own, asked over HTTP as its administrator. */
export type BenchGateway = Pick<Child, 'pid' | 'end' | 'kill' | 'startedAtMs'> & {
  /** When `/readyz` first answered 200, by `performance.now()`. */
  readyAtMs: number;
  /** Throws where the answer has errors. `T` is the shape that the query asks for. */
  query<T>(document: string, variables?: Record<string, unknown>): Promise<T>;
  /** What `/metrics` tells now. */
  metrics(): Promise<string>;
};

/** Where a gateway keeps its state, and where it leaves a CPU profile when it ends (null: nowhere). */
export type Storage = { dataDir: string; databaseUrl: string | null; profileDir: string | null };

/** Starts `src/main.ts` as an operator would, on a free port of this machine. */
export async function startBenchGateway({
  dataDir,
  databaseUrl,
  profileDir,
  environment = {},
}: Storage & { environment?: Record<string, string> }): Promise<BenchGateway> {
  const child = await startChild({
    script: 'src/main.ts',
    nodeFlags: profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
    environment: {
      PORT: '0',
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl ?? '',
      GATEHOUSE_ADMIN_KEY: ADMIN_KEY,
      ALLOW_INSECURE_GITLAB: 'true',
      ALLOW_PRIVATE_GITLAB: 'true',
      LOG_LEVEL: 'warn',
      ...environment,
    },
    ready: /answers at (\S+)\/graphql/,
  });
  const url = child.said[1] ?? '';
  const readyAtMs = await answersReady(url);
  return {
    pid: child.pid,
    end: () => child.end(),
    kill: () => child.kill(),
    startedAtMs: child.startedAtMs,
    readyAtMs,
    async query<T>(document: string, variables: Record<string, unknown> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` },
        body: JSON.stringify({ query: document, variables }),
      });
      const { data, errors = [] } = (await response.json()) as { data: T; errors?: unknown[] };
      if (errors.length > 0) throw new Error(`The gateway answered ${JSON.stringify(errors)}`);
      return data;
    },
    async metrics() {
      const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
      if (!response.ok) throw new Error(`The gateway answers ${String(response.status)} to /metrics.`);
      return response.text();
    },
  };
}

async function answersReady(url: string): Promise<number> {
  const endsAtMs = performance.now() + READY_WITHIN_MS;
  while (performance.now() < endsAtMs) {
    const response = await fetch(`${url}/readyz`);
    await response.body?.cancel();
    if (response.ok) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The gateway did not become ready.');
}

type UserErrors = { userErrors: { message: string }[] };
const orThrow = ({ userErrors: [first] }: UserErrors): void => {
  if (first !== undefined) throw new Error(`The gateway refuses: ${first.message}`);
};

/** Saves a connection; answers its global id. */
export async function connect(gateway: BenchGateway, input: { name: string; baseUrl: string; token: string }) {
  type Saved = { saveConnection: UserErrors & { connection: { id: string } | null } };
  const { saveConnection } = await gateway.query<Saved>(
    `mutation Connect($input: SaveConnectionInput!) {
      saveConnection(input: $input) { connection { id } userErrors { message } } }`,
    { input },
  );
  orThrow(saveConnection);
  return saveConnection.connection?.id ?? '';
}

export type Wanted = {
  connectionId: string;
  username: string;
  source: { kind: 'group' | 'project'; fullPath: string };
  expiresAt: Date;
};

/** Asks for Maintainer until `expiresAt`; answers once the gateway has verified it, which may outlast its answer. Throws otherwise. */
export async function grant(gateway: BenchGateway, wanted: Wanted): Promise<void> {
  const { connectionId, username, source, expiresAt } = wanted;
  type Granted = { grantAccess: UserErrors & { grant: { id: string; status: string } | null } };
  const { grantAccess } = await gateway.query<Granted>(
    `mutation Grant($input: GrantAccessInput!) {
      grantAccess(input: $input) { grant { id status } userErrors { message } } }`,
    {
      input: {
        connectionId,
        user: { username },
        target: { [source.kind]: source.fullPath },
        accessLevel: 'MAINTAINER',
        expiresAt: expiresAt.toISOString(),
        reason: 'bench',
      },
    },
  );
  orThrow(grantAccess);
  let status = grantAccess.grant?.status ?? 'missing';
  const endsAtMs = performance.now() + ACTIVE_WITHIN_MS;
  while (status === 'ACTIVATING' && performance.now() < endsAtMs) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    type Seen = { node: { status: string } | null };
    const document = 'query Seen($id: ID!) { node(id: $id) { ... on Grant { status } } }';
    const { node } = await gateway.query<Seen>(document, { id: grantAccess.grant?.id });
    status = node?.status ?? 'missing';
  }
  if (status !== 'ACTIVE') throw new Error(`A grant did not become active in time: it is ${status}.`);
}

export type GrantSeen = { status: string; expiresAt: string; endedAt: string | null; verifiedAt: string | null };

/** All grants that match the filter, page by page. */
export async function grantsOf(gateway: BenchGateway, filter: object): Promise<GrantSeen[]> {
  type Page = { grants: { nodes: GrantSeen[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } };
  const seen: GrantSeen[] = [];
  for (let after: string | null = null; ;) {
    const { grants }: Page = await gateway.query<Page>(
      `query Grants($filter: GrantFilter, $after: String) {
        grants(filter: $filter, first: 100, after: $after) {
          nodes { status expiresAt endedAt verifiedAt } pageInfo { hasNextPage endCursor } } }`,
      { filter, after },
    );
    seen.push(...grants.nodes);
    if (!grants.pageInfo.hasNextPage) return seen;
    after = grants.pageInfo.endCursor;
  }
}
