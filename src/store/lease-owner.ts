import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { startIdentity } from './process-start.ts';

/** Says where a process number means the same process: which boot of which machine, and which container on it. */
type Named = { space: string; start: string; pid: number };

const UNKNOWN = '-';

/** The list of processes that this one is in; null where the system does not tell. */
function ownSpace(): string | null {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? null;
  } catch {
    return null;
  }
}

/** Names this process in leases, so that others can tell whether it still lives. */
export function nameThisProcess(): string {
  const start = startIdentity(process.pid);
  const told = start?.includes('/') === true ? start : UNKNOWN;
  return [hostname(), ownSpace() ?? UNKNOWN, told, String(process.pid), randomUUID()].join(':');
}

function parse(owner: string): Named | null {
  const [, space, start, pid] = /^.*:([^:]+):([^:]+):(\d+):[^:]+$/.exec(owner) ?? [];
  if (space === undefined || start === undefined || pid === undefined) return null;
  return space === UNKNOWN || start === UNKNOWN ? null : { space, start, pid: Number(pid) };
}

const bootOf = (start: string): string | undefined => start.split('/')[0];

/**
 * Whether the process that a lease names is proven to be over: it ran here, since this machine was started and among the processes
 * that are seen from here, and there is none with its number that began when it did. False where that cannot be told.
 */
export function provenDead(owner: string): boolean {
  const named = parse(owner);
  const own = startIdentity(process.pid);
  if (named === null || own === null || named.space !== ownSpace()) return false;
  if (bootOf(named.start) !== bootOf(own)) return false;
  const running = startIdentity(named.pid);
  return running === null || (running.includes('/') && running !== named.start);
}
