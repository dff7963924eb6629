import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

it('the benchmark of members tells time and calls beside those of a client library, having compared the answers', async () => {
  const args = ['members', '--groups', '4', '--members', '3', '--latency-ms', '1', '--rounds', '1'];
  const { stdout } = await run(process.execPath, ['bench/main.ts', ...args], { cwd: ROOT, timeout: 170_000 });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toContain('ours: 2 calls');
  expect(lines).toContain('gitbeaker pool of 10: 4 calls');
  expect(lines.at(-2)).toMatch(/^members: ours \d+ ms, gitbeaker in a loop \d+ ms, ratio \d+\.\d\d$/);
  expect(lines.at(-1)).toMatch(/^members: ours \d+ ms, gitbeaker pool of 10 \d+ ms, ratio \d+\.\d\d$/);
}, 180_000);
