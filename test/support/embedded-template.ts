import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Kysely } from 'kysely';
import { connectToPGlite } from '../../src/store/embedded-client.ts';
import { embeddedDialect, openPGlite } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createTransactionScope } from '../../src/store/scope.ts';
import type { Tables } from '../../src/store/tables.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CACHE = path.join(ROOT, 'node_modules/.cache/gatehouse-test');
const DAY_MS = 86_400_000;

/**
 * An empty embedded store with its tables, as a file that tests load instead of making their own, which takes seconds of
 * work. Kept between runs under a name that changes with PGlite and with the migrations.
 */
export async function embeddedTemplateFile(): Promise<string> {
  const file = path.join(CACHE, `empty-${whatItIsMadeOf()}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(CACHE, { recursive: true });
  removeOld();
  const unfinished = `${file}.${String(process.pid)}`;
  writeFileSync(unfinished, Buffer.from(await (await dumpOfEmptyStore()).arrayBuffer()));
  renameSync(unfinished, file);
  return file;
}

/** Not what was made within a day: another run, of other sources, may be at work with its own. */
function removeOld(): void {
  for (const name of globSync('empty-*.tar', { cwd: CACHE })) {
    const file = path.join(CACHE, name);
    const madeAtMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - madeAtMs > DAY_MS) rmSync(file, { force: true });
  }
}

async function dumpOfEmptyStore(): Promise<Blob> {
  const pglite = await openPGlite(null);
  const deps = {
    client: await connectToPGlite({ pglite, nowMs: () => performance.now() }),
    scope: createTransactionScope(),
  };
  const db = new Kysely<Tables>({ dialect: embeddedDialect(deps) });
  await migrate(db);
  const dump = await pglite.dumpDataDir('none');
  await db.destroy();
  return dump;
}

function whatItIsMadeOf(): string {
  const migrations = globSync('src/store/migrations/*.ts', { cwd: ROOT }).sort();
  const sources = ['node_modules/@electric-sql/pglite/package.json', 'src/store/embedded.ts', ...migrations];
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(path.join(ROOT, source)));
  return hash.digest('hex').slice(0, 16);
}
