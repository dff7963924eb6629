/** One answer of GitLab, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where the body is empty or no JSON. */
  readonly json: unknown;
}

export type QueryValue = string | number | boolean | readonly (string | number)[];

export interface Ask {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** False: hand a 429 back instead of waiting for `Retry-After` and asking again. */
  readonly patient?: boolean;
}

/** Calls to one GitLab with one credential. Paths are relative to `/api/v4`. */
export interface Caller {
  get(path: string, query?: Ask['query']): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  delete(path: string, query?: Ask['query']): Promise<Answer>;
  /** Any method, and the headers, with nothing assumed. */
  send(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** `POST /api/graphql` with a document and its variables. */
  graphql(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Any method and path relative to the base URL itself. */
  raw(method: string, path: string, ask?: Ask): Promise<Answer>;
}

const PATIENCE_TRIES = 3;
const REQUEST_TIMEOUT_MS = 60_000;

/** Calls to the GitLab at `url` with these credential headers (none: anonymous). */
export function createCaller(url: string, credential: Readonly<Record<string, string>>): Caller {
  const raw: Caller['raw'] = (method, path, ask = {}) => request(`${url}${path}`, method, credential, ask);
  const send: Caller['send'] = (method, path, ask = {}) => raw(method, `/api/v4${path}`, ask);
  return {
    raw,
    send,
    get: (path, query = {}) => send('GET', path, { query }),
    post: (path, body = {}) => send('POST', path, { body }),
    put: (path, body = {}) => send('PUT', path, { body }),
    delete: (path, query = {}) => send('DELETE', path, { query }),
    graphql: (query, variables = {}) => raw('POST', '/api/graphql', { body: { query, variables } }),
  };
}

async function request(
  url: string,
  method: string,
  credential: Readonly<Record<string, string>>,
  ask: Ask,
): Promise<Answer> {
  const full = new URL(url);
  for (const [key, value] of Object.entries(ask.query ?? {})) appendQuery(full, key, value);
  const headers: Record<string, string> = { ...credential, ...ask.headers };
  if (ask.body !== undefined) headers['content-type'] ??= 'application/json';
  const body = typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body);
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(full, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(ask.body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (response.status !== 429 || ask.patient === false || attempt >= PATIENCE_TRIES) {
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    }
    await waitSeconds(Number(response.headers.get('retry-after') ?? '1'));
  }
}

function appendQuery(url: URL, key: string, value: QueryValue): void {
  if (typeof value === 'object') for (const item of value) url.searchParams.append(`${key}[]`, String(item));
  else url.searchParams.append(key, String(value));
}

function waitSeconds(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0.1, seconds) * 1000));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
