import { z } from 'zod';
import type { HttpResponse } from './transport.ts';
import { jsonOf } from './http-facts.ts';

/** What an error answer says, whichever of GitLab's body shapes it came in (docs/gitlab.md §errors). */
export type ErrorBody = {
  /** `html`: a proxy's page or nothing at all; `text`: bare text; `route`: `{"error": …}`; the rest is `{"message": …}`. */
  shape: 'html' | 'text' | 'route' | 'message';
  /** What it says, shortened; empty if nothing. */
  text: string;
  /** The `error` key when it is a string: `invalid_token`, `insufficient_scope`, or a route's or parameter's fault. */
  error: string | null;
  fields?: Record<string, string[]>;
  reason?: string;
};

const MAX_TEXT = 500;

const schema = z.object({
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  error_description: z.string().optional(),
  reason: z.string().optional(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** A validation hash: attribute → messages. Values of another form are dropped. */
function fieldsOf(value: unknown): Record<string, string[]> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields: Record<string, string[]> = {};
  for (const [name, messages] of Object.entries(value)) {
    const list: unknown[] = Array.isArray(messages) ? messages : [messages];
    const texts = list.filter((item) => typeof item === 'string');
    if (texts.length > 0) fields[name] = texts.map((text) => text.slice(0, MAX_TEXT));
  }
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function sentence(fields: Record<string, string[]>): string {
  return Object.entries(fields)
    .map(([name, texts]) => `${name}: ${texts.join(', ')}`)
    .join('; ');
}

/** Reads the body of an answer that is no success. Never fails. */
export function readErrorBody(response: Pick<HttpResponse, 'headers' | 'body'>): ErrorBody {
  const parsed = schema.safeParse(jsonOf(response));
  if (!parsed.success) {
    const html = response.body.trim() === '' || /<(html|!doctype|head|body|title)\b/i.test(response.body);
    return { shape: html ? 'html' : 'text', text: html ? '' : response.body.trim().slice(0, MAX_TEXT), error: null };
  }
  const { error, error_description: description, reason, errors } = parsed.data;
  const message = parsed.data.message ?? errors?.[0]?.message;
  const errorText = typeof error === 'string' ? error : null;
  const fields = fieldsOf(message);
  const said =
    typeof message === 'string' ? message : fields === undefined ? (description ?? errorText ?? '') : sentence(fields);
  return {
    shape: message === undefined ? 'route' : 'message',
    text: said.slice(0, MAX_TEXT),
    error: errorText,
    ...(fields === undefined ? {} : { fields }),
    ...(reason === undefined ? {} : { reason }),
  };
}
