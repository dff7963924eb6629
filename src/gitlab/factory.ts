import { performance } from 'node:perf_hooks';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { MOST_CONNECTIONS, createBudgets } from './budget/budgets.ts';
import type { Budgets } from './budget/budgets.ts';
import { PRIORITIES } from './budget/turns.ts';
import { clientAt } from './client-impl.ts';
import type { CallPriority, ClientHealth, GitLabClientFactory } from './client.ts';
import { GitLabError } from './errors.ts';
import { createExchange } from './exchange.ts';
import type { Exchange, GitLabCallEvent } from './exchange.ts';
import { CallerDocument } from './generated/operations.ts';
import { limitsOf, nothingKnown } from './graphql/knowledge.ts';
import type { Knowledge } from './graphql/knowledge.ts';
import { normaliseBaseUrl } from './outbound.ts';
import type { OutboundPolicy } from './outbound.ts';
import { part } from './packing/part.ts';
import { createRunner } from './packing/runner.ts';
import type { Runner } from './packing/runner.ts';
import { callerAnswer } from './graphql/knowledge.ts';
import { createReadCache } from './read-cache.ts';
import { reachRoots } from './reads/reach-users.ts';
import { cached } from './cached.ts';
import { tokenSelf } from './rest/identity.ts';
import type { Session, Timeouts } from './session.ts';
import { createSharing } from './sharing.ts';
import { createTransport } from './transport.ts';

export type GitLabClientDeps = {
  outbound: OutboundPolicy;
  now: () => Date;
  timeoutMs?: Partial<Timeouts>;
  /** A number in [0, 1), for the jitter of retries. */
  random?: () => number;
  sleep?: (ms: number) => Promise<void>;
  /** One for each connection, whichever of its clients asks; made anew unless handed in. */
  budgets?: Budgets;
  /** How long the answers to queries serve again, and how many rows are kept for all connections; not at all unless told. */
  readCache?: { ttlMs: number; maxRows: number };
  /** Told of every HTTP call as it ends. */
  onCall?: (event: GitLabCallEvent) => void;
  log?: { debug(fields: object, message: string): void };
};

/** GitLab gives up on a query after 30 s and says so; a shorter wait would lose what it has (docs/gitlab.md §GraphQL transport). */
const TIMEOUTS: Timeouts = { connect: 5_000, rest: 15_000, graphql: 38_000, write: 15_000 };
const RETRY = { baseDelayMs: 200, longestDelayMs: 4_000 };
const ROOTS_FRESH_MS = 30_000;
const ALIVE_FRESH_MS = 5_000;

async function defaultSleep(ms: number): Promise<void> {
  await sleepFor(ms);
}

/** A header cannot hold other characters; to refuse them here keeps the token out of the library's error. */
function checkToken(token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new GitLabError('UNAUTHENTICATED', 'The token is empty or holds characters that no GitLab token has.');
  }
}

/** Asks who we are, which brings along what is known of the instance. */
async function learn(runner: Runner, knowledge: Knowledge, priority: CallPriority): Promise<void> {
  if (knowledge.learnedAtMs !== null) return;
  const failures: GitLabError[] = [];
  const fail = (error: GitLabError): void => {
    failures.push(error);
  };
  await runner.run(priority, [
    part({ document: CallerDocument, variables: {}, schema: callerAnswer, settle: () => null, fail }),
  ]);
  const [failure] = failures;
  if (failure !== undefined) throw failure;
}

/** Binds outbound rules, time-outs and clock; the factory then makes one client per connection. */
export function createGitLabClientFactory(deps: GitLabClientDeps): GitLabClientFactory {
  const timeouts = { ...TIMEOUTS, ...deps.timeoutMs };
  const sleep = deps.sleep ?? defaultSleep;
  const elapsedMs = (): number => performance.now();
  const random = deps.random ?? Math.random;
  const budgets = deps.budgets ?? createBudgets({ now: deps.now, random });
  const nowMs = (): number => deps.now().getTime();
  const cache = createReadCache({ ttlMs: 0, maxRows: 0, ...deps.readCache, nowMs });
  return ({ baseUrl, token, connectionId = null, onRefused }) => {
    const base = normaliseBaseUrl(baseUrl, deps.outbound);
    checkToken(token);
    const transport = createTransport({
      base,
      token,
      policy: deps.outbound,
      connectTimeoutMs: timeouts.connect,
      connections: MOST_CONNECTIONS,
    });
    const health: ClientHealth = { clockSkewMs: null, rateLimit: null };
    const sharing = createSharing({ cache, nowMs });
    const { budget, release } = budgets.for(connectionId);
    let closed = false;
    const pause = async (ms: number): Promise<void> => {
      // Retries of a closed client would only keep its process from ending.
      if (closed) throw new GitLabError('UNREACHABLE', 'The client is closed; nothing was sent.');
      await sleep(ms);
    };
    const exchangeAt = (priority: CallPriority): Exchange =>
      createExchange(
        {
          transport,
          token,
          budget,
          health,
          now: deps.now,
          retry: { ...RETRY, sleep: pause, random, elapsedMs },
          onCall: (event) => {
            deps.log?.debug({ ...event }, 'GitLab was called');
            deps.onCall?.({ connectionId, ...event });
            if (event.status === 401) sharing.forget('anything');
            if (event.status === 401 || event.status === 403) onRefused?.();
          },
        },
        priority,
      );
    const exchanges = new Map(PRIORITIES.map((priority) => [priority, exchangeAt(priority)]));
    const exchange = (priority: CallPriority): Exchange => exchanges.get(priority) ?? exchangeAt(priority);
    const knowledge = nothingKnown();
    const runner = createRunner({ exchange, knowledge, timeoutMs: timeouts.graphql, nowMs: elapsedMs });
    const roots = cached(ROOTS_FRESH_MS, elapsedMs);
    const alive = cached<unknown>(ALIVE_FRESH_MS, elapsedMs);
    const session = (priority: CallPriority): Session => {
      const made: Session = {
        exchange: exchange(priority),
        knowledge,
        timeouts,
        now: deps.now,
        run: async (parts) => runner.run(priority, parts),
        limits: () => limitsOf(knowledge, elapsedMs()),
        learn: async () => learn(runner, knowledge, priority),
        roots: async () => roots(async () => reachRoots(made)),
        alive: async () => {
          await alive(async () => tokenSelf(made));
        },
      };
      return made;
    };
    const close = async (): Promise<void> => {
      closed = true;
      const released = release();
      await transport.close();
      await released;
    };
    const shown = base.href.replace(/\/$/, '');
    return clientAt({ baseUrl: shown, session, health: () => ({ ...health }), sharing, close }, 'query');
  };
}
