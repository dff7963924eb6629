import { readFileSync, readdirSync } from 'node:fs';

/** The folder stands beside `src` in the sources and beside `dist` in the package. */
const SCHEMA_FOLDER = new URL('../../schema/', import.meta.url);

/** The public schema: every file of `schema/`, in the order of their names. */
export function readSdl(): string {
  const files = readdirSync(SCHEMA_FOLDER).filter((name) => name.endsWith('.graphql'));
  return files
    .sort()
    .map((name) => readFileSync(new URL(name, SCHEMA_FOLDER), 'utf8'))
    .join('\n');
}
