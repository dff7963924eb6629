import { GraphQLScalarType, Kind } from 'graphql';
import type { GraphQLScalarTypeConfig } from 'graphql';
import { GraphQLDateTimeISO, GraphQLLocalDate, GraphQLURL } from 'graphql-scalars';
import { formatDuration, parseDurationMs } from '../duration.ts';

/**
 * Days of the calendar, but for leap days. A list holds thousands of times, nearly all of this form: seen to be right by it alone,
 * they need not be taken apart, which takes much longer.
 */
const DAY = /\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)/
  .source;
const PLAIN_DAY = new RegExp(`^${DAY}$`);
const PLAIN_TIME = new RegExp(`^${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{3})?Z$`);

/** In: a `Date`. Out: a `Date` or an ISO 8601 string, answered in UTC with milliseconds. */
const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  serialize(value) {
    const match = typeof value === 'string' ? PLAIN_TIME.exec(value) : null;
    if (match === null) return GraphQLDateTimeISO.serialize(value);
    return match[1] === undefined ? `${match[0].slice(0, -1)}.000Z` : match[0];
  },
});

/** In and out: a string `YYYY-MM-DD` that is a day of the calendar. */
const DateScalar = new GraphQLScalarType({
  ...GraphQLLocalDate.toConfig(),
  name: 'Date',
  serialize: (value) =>
    typeof value === 'string' && PLAIN_DAY.test(value) ? value : GraphQLLocalDate.serialize(value),
});

/** In and out: milliseconds; on the wire ISO 8601 (`PT2H`). */
const durationConfig: GraphQLScalarTypeConfig<number, string> = {
  name: 'Duration',
  serialize(value) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw new TypeError('A duration is answered from milliseconds, 0 or more.');
    }
    return formatDuration(value);
  },
  parseValue(value) {
    if (typeof value !== 'string') throw new TypeError('A duration is a string, for example "PT2H".');
    return parseDurationMs(value);
  },
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new TypeError('A duration is a string, for example "PT2H".');
    return parseDurationMs(node.value);
  },
};
const Duration = new GraphQLScalarType(durationConfig);

/** In and out: a string that is an absolute http or https address, kept as it was written. */
const urlConfig: GraphQLScalarTypeConfig<string, string> = {
  name: 'URL',
  serialize(value) {
    if (typeof value !== 'string') throw new TypeError('An address is answered from a string.');
    GraphQLURL.serialize(value);
    return value;
  },
  parseValue: (value) => parseUrl(value),
  parseLiteral: (node) => parseUrl(node.kind === Kind.STRING ? node.value : null),
};
const UrlScalar = new GraphQLScalarType(urlConfig);

function parseUrl(value: unknown): string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (typeof value !== 'string' || url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new TypeError('Write an absolute web address, for example "https://gitlab.example.com".');
  }
  return value;
}

/** The scalars of the public schema, by name. */
export const scalars = { DateTime, Date: DateScalar, Duration, URL: UrlScalar };
