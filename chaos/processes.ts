import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const SAID_CHARS = 4_000;
const TERM_LIMIT_MS = 60_000;

export type Running = {
  pid: number;
  /** The first match of what it was waited for; rejects when the process ends before. */
  ready: Promise<RegExpExecArray>;
  exited: Promise<void>;
  alive(): boolean;
  kill(): void;
  /** SIGTERM, and SIGKILL where that is not obeyed. Says whether it ended in order. */
  end(): Promise<boolean>;
};

/** Starts processes of this project and knows all of them, so that none is left behind. */
export type Processes = {
  start(
    script: string,
    options: { args?: string[]; env?: Record<string, string>; readyWhen: RegExp; onText?: (text: string) => void },
  ): Running;
  /** Runs a script to its end and answers what it printed; rejects when it exits with another code than 0. */
  run(script: string, options: { args?: string[]; env?: Record<string, string> }): Promise<string>;
  endAll(): Promise<void>;
};

export function createProcesses(): Processes {
  const running = new Set<Running>();

  function launch(script: string, args: string[], env: Record<string, string>): ChildProcess {
    return spawn(process.execPath, ['--no-warnings', path.join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  return {
    start(script, { args = [], env = {}, readyWhen, onText }) {
      const child = launch(script, args, env);
      if (onText !== undefined) child.stdout?.on('data', onText);
      const said = listen(child);
      const exited = new Promise<void>((resolve) =>
        child.once('close', () => {
          resolve();
        }),
      );
      const ready = new Promise<RegExpExecArray>((resolve, reject) => {
        const look = (): void => {
          const found = readyWhen.exec(said.text);
          if (found !== null) resolve(found);
        };
        child.stdout?.on('data', look);
        child.once('error', reject);
        void exited.then(() => {
          reject(new Error(`${script} ended: ${said.text.slice(-SAID_CHARS)}`));
        });
      });
      // Whoever kills a process while it starts does not wait for it.
      ready.catch(() => undefined);
      const one: Running = {
        pid: child.pid ?? -1,
        ready,
        exited,
        alive: () => child.exitCode === null && child.signalCode === null,
        kill: () => {
          child.kill('SIGKILL');
        },
        async end() {
          if (one.alive()) child.kill('SIGTERM');
          const timer = setTimeout(() => child.kill('SIGKILL'), TERM_LIMIT_MS);
          await exited;
          clearTimeout(timer);
          return child.exitCode === 0;
        },
      };
      running.add(one);
      void exited.then(() => running.delete(one));
      return one;
    },
    async run(script, { args = [], env = {} }) {
      const child = launch(script, args, env);
      let [out, failed] = ['', ''];
      child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (failed = (failed + text).slice(-SAID_CHARS)));
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      if (code !== 0) throw new Error(`${script} ended with ${String(code)}: ${out.slice(-SAID_CHARS)}${failed}`);
      return out;
    },
    async endAll() {
      for (const one of running) one.kill();
      await Promise.all([...running].map((one) => one.exited));
    },
  };
}

function listen(child: ChildProcess): { text: string } {
  const said = { text: '' };
  const hear = (text: string): void => {
    said.text = (said.text + text).slice(-2 * SAID_CHARS);
  };
  child.stdout?.setEncoding('utf8').on('data', hear);
  child.stderr?.setEncoding('utf8').on('data', hear);
  return said;
}
