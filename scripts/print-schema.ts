import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { readSdl } from '../src/server/sdl.ts';

/** The public schema in one file, types and fields sorted, for clients' code generators and for comparison between releases. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildSchema(readSdl())))}\n`;
}
