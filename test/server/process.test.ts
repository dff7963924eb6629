import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';

const dataDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-process-'));
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

type Run = { child: ChildProcess; output: () => string; ended: Promise<number | null>; url: Promise<string> };

function run(environment: Record<string, string>): Run {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /answers at (\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => {
      reject(new Error(`It ended: ${output}`));
    });
  });
  return { child, output: () => output, ended, url };
}

async function viewer(url: string, key: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ viewer { name } }' }),
  });
  return response.status;
}

it('the process shows the key it makes once, ends in order at SIGTERM with 0, and starts again on the same folder', async () => {
  const first = run({});
  const url = await first.url;
  const key = /shown this once: (\S+)/.exec(first.output())?.[1] ?? '';
  expect(await viewer(url, key)).toBe(200);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(first.output()).toContain('Closed.');

  const second = run({});
  expect(await viewer(await second.url, key)).toBe(200);
  expect(second.output()).not.toContain('shown this once');
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
}, 120_000);

it('a faulty environment ends the process at once with every fault, and without a stack', async () => {
  const faulty = run({ PORT: 'x', GATEHOUSE_KEY: 'short' });
  await expect(faulty.url).rejects.toThrow('It ended');
  expect(await faulty.ended).toBe(1);
  expect(faulty.output()).toContain('PORT: ');
  expect(faulty.output()).toContain('GATEHOUSE_KEY: ');
  expect(faulty.output()).not.toContain('    at ');
});

it('a port that is taken is told with what to do', async () => {
  const taken = run({ PORT: '1', HOST: '203.0.113.1', GATEHOUSE_ADMIN_KEY: 'k'.repeat(30) });
  await expect(taken.url).rejects.toThrow('Set HOST and PORT');
  expect(await taken.ended).toBe(1);
}, 60_000);
