import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

it('the bench of questions tells how fast they are answered beside GitLab, whose answers are the same', async () => {
  const sizes = ['--size', 'small', '--samples', '2', '--live-samples', '2', '--store', 'embedded'];
  const { stdout } = await run(process.execPath, ['bench/main.ts', 'questions', ...sizes], { cwd: ROOT });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.filter((line) => line.endsWith('same answers'))).toHaveLength(4);
  expect(lines.at(-1)).toMatch(/^questions: ours \d+\.\d ms, GitLab live \d+\.\d ms, ratio \d+\.\d$/);
}, 600_000);
