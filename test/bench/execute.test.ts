import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

it('the benchmark of execution tells requests a second beside those of two peers, having compared their answers', async () => {
  const args = ['execute', '--groups', '2', '--members', '3', '--rounds', '1', '--turn-ms', '200'];
  const { stdout } = await run(process.execPath, ['bench/main.ts', ...args], { cwd: ROOT, timeout: 170_000 });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toContain('execute: 2 groups of 3 members, answers agree');
  expect(lines.at(-2)).toMatch(/^execute: ours \d+\.\d req\/s, mercurius-jit \d+\.\d req\/s, ratio \d+\.\d\d$/);
  expect(lines.at(-1)).toMatch(/^execute: ours \d+\.\d req\/s, stock Apollo \d+\.\d req\/s, ratio \d+\.\d\d$/);
}, 180_000);
