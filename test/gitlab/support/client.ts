import { GitLabError, createGitLabClientFactory } from '../../../src/gitlab/index.ts';
import type { GitLabCallEvent, GitLabClient, GitLabClientDeps } from '../../../src/gitlab/index.ts';
import { startServer } from './server.ts';
import type { Answer, Seen, SmallServer } from './server.ts';

export const TOKEN = 'glpat-unit-test-0123456789';

export type Rig = {
  client: GitLabClient;
  server: SmallServer;
  events: GitLabCallEvent[];
  slept: number[];
  close(): Promise<void>;
};

/** A client of a small server, whose pauses are recorded and not slept. */
export async function rig(
  answer: (seen: Seen, count: number) => Answer | Promise<Answer>,
  deps: Partial<GitLabClientDeps> = {},
  path = '',
): Promise<Rig> {
  const server = await startServer(answer);
  const events: GitLabCallEvent[] = [];
  const slept: number[] = [];
  const create = createGitLabClientFactory({
    outbound: { allowPrivate: false, allowInsecure: true },
    now: () => new Date(),
    random: () => 0.5,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    onCall: (event) => events.push(event),
    ...deps,
  });
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
