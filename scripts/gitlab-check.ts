import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { schemaDifferences } from './schema-diff.ts';

/**
 * Holds our slice of GitLab's schema against a whole one: `npm run gitlab:check -- FILE`, FILE being GitLab's schema as SDL.
 * Prints each difference and exits 1 if there is any, 2 if the file cannot be read.
 */
function main(path: string | undefined): number {
  if (path === undefined) {
    process.stderr.write("Give the file that holds GitLab's whole schema: npm run gitlab:check -- FILE\n");
    return 2;
  }
  const read = (file: string | URL): ReturnType<typeof buildSchema> => buildSchema(readFileSync(file, 'utf8'));
  try {
    const slice = read(new URL('../src/gitlab/schema.graphql', import.meta.url));
    const differences = schemaDifferences(slice, read(path));
    process.stdout.write(
      differences.length === 0
        ? 'Our slice holds.\n'
        : `${differences.join('\n')}\n${String(differences.length)} differences.\n`,
    );
    return differences.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`The schema cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

process.exitCode = main(process.argv[2]);
