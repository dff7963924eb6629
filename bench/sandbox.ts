import { startChild } from './child.ts';
import { BASE_LEVEL, placeOf } from './organisation.ts';
import type { Place, SandboxOrder, SandboxReady, Shape } from './organisation.ts';

export type MemberRow = {
  sourceKind: 'Group' | 'Project';
  sourceId: number;
  userId: number;
  accessLevel: number;
  expiresAt: string | null;
  createdAt: string;
  createdById: number | null;
};

/** A GitLab in a process of its own. */
export type BenchSandbox = SandboxReady & {
  shape: Shape;
  /** Asks its controls, for example `POST`, `latency`, `{ ms: 20 }`. */
  control<T>(method: string, what: string, body?: object): Promise<T>;
  /** The whole membership table, by `rowKey`. */
  rows(): Promise<Map<string, MemberRow>>;
  /** Source and person of a grant. Throws for a number outside the shape. */
  whereIs(index: number): {
    place: Place;
    source: SandboxReady['sources'][number];
    user: SandboxReady['users'][number];
    key: string;
  };
  end(): Promise<void>;
};

const rowKey = (kind: string, sourceId: number, userId: number): string =>
  `${kind.toLowerCase()} ${String(sourceId)} ${String(userId)}`;

export async function startBenchSandbox(order: SandboxOrder): Promise<BenchSandbox> {
  const child = await startChild({
    script: 'bench/sandbox-process.ts',
    args: [JSON.stringify(order)],
    ready: /^ready (.+)\n/m,
  });
  const ready = JSON.parse(child.said[1] ?? '') as SandboxReady;
  async function control<T>(method: string, what: string, body?: object): Promise<T> {
    const response = await fetch(`${ready.url}/sandbox/${what}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`The sandbox refuses ${what}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  return {
    ...ready,
    shape: order.shape,
    control,
    async rows() {
      const rows = await control<MemberRow[]>('GET', 'members');
      return new Map(rows.map((row) => [rowKey(row.sourceKind, row.sourceId, row.userId), row]));
    },
    whereIs(index) {
      const place = placeOf(order.shape, index);
      const [source, user] = [ready.sources[place.source], ready.users[place.user]];
      if (source === undefined || user === undefined) throw new Error(`There is no grant ${String(index)}.`);
      return { place, source, user, key: rowKey(source.kind, source.id, user.id) };
    },
    end: () => child.end(),
  };
}

/** How many of the first `count` grants' memberships are not as they were before: gone, or Developer without an end. */
export async function notAsBefore(sandbox: BenchSandbox, count: number): Promise<number> {
  const rows = await sandbox.rows();
  let wrong = 0;
  for (let index = 0; index < count; index += 1) {
    const { place, key } = sandbox.whereIs(index);
    const row = rows.get(key);
    const right = place.raises ? row?.accessLevel === BASE_LEVEL && row.expiresAt === null : row === undefined;
    if (!right) wrong += 1;
  }
  return wrong;
}
