import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { printedSchema } from './print-schema.ts';

/**
 * Makes what `npm pack` ships: `dist/` (plain JavaScript; the `gatehouse` command is dist/main.js) and `schema.graphql`. The SDL
 * files are read from `schema/`, which stands beside `dist/` as it stands beside `src/`.
 */
const root = path.join(import.meta.dirname, '..');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '--project', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
chmodSync(path.join(root, 'dist', 'main.js'), 0o755);
writeFileSync(path.join(root, 'schema.graphql'), printedSchema());
