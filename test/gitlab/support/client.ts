import { GitLabError, createGitLabClientFactory } from '../../../src/gitlab/index.ts';
import type { GitLabCallEvent, GitLabClient, GitLabClientDeps } from '../../../src/gitlab/index.ts';
import { startServer } from './server.ts';
import { createBudgets } from '../../../src/gitlab/budget/budgets.ts';
import type { Answer, Seen, SmallServer } from './server.ts';

export const TOKEN = 'glpat-unit-test-0123456789';

/** Shorter than any call may wait for its turn. */
const LONGEST_JUMP_MS = 4_000;

export type Rig = {
  client: GitLabClient;
  server: SmallServer;
  events: GitLabCallEvent[];
  slept: number[];
  close(): Promise<void>;
};

/** A client of a small server, whose pauses are recorded and not slept: its clock stands still but for them. */
export async function rig(
  answer: (seen: Seen, count: number) => Answer | Promise<Answer>,
  deps: Partial<GitLabClientDeps> = {},
  path = '',
): Promise<Rig> {
  const server = await startServer(answer);
  const events: GitLabCallEvent[] = [];
  const slept: number[] = [];
  let sleptMs = 0;
  const startMs = Date.now();
  const now = deps.now ?? (() => new Date(startMs + sleptMs));
  const random = (): number => 0.5;
  const create = createGitLabClientFactory({
    outbound: { allowPrivate: false, allowInsecure: true },
    now,
    random,
    sleep: (ms) => {
      slept.push(ms);
      sleptMs += ms;
      return Promise.resolve();
    },
    budgets: createBudgets({ now, random, after: afterJumps }),
    onCall: (event) => events.push(event),
    ...deps,
  });

  /** Waits for a limit to open jump; how long a call may wait at most is never reached. */
  function afterJumps(ms: number, wake: () => void): () => void {
    if (ms > LONGEST_JUMP_MS) return () => undefined;
    const jump = setImmediate(() => {
      slept.push(ms);
      sleptMs += ms;
      wake();
    });
    return () => {
      clearImmediate(jump);
    };
  }
  const client = create({ baseUrl: server.url + path, token: TOKEN });
  return {
    client,
    server,
    events,
    slept,
    close: async () => {
      await client.close();
      await server.close();
    },
  };
}

/** The error that a promise rejects with. */
export async function failure(work: Promise<unknown>): Promise<GitLabError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof GitLabError) return error;
    throw error;
  }
  throw new Error('It succeeded, and should not have.');
}

/** Everything of an error that could reach a log. */
export function everythingOf(error: Error): string {
  const cause = error.cause instanceof Error ? everythingOf(error.cause) : '';
  return [error.message, error.stack, JSON.stringify(error), cause].join('\n');
}
