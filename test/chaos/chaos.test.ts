import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, it } from '@jest/globals';

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGTERM');
});

type Run = { code: number | null; output: string };

async function chaos(...args: string[]): Promise<Run> {
  const started = spawn(process.execPath, ['--no-warnings', 'chaos/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let output = '';
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  started.stdout.on('data', hear);
  started.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => started.once('close', resolve));
  return { code, output };
}

it('gateways killed in the middle of writes, on both stores, leave every membership as it must be', async () => {
  const { code, output } = await chaos('--minutes', '2', '--seed', '1');
  expect(output).toContain('chaos: every membership is as it must be');
  expect(output.match(/differences: 0$/gm)).toHaveLength(2);
  expect(output).toMatch(/postgres: .+\n {2}kills: [1-9]/);
  expect(output).toMatch(/embedded: .+\n {2}kills: [1-9]/);
  expect(code).toBe(0);
}, 900_000);

it('one row that is changed behind its back is found, and the command fails', async () => {
  const { code, output } = await chaos('--minutes', '0.1', '--seed', '2', '--store', 'postgres', '--plant');
  const [, row] = /planted: (\S+)/.exec(output) ?? [];
  const differences = [...output.matchAll(/^ {4}((?:Group|Project):\S+): /gm)].map(([, where]) => where);
  expect(differences.length).toBeGreaterThan(0);
  expect(new Set(differences)).toEqual(new Set([row]));
  expect(output).toContain(`chaos: FAILED: ${String(differences.length)} differences`);
  expect(code).toBe(1);
}, 600_000);

it('a command line that it does not know is told how to be written', async () => {
  const { code, output } = await chaos('--minutes', 'none');
  expect(output).toContain('usage: npm run chaos');
  expect(code).toBe(2);
});
