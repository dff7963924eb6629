import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { GatehouseError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { Log } from '../log.ts';
import { withoutSecrets } from '../log.ts';
import { upstreamExtensions } from '../resolvers/upstream.ts';

/** Codes of errors about the request itself, made before anything ran: their messages hold nothing of ours. */
const REQUEST_CODES = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'FORBIDDEN',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * What the caller sees of an error. Errors about the request, `GatehouseError` and `GitLabError` are shown; any other is masked,
 * and logged under the id that the caller is given.
 */
export function createFormatError(
  log: Log,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const place = placeOf(formatted);
    const cause = unwrapResolverError(error);
    if (cause instanceof GatehouseError) return { ...place, message: cause.message, extensions: { code: cause.code } };
    if (cause instanceof GitLabError) {
      return { ...place, message: withoutSecrets(cause.message), extensions: upstreamExtensions(cause) };
    }
    if (isAboutTheRequest(formatted)) {
      return {
        ...place,
        message: requestMessage(formatted.message),
        extensions: { code: formatted.extensions?.['code'] },
      };
    }
    if (cause instanceof GraphQLError && isArgumentFault(cause)) {
      return {
        ...place,
        message: requestMessage(cause.message),
        extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode },
      };
    }
    return { ...place, ...masked(log, cause, formatted.path) };
  };
}

function placeOf(formatted: GraphQLFormattedError): Pick<GraphQLFormattedError, 'path' | 'locations'> {
  const { path, locations } = formatted;
  return { ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
}

/** Only an error of a field has a path. */
function isAboutTheRequest(formatted: GraphQLFormattedError): boolean {
  return formatted.path === undefined && REQUEST_CODES.has(formatted.extensions?.['code']);
}

/** A null given where an argument must have a value is found out only at the field. */
function isArgumentFault(error: GraphQLError): boolean {
  return error.message.startsWith('Argument "');
}

/**
 * The message of a request error without the value that was refused, which may be a whole input with a token in it:
 * `Variable "$input" got invalid value {...} at "input.name"; Expected ...` keeps its first words, the path and the reason.
 */
function requestMessage(message: string): string {
  const match =
    /^(Variable "\$\w+" got invalid value) [\s\S]*?((?: at "[\w.[\]]+")?; (?:Expected|Field|Exactly|Unknown|String|Int|Float|Boolean|ID|Enum|Value) ?[\s\S]*)$/.exec(
      message,
    );
  return withoutSecrets(match === null ? message : `${match[1] ?? ''}${match[2] ?? ''}`);
}

function masked(log: Log, error: unknown, path: GraphQLFormattedError['path']): GraphQLFormattedError {
  const errorId = randomUUID();
  const err = error instanceof Error ? error : new Error('Something that is no error was thrown.');
  log.error({ err, errorId, path: path?.join('.') }, 'A request met an unexpected error.');
  return {
    message: `Something went wrong inside the gateway. Its log tells more under the id ${errorId}.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode, errorId },
  };
}
