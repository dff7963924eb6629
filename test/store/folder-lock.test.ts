import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../src/store/folder-lock.ts';

let folder: string;
let file: string;
const module = path.resolve('src/store/folder-lock.ts');

/** Another process that takes the lock of `folder`; resolves when it holds it. */
async function holder(): Promise<{ pid: number; kill(): Promise<void> }> {
  const code = `import { lockFolder } from ${JSON.stringify(module)};
    lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('the lock of a folder', () => {
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-lock-'));
    file = path.join(folder, 'gatehouse.lock');
  });
  beforeEach(() => {
    rmSync(file, { force: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('refuses a second process while the first lives, and names it', async () => {
    const first = await holder();
    try {
      expect(() => lockFolder(folder)).toThrow(`process id ${String(first.pid)}. Stop it first`);
    } finally {
      await first.kill();
    }
  });

  it('is taken over from a process that was killed', async () => {
    const dead = await holder();
    await dead.kill();
    const lock = lockFolder(folder);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('is taken over when its process number now belongs to another process', () => {
    lockFolder(folder);
    const owner = JSON.parse(readFileSync(file, 'utf8')) as { startedAs: string };
    writeFileSync(file, JSON.stringify({ ...owner, startedAs: 'an earlier start' }));
    expect(() => {
      lockFolder(folder).release();
    }).not.toThrow();
  });

  it('is not taken over from another machine, nor when it cannot be read', () => {
    writeFileSync(file, JSON.stringify({ pid: 1, startedAs: 'x', host: 'elsewhere.example' }));
    expect(() => lockFolder(folder)).toThrow('elsewhere.example');
    writeFileSync(file, '');
    expect(() => lockFolder(folder)).toThrow(`delete "${file}"`);
  });

  it('lets only one of many that start at once over a dead one hold it', async () => {
    const dead = await holder();
    await dead.kill();
    const code = `import { lockFolder } from ${JSON.stringify(module)};
      try { lockFolder(${JSON.stringify(folder)}); console.log('held'); } catch { console.log('refused'); }
      process.stdin.on('data', () => {}).on('end', () => process.exit());`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const said = await Promise.all(
      children.map(
        (child) =>
          new Promise<string>((resolve) =>
            child.stdout.once('data', (data) => {
              resolve(String(data));
            }),
          ),
      ),
    );
    await Promise.all(
      children.map(async (child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.stdin.end();
        await ended;
      }),
    );
    expect(said.filter((line) => line.trim() === 'held')).toHaveLength(1);
  });
});
