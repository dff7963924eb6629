import { RequestError } from './errors.ts';

/** One query of a request, not yet parsed. */
export interface QueryRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
  /** Whether the request has an `operationName` at all, null included. */
  readonly hasOperationName: boolean;
}

/** What was asked: one query, or an array of them. */
export interface RequestBody {
  readonly isBatch: boolean;
  readonly queries: readonly QueryRequest[];
}

const MAX_DEPTH = 32;
const MAX_ENTRIES = 50_000;
const MAX_ELEMENTS = 100_000;

/**
 * Reads the queries of a GET or POST. A content type GitLab does not parse gives one empty query; broken JSON and JSON
 * over GitLab's limits are refused with 400 (docs/gitlab.md §GraphQL transport).
 */
export function readBody(request: {
  method: string;
  queryText: string;
  contentType: string;
  bodyText: string;
}): RequestBody {
  const url = Object.fromEntries(new URLSearchParams(request.queryText));
  if (request.method !== 'POST') return single(url);
  if (request.contentType.startsWith('application/x-www-form-urlencoded')) {
    return single({ ...url, ...Object.fromEntries(new URLSearchParams(request.bodyText)) });
  }
  if (!request.contentType.includes('json') || request.bodyText === '') return single(url);
  const body = parseJson(request.bodyText);
  if (Array.isArray(body)) return { isBatch: true, queries: body.map((item) => queryOf(isRecord(item) ? item : {})) };
  return single({ ...url, ...(isRecord(body) ? body : {}) });
}

function single(fields: Readonly<Record<string, unknown>>): RequestBody {
  return { isBatch: false, queries: [queryOf(fields)] };
}

function queryOf(fields: Readonly<Record<string, unknown>>): QueryRequest {
  const { query, operationName, variables } = fields;
  return {
    query: typeof query === 'string' ? query : '',
    variables: readVariablesField(variables),
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : null,
    hasOperationName: 'operationName' in fields,
  };
}

/** Variables come as an object or as JSON text; anything else is a 422. */
function readVariablesField(variables: unknown): Readonly<Record<string, unknown>> {
  if (variables === undefined || variables === null || variables === '') return {};
  if (typeof variables === 'string') {
    try {
      return readVariablesField(JSON.parse(variables) as unknown);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      throw new RequestError(422, `unexpected token at '${variables}'`);
    }
  }
  if (isRecord(variables)) return variables;
  throw new RequestError(422, `Unexpected parameter: ${JSON.stringify(variables)}`);
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(400, 'Invalid JSON: the body could not be parsed', 'error');
  }
  let elements = 0;
  const check = (item: unknown, depth: number): void => {
    elements += 1;
    if (typeof item !== 'object' || item === null) return;
    const entries: readonly unknown[] = Object.values(item);
    if (depth > MAX_DEPTH) throw new RequestError(400, 'Parameters nested too deeply', 'error');
    if (entries.length > MAX_ENTRIES || elements > MAX_ELEMENTS) {
      throw new RequestError(400, 'Parameters have too many elements', 'error');
    }
    for (const entry of entries) check(entry, depth + 1);
  };
  check(value, 1);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
