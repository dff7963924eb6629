import { z } from 'zod';
import { Refusal } from '../errors.ts';

const NAME_MAX = 80;
const TOKEN_MAX = 2048;
const IDEMPOTENCY_KEY_MAX = 200;
const REASON_MAX = 1000;

const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u;

const name = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .refine(
    (text) => text !== '' && Array.from(text).length <= NAME_MAX,
    `A name has 1 to ${String(NAME_MAX)} characters.`,
  )
  .refine((text) => ONE_LINE.test(text), 'A name is one line of ordinary text.');

/** Without a slash at the end and without the API's own path, which people copy along. */
const baseUrl = z.string().transform((text, context) => {
  const url = URL.parse(text.trim());
  const wrong = url ? faultOf(url) : 'Write the address as https://gitlab.example.com.';
  if (!url || wrong !== null) {
    context.addIssue({ code: 'custom', message: wrong ?? '' });
    return z.NEVER;
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/(v4|graphql)$/, '');
  return `${url.origin}${path}`;
});

function faultOf(url: URL): string | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return 'Write the address as https://gitlab.example.com.';
  }
  if (url.username !== '' || url.password !== '') {
    return 'Leave user name and password out of the address.';
  }
  return url.search !== '' || url.hash !== '' ? 'Leave everything from ? or # on out of the address.' : null;
}

/** Visible ASCII, as every token is; so it also cannot break out of a header. Prefixes are not looked at: GitLab lets them be changed. */
const token = z
  .string()
  .transform((text) => text.trim())
  .refine(
    (text) => /^[\x21-\x7e]+$/.test(text) && text.length <= TOKEN_MAX,
    'This is no token: it is empty, or has spaces or characters that no token has. Copy it again.',
  );

const idempotencyKey = z
  .string()
  .min(1, 'An idempotency key may not be empty.')
  .max(IDEMPOTENCY_KEY_MAX, `An idempotency key has at most ${String(IDEMPOTENCY_KEY_MAX)} characters.`)
  .nullish()
  .transform((key) => key ?? null);

const reason = z
  .string()
  .max(REASON_MAX, `A reason has at most ${String(REASON_MAX)} characters.`)
  .nullish()
  .transform((text) => text?.trim() ?? '');

const standingGrants = z.enum(['REFUSE', 'END', 'ABANDON']);

export const testSchema = z.object({
  connectionId: z.string().nullish(),
  baseUrl: baseUrl.nullish(),
  token: token.nullish(),
});
export const saveSchema = z.object({ name, baseUrl, token, idempotencyKey });
export const updateSchema = z.object({
  connectionId: z.string(),
  name: name.nullish(),
  baseUrl: baseUrl.nullish(),
  token: token.nullish(),
  force: z
    .boolean()
    .nullish()
    .transform((force) => force === true),
  idempotencyKey,
});
export const deleteSchema = z.object({ connectionId: z.string(), grants: standingGrants, reason, idempotencyKey });
export const rotateTokenSchema = z.object({
  connectionId: z.string(),
  expiresAt: z.iso.date('Write a day as 2026-12-31.').nullish(),
  idempotencyKey,
});
export const hookSecretSchema = z.object({ connectionId: z.string(), idempotencyKey });

/** The input as its schema makes it. Throws one `Refusal` that names every fault, and never what was given: it may be secret. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    return parsed.data;
  }
  throw new Refusal(
    ...parsed.error.issues.map(({ message, path }) => ({
      code: 'INVALID_INPUT' as const,
      message,
      field: path.map(String),
    })),
  );
}
