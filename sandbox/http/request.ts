import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { RawParams } from './params.ts';
import { refuseError } from './reply.ts';

/** A request taken off the wire whole. */
export interface WireRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly queryText: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyText: string;
  readonly ip: string;
}

/** Reads a request with its body. */
export async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark === -1 ? url : url.slice(0, mark),
    queryText: mark === -1 ? '' : url.slice(mark + 1),
    headers: message.headers,
    bodyText: Buffer.concat(chunks).toString('utf8'),
    ip: message.socket.remoteAddress ?? '',
  };
}

/** Reads `a=1&b[]=2&b[]=3` as Rack does: brackets make a list, the last plain value of a name wins. */
export function parseForm(text: string): RawParams {
  const params: RawParams = {};
  if (text === '') return params;
  for (const [name, value] of new URLSearchParams(text)) {
    if (!name.endsWith('[]')) {
      params[name] = value;
      continue;
    }
    const key = name.slice(0, -2);
    const list: unknown = params[key];
    if (Array.isArray(list)) list.push(value);
    else params[key] = [value];
  }
  return params;
}

/** The parameters of a body, JSON or form; other content types bring none. */
export function parseBody(request: WireRequest): RawParams {
  if (request.bodyText === '') return {};
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return parseForm(request.bodyText);
  if (!type.includes('json')) return {};
  try {
    const body: unknown = JSON.parse(request.bodyText);
    return isRecord(body) ? body : {};
  } catch {
    throw refuseError(400, 'message body does not match declared format');
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A header's text; the first where it was sent twice. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
