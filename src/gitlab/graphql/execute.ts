import { z } from 'zod';
import { GitLabError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { Lack } from './knowledge.ts';
import { isJson, jsonOf } from '../http-facts.ts';
import { unreadable } from '../parse/rest.ts';
import type { HttpResponse } from '../transport.ts';

/** An error of an answer as GitLab sent it; `path` is of the answer. */
export type AnswerError = { message: string; path: readonly (string | number)[] };

/**
 * Nothing was answered, and the same question in smaller pieces may be. `complexity` is what GitLab counted and allows, if that
 * was the reason.
 */
export type Refused = {
  kind: 'refused';
  error: GitLabError;
  complexity: { counted: number; limit: number } | null;
  lacks: Lack[];
};

/** `data`: some fields may have failed. */
export type Outcome = { kind: 'data'; data: Record<string, unknown>; errors: AnswerError[] } | Refused;

type RawError = {
  message: string;
  path?: (string | number)[] | undefined;
  extensions?: { code?: string | undefined } | undefined;
};

const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.object({ code: z.string().optional() }).optional(),
      }),
    )
    .optional(),
});

const COMPLEXITY = /complexity of (\d+), which exceeds max complexity of (\d+)/;
const MAX_TEXT = 500;

/** Variable errors repeat the value that was sent; it is not passed on (docs/gitlab.md §GraphQL errors). */
function safeText(message: string): string {
  return message.startsWith('Variable ') ? 'a variable has an invalid value' : message.slice(0, MAX_TEXT);
}

/** Which of the younger fields and arguments an older GitLab stumbled over (docs/gitlab.md §versions). */
function lacksOf(errors: readonly RawError[]): Lack[] {
  return errors.flatMap(({ message, extensions }): Lack[] => {
    if (extensions?.code === 'undefinedField' && message.includes("'type'")) return ['userType'];
    return extensions?.code === 'argumentNotAccepted' && message.includes("'ids'") ? ['memberIds'] : [];
  });
}

function refusal(errors: readonly RawError[], response: HttpResponse): Outcome {
  const said = errors[0]?.message ?? '';
  const text = said === '' ? 'no data and no error' : safeText(said);
  const requestId = response.headers['x-request-id'];
  const [, counted, limit] = COMPLEXITY.exec(said) ?? [];
  const error = new GitLabError('QUERY_REFUSED', `GitLab refused the query: ${text}`, {
    status: response.status,
    text,
    ...(requestId === undefined ? {} : { requestId }),
  });
  const complexity =
    counted === undefined || limit === undefined ? null : { counted: Number(counted), limit: Number(limit) };
  return { kind: 'refused', error, complexity, lacks: lacksOf(errors) };
}

function accepted(response: HttpResponse): Outcome {
  const body = jsonOf(response);
  if (body === undefined) {
    throw new GitLabError(
      'NOT_GITLAB',
      'The answer is not from GitLab. Check the base URL, and any proxy before GitLab.',
      {
        status: response.status,
      },
    );
  }
  const parsed = envelope.safeParse(body);
  if (!parsed.success) throw unreadable('GraphQL answer', parsed.error, response.headers['x-request-id']);
  const { data } = parsed.data;
  const raw = parsed.data.errors ?? [];
  if (data === undefined || data === null) return refusal(raw, response);
  const errors = raw.map(({ message, path }) => ({ message, path: path ?? [] }));
  return { kind: 'data', data, errors };
}

function interpret(response: HttpResponse, exchange: Exchange, mayBeDivided: boolean): Outcome {
  if (response.status === 200) return accepted(response);
  const error = exchange.toError(response, 'other');
  const fromGitLab = (response.status === 500 || response.status === 503) && isJson(response);
  if (fromGitLab && mayBeDivided) return { kind: 'refused', error, complexity: null, lacks: [] };
  if (response.status !== 422) throw error;
  const refused = new GitLabError('QUERY_REFUSED', 'GitLab refused the query.', error.details);
  return { kind: 'refused', error: refused, complexity: null, lacks: [] };
}

export type Query = {
  text: string;
  variables: Record<string, unknown>;
  timeoutMs: number;
  /** Whether GitLab's own 500 and 503 are better met by a smaller query than by the same again. */
  mayBeDivided: boolean;
};

/** Sends one query, again after failures that may pass. Rejects with `GitLabError`s that condemn the whole call. */
export async function execute(exchange: Exchange, query: Query): Promise<Outcome> {
  return exchange.retry(async (once) => {
    const response = await once({
      method: 'POST',
      path: '/api/graphql',
      json: { query: query.text, variables: query.variables },
      timeoutMs: query.timeoutMs,
      subject: 'other',
    });
    return interpret(response, exchange, query.mayBeDivided);
  });
}

const NO_ACCESS = "does not exist or you don't have permission";

/** Whether GitLab gave up on a field for lack of time. */
export function ranOutOfTime(message: string): boolean {
  return message.startsWith('Timeout on ');
}

/** The error of one field (docs/gitlab.md §GraphQL errors). */
export function fieldError(message: string): GitLabError {
  const text = safeText(message);
  if (message.includes(NO_ACCESS))
    return new GitLabError('FORBIDDEN', "GitLab forbids this to the token's account.", { text });
  if (ranOutOfTime(message))
    return new GitLabError('UNAVAILABLE', 'GitLab ran out of time on this part of the query.', { text });
  return new GitLabError('INVALID', `GitLab could not answer this part of the query: ${text}`, { text });
}
