import { format } from 'node:util';
import { pino, stdSerializers } from 'pino';
import type { DestinationStream, LogFn, Logger } from 'pino';

export type Log = Logger;

/** Names under which a secret could be logged, at any of the first levels of a logged object. */
const SECRET_NAMES = [
  'token',
  'authorization',
  'Authorization',
  'password',
  'secret',
  'key',
  'apiKey',
  'adminKey',
  'encryptionKey',
  'databaseUrl',
];
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Tokens of GitLab by its default prefixes, keys of ours, bearer headers and passwords in addresses. */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\bgl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[\w.-]{6,}/g, '[secret]'],
  [/\bgatehouse_[\w-]{20,}/g, '[secret]'],
  [/\b(Bearer) +[^\s"']+/gi, '$1 [secret]'],
  [/(:\/\/[^\s:/@]+):[^\s/@]+@/g, '$1:[secret]@'],
];

/** The text with everything that looks like a token, key or password taken out. */
export function withoutSecrets(text: string): string {
  return SECRET_SHAPES.reduce((clean, [shape, replacement]) => clean.replaceAll(shape, replacement), text);
}

/** A log in JSON lines. No secret reaches it: fields with the names of secrets are cut, errors and messages are cleaned. */
export function createLog(options: { level: string; destination?: DestinationStream }): Log {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: { paths: SECRET_PATHS, censor: '[secret]' },
      serializers: { err: (error: Error) => cleanError(error) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, cleanArguments(args));
        },
      },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
}

function cleanError(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message: withoutSecrets(message), stack: withoutSecrets(stack) };
}

/** pino would take the message of a lone error as it stands, so it is written out here, cleaned. */
function cleanArguments(args: Parameters<LogFn>): Parameters<LogFn> {
  const [first, message, ...rest]: unknown[] = args;
  if (typeof first === 'string') return [withoutSecrets(format(...args))];
  const fields = first instanceof Error ? { err: first } : first;
  const text = typeof message === 'string' ? message : first instanceof Error ? first.message : '';
  return [fields, withoutSecrets(format(text, ...rest))];
}
