import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { codeOf } from './thrown.ts';

/** When the process began, in words of the system; null: there is no such process; `unknown`: it lives, more is not told. */
export function startIdentity(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return null;
  }
  const stat = linuxStat(pid);
  // A zombie has ended and holds no file; only its parent has not asked yet how.
  if (stat?.state === 'Z') return null;
  return stat?.start ?? portableStart(pid) ?? 'unknown';
}

/** Boot and clock tick of the start, which do not come again together. */
function linuxStat(pid: number): { state: string; start: string } | null {
  const stat = read(`/proc/${String(pid)}/stat`);
  const boot = read('/proc/sys/kernel/random/boot_id');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields?.[0], fields?.[19]];
  return boot === null || state === undefined || ticks === undefined
    ? null
    : { state, start: `${boot.trim()}/${ticks}` };
}

function portableStart(pid: number): string | null {
  try {
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 }).trim();
    return told === '' ? null : told;
  } catch {
    return null;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
