import { z } from 'zod';

const rowSchema = z.object({
  id: z.number(),
  sourceKind: z.enum(['Group', 'Project']),
  sourceId: z.number(),
  userId: z.number(),
  accessLevel: z.number(),
  expiresAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  createdById: z.number().nullable(),
  memberRoleId: z.number().nullable(),
  ldap: z.boolean(),
  override: z.boolean(),
  state: z.string(),
  requestedAt: z.string().nullable(),
});
/** One row of GitLab's membership table, with all that GitLab keeps of it. */
export type MemberRow = z.output<typeof rowSchema>;

const callSchema = z.object({
  at: z.string(),
  method: z.string(),
  path: z.string(),
  query: z.string(),
  status: z.number(),
  fault: z.string().nullable(),
});
/** One call that GitLab answered (status 0: answered by cutting the connection). */
export type Call = z.output<typeof callSchema>;

export type Fault = {
  kind: string;
  method?: string;
  path?: string;
  times?: number;
  delayMs?: number;
  retryAfterSeconds?: number;
};

const leftSchema = z.object({ method: z.string().optional(), times: z.number(), left: z.number() });
export type FaultLeft = z.output<typeof leftSchema>;

const madeSchema = z.object({ id: z.number() });

/** GitLab over HTTP: its API as an administrator, and the controls of the one that runs here. */
export type GitLab = {
  url: string;
  token: string;
  /** Makes a group, project or user by GitLab's own API; answers its number. */
  make(path: '/groups' | '/projects' | '/users', body: Record<string, unknown>): Promise<number>;
  /** Edits that the API cannot make: rows "by hand", with the maker and date that are asked for. */
  edit(edits: readonly Record<string, unknown>[]): Promise<void>;
  members(): Promise<MemberRow[]>;
  /** The calls since the last time this was asked. */
  takeCalls(): Promise<Call[]>;
  /** How often each kind of fault hit a call, as far as the calls were taken. */
  faultsHit: ReadonlyMap<string, number>;
  fault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Those that have not been used up. */
  faults(): Promise<FaultLeft[]>;
  setLatency(ms: number): Promise<void>;
};

export function createGitLab(deps: { url: string; token: string }): GitLab {
  const faultsHit = new Map<string, number>();

  /** A kept connection may be closed just when it is used again; what may be asked twice is. */
  async function send(method: string, path: string, body: unknown): Promise<Response> {
    const request = {
      method,
      headers: { 'content-type': 'application/json', 'private-token': deps.token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const once = (): Promise<Response> => fetch(`${deps.url}${path}`, request);
    const mayRepeat = method !== 'POST' || path === '/sandbox/faults';
    return mayRepeat ? once().catch(once) : once();
  }

  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${String(response.status)}: ${text}`);
    return JSON.parse(text);
  }
  async function take(): Promise<Call[]> {
    const calls = z.array(callSchema).parse(await ask('GET', '/sandbox/calls'));
    await ask('DELETE', '/sandbox/calls');
    for (const { fault } of calls) if (fault !== null) faultsHit.set(fault, (faultsHit.get(fault) ?? 0) + 1);
    return calls;
  }
  let taking: Promise<Call[]> = Promise.resolve([]);

  return {
    ...deps,
    faultsHit,
    make: async (path, body) => madeSchema.parse(await ask('POST', `/api/v4${path}`, body)).id,
    async edit(edits) {
      await ask('POST', '/sandbox/state', edits);
    },
    members: async () => z.array(rowSchema).parse(await ask('GET', '/sandbox/members')),
    takeCalls() {
      // In turn, so that no call is counted twice.
      taking = taking.then(take, take);
      return taking;
    },
    async fault(fault) {
      await ask('POST', '/sandbox/faults', fault);
    },
    async clearFaults() {
      await ask('DELETE', '/sandbox/faults');
    },
    faults: async () => z.array(leftSchema).parse(await ask('GET', '/sandbox/faults')),
    async setLatency(ms) {
      await ask('POST', '/sandbox/latency', { ms });
    },
  };
}
