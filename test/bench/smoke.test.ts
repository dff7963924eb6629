import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

async function lastLine(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['bench/main.ts', ...args], { cwd: ROOT, timeout: 170_000 });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

describe('the benchmarks', () => {
  it('tell how long after its due time a grant is verified ended, having checked GitLab', async () => {
    expect(await lastLine('revoke', '--grants', '20', '--seconds', '2')).toMatch(
      /^revoke: p50 \d+ ms, p99 \d+ ms, max \d+ ms$/,
    );
  }, 180_000);

  it('tell how long after a kill the gateway is ready and has caught up, nothing being forgotten', async () => {
    expect(await lastLine('restart', '--grants', '50', '--store', 'embedded')).toMatch(
      /^restart: ready \d+\.\d s, caught up \d+\.\d s$/,
    );
  }, 180_000);

  it('tell how many questions fail while GitLab refuses and breaks, and how late revokes are meanwhile', async () => {
    const small = ['--clients', '5', '--grants', '5', '--seconds', '5', '--store', 'embedded'];
    expect(await lastLine('storm', ...small)).toMatch(/^storm: failed \d+ of \d+, revokes p99 \d+ ms late$/);
  }, 180_000);

  it('tell how long a whole GitLab takes to read, in how many calls, beside a client library with the same facts', async () => {
    const small = ['--groups', '3', '--projects', '6', '--members', '4', '--people', '12', '--rounds', '1'];
    expect(await lastLine('extract', ...small, '--sizes', 'none', '--store', 'embedded')).toMatch(
      /^extract: ours \d+ ms, gitbeaker \d+ ms, ratio \d+\.\d\d \(calls: ours \d+, gitbeaker \d+\)$/,
    );
  }, 180_000);
});
