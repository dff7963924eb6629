import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');
const END_WITHIN_MS = 20_000;

export type Child = {
  pid: number;
  /** What `ready` found in the output. */
  said: RegExpExecArray;
  /** When the process was started, by `performance.now()`. */
  startedAtMs: number;
  /** SIGTERM, and SIGKILL should it not end in time. Resolves when it is gone; may be called again. */
  end(): Promise<void>;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
};

/**
 * Starts `node script` in a process of its own, which never outlives this one, and resolves once its output shows `ready`.
 * Rejects with what it wrote to stderr when it ends before. Only the named environment is handed on.
 */
export async function startChild(options: {
  script: string;
  /** What Node itself is told, for example to write a profile. */
  nodeFlags?: readonly string[];
  args?: readonly string[];
  environment?: Record<string, string>;
  ready: RegExp;
}): Promise<Child> {
  const startedAtMs = performance.now();
  const child = spawn(
    process.execPath,
    [...(options.nodeFlags ?? []), path.join(ROOT, options.script), ...(options.args ?? [])],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const killNow = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killNow);
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.removeListener('exit', killNow);
      resolve();
    });
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000);
  });
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-1_000_000);
      const found = options.ready.exec(output);
      if (found !== null) resolve(found);
    });
    void gone.then(() => {
      reject(new Error(`${options.script} ended before it was ready: ${complaints === '' ? output : complaints}`));
    });
  });
  return {
    pid: child.pid ?? 0,
    said,
    startedAtMs,
    async end() {
      child.kill('SIGTERM');
      const timer = setTimeout(killNow, END_WITHIN_MS);
      await gone;
      clearTimeout(timer);
    },
    async kill() {
      killNow();
      await gone;
    },
  };
}
