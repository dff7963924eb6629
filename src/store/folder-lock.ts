import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { startIdentity } from './process-start.ts';
import { codeOf } from './thrown.ts';

/** Who holds the folder. The start identity tells a process from a later one with the same number. */
const ownerSchema = z.object({ pid: z.int().positive(), startedAs: z.string(), host: z.string() });
type Owner = z.infer<typeof ownerSchema>;

export type FolderLock = { release(): void };

/**
 * Takes `<folder>/gatehouse.lock`, or throws an error that says what to do. Two processes on one embedded store would destroy
 * it, so the lock of another process is taken over only if that process is proven dead: same machine, and no such process.
 */
export function lockFolder(folder: string): FolderLock {
  const file = path.join(folder, 'gatehouse.lock');
  const self: Owner = { pid: process.pid, startedAs: startIdentity(process.pid) ?? 'unknown', host: hostname() };
  const text = JSON.stringify(self);
  if (!createWith(file, text)) takeOver(file, text);
  return {
    release() {
      if (read(file) === text) rmSync(file, { force: true });
    },
  };
}

/** Replaces a dead owner's lock. A second file makes sure that only one process at a time judges and replaces. */
function takeOver(file: string, text: string): void {
  const turn = `${file}.takeover`;
  if (!createWith(turn, text)) {
    throw new Error(
      `Another process is just taking over "${file}". Start again in a moment; if this stays and no gateway runs on this folder, delete "${turn}".`,
    );
  }
  try {
    const current = read(file);
    if (current !== null) {
      refuseUnlessDead(file, current);
      rmSync(file);
    }
    if (!createWith(file, text)) refuseUnlessDead(file, read(file) ?? '');
  } finally {
    rmSync(turn, { force: true });
  }
}

function refuseUnlessDead(file: string, text: string): void {
  const owner = parseOwner(text);
  const remedy = `If you are sure that no gateway uses this folder, delete "${file}" and start again.`;
  if (owner === null) throw new Error(`The lock "${file}" cannot be read, so nobody knows whose it is. ${remedy}`);
  if (owner.host !== hostname()) {
    throw new Error(
      `The folder is locked by process ${String(owner.pid)} on the machine "${owner.host}", which cannot be asked from here. Stop that gateway first. ${remedy}`,
    );
  }
  const running = startIdentity(owner.pid);
  if (running !== null && (owner.startedAs === 'unknown' || running === owner.startedAs)) {
    throw new Error(
      `The folder is in use by the gateway with process id ${String(owner.pid)}. Stop it first, give this one another DATA_DIR, or set DATABASE_URL so that several can share one database.`,
    );
  }
}

/** True if the file was made; false if there is one already. */
function createWith(file: string, text: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return true;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function parseOwner(text: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
