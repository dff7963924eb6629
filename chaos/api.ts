import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Random } from './random.ts';

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).optional() })).optional(),
});

const REQUEST_LIMIT_MS = 30_000;
/** Errors that another try may do away with; any other is a fault of the harness or of the gateway. */
const PASSING = /^UPSTREAM_|^INTERNAL_SERVER_ERROR$/;

export type Counters = { cut: number; upstream: number; internal: string[] };

/** The gateways as one: a question that is cut or meets a passing error is put to another one, with the same words. */
export type Api = {
  /** Asks until there is an answer; rejects when there is none until `giveUpAt` (by `performance.now()`). */
  ask(document: string, variables: Record<string, unknown>, giveUpAt: number): Promise<Record<string, unknown>>;
  counters: Counters;
  /** How long the question that waits longest has waited. */
  longestWaitMs: () => number;
};

export function createApi(deps: { urls: () => string[]; key: string; random: Random }): Api {
  const counters: Counters = { cut: 0, upstream: 0, internal: [] };
  /** When each question that is not answered yet was first asked. */
  const waiting = new Map<symbol, number>();
  let lastCut = 'nothing answers';

  async function post(url: string, document: string, variables: Record<string, unknown>) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${deps.key}` },
      body: JSON.stringify({ query: document, variables }),
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    return answerSchema.parse(await response.json());
  }

  /** Null: try again, somewhere else. */
  async function tryAt(url: string, document: string, variables: Record<string, unknown>) {
    const answer = await post(url, document, variables).catch((error: unknown) => {
      lastCut = String(error);
      return null;
    });
    if (answer === null) {
      counters.cut += 1;
      return null;
    }
    const error = answer.errors?.[0];
    if (error === undefined && answer.data != null) return answer.data;
    const code = error?.extensions?.code ?? 'none';
    if (!PASSING.test(code))
      throw new Error(`A gateway answered ${code}: ${error?.message ?? 'neither data nor errors'}`);
    if (code === 'INTERNAL_SERVER_ERROR') counters.internal.push(error?.message ?? '');
    else counters.upstream += 1;
    return null;
  }

  async function untilAnswered(document: string, variables: Record<string, unknown>, giveUpAt: number) {
    let last = '';
    while (performance.now() < giveUpAt) {
      const urls = deps.urls();
      const others = urls.filter((url) => url !== last);
      const url = urls.length === 0 ? null : deps.random.pick(others.length === 0 ? urls : others);
      if (url !== null) {
        const data = await tryAt(url, document, variables);
        if (data !== null) return data;
        last = url;
      }
      await sleep(deps.random.between(100, 400));
    }
    throw new Error(`No gateway answered in time; the last try failed with: ${lastCut}.`);
  }

  return {
    counters,
    longestWaitMs: () => performance.now() - Math.min(performance.now(), ...waiting.values()),
    async ask(document, variables, giveUpAt) {
      const question = Symbol('question');
      waiting.set(question, performance.now());
      try {
        return await untilAnswered(document, variables, giveUpAt);
      } finally {
        waiting.delete(question);
      }
    },
  };
}
