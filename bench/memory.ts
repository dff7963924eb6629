import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 500;
/** So many looks in a row at the same memory are rest. */
const LOOKS = 6;
const SAME_MB = 4;
const WITHIN_MS = 60_000;

function statusMb(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The most memory that the process has had, since `restPeak` where that was called; not a number where the system does not tell. */
export const peakMb = (pid: number): number => statusMb(pid, 'VmHWM');

/**
 * Waits until the process is at rest and lets its peak begin anew; answers what it has then. Without this the peak is that of
 * V8, which for some seconds takes hundreds of MB to compile one function of the embedded store once that is much used.
 */
export async function restPeak(pid: number): Promise<number> {
  const endsAtMs = performance.now() + WITHIN_MS;
  let before = statusMb(pid, 'VmRSS');
  for (let same = 0; same < LOOKS && performance.now() < endsAtMs;) {
    await pause(LOOK_EVERY_MS);
    const now = statusMb(pid, 'VmRSS');
    same = Math.abs(now - before) < SAME_MB ? same + 1 : 0;
    before = now;
  }
  try {
    writeFileSync(`/proc/${String(pid)}/clear_refs`, '5');
  } catch {
    // Elsewhere than on Linux there is no peak to begin anew.
  }
  return before;
}
