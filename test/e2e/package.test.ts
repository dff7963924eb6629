import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { z } from 'zod';
import { printedSchema } from '../../scripts/print-schema.ts';

const manifestSchema = z.object({
  bin: z.object({ gatehouse: z.string() }),
  dependencies: z.record(z.string(), z.string()),
});
const packedSchema = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string(), mode: z.number() })) }),
]);
type Packed = z.output<typeof packedSchema>[0];

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-package-'));
const installed = path.join(folder, 'package');
let packed: Packed;

/** Packs as for a release (which builds first), and unpacks it as an installation would. */
beforeAll(() => {
  const npm = (...args: string[]): string =>
    execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  [packed] = packedSchema.parse(JSON.parse(npm('pack', '--json', '--pack-destination', folder)));
  execFileSync('tar', ['-xzf', path.join(folder, packed.filename), '-C', folder]);
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
}, 180_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const manifest = () => manifestSchema.parse(JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')));

describe('the package', () => {
  it('holds the command, the schema, the licence and the history, and no sources, tests or secrets', () => {
    const files = packed.files.map(({ path: file }) => file);
    const needed = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'schema.graphql', 'dist/main.js'];
    expect(files).toEqual(expect.arrayContaining([...needed, 'schema/root.graphql']));
    const others = files.filter((file) => !needed.includes(file));
    expect(others.filter((file) => !/^(dist\/.+\.js(\.map)?|schema\/[a-z-]+\.graphql)$/.test(file))).toEqual([]);
    expect(packed.files.find(({ path: file }) => file === 'dist/main.js')?.mode).toBe(0o755);
  });

  it('holds the whole schema in one file, for code generators of clients', () => {
    const printed = readFileSync(path.join(installed, 'schema.graphql'), 'utf8');
    expect(printed).toBe(printedSchema());
    expect(buildSchema(printed).getQueryType()?.name).toBe('Query');
  });

  it('uses no library that an installation does not bring', () => {
    const libraries = new Set<string>();
    const dist = path.join(installed, 'dist');
    for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js'),
    )) {
      const text = readFileSync(path.join(dist, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/^(?:import|export) (?:[^'"]* from )?['"]([^.'"][^'"]*)['"]/gm)) {
        const [first = '', second = ''] = name.split('/');
        libraries.add(first.startsWith('@') ? `${first}/${second}` : first);
      }
    }
    expect(libraries.size).toBeGreaterThan(8);
    const brought = new Set([...Object.keys(manifest().dependencies), ...builtinModules]);
    expect([...libraries].filter((name) => !name.startsWith('node:') && !brought.has(name))).toEqual([]);
  });
});

type Run = { child: ChildProcess; ended: Promise<number | null>; output: () => string; url: Promise<string> };

function gatehouse(dataDir: string, environment: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [path.join(installed, manifest().bin.gatehouse)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /answers at (\S+)\/graphql/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    void ended.then(() => {
      reject(new Error(`It ended: ${output}`));
    });
  });
  url.catch(() => undefined);
  return { child, ended, output: () => output, url };
}

describe('the gatehouse command as installed', () => {
  it('answers health and queries, keeps its folder to itself, and ends in order at SIGTERM with 0', async () => {
    const dataDir = path.join(folder, 'data');
    const first = gatehouse(dataDir);
    const url = await first.url;
    const health = await Promise.all(['/healthz', '/readyz'].map(async (at) => (await fetch(`${url}${at}`)).status));
    expect(health).toEqual([200, 200]);
    const key = /shown this once: (\S+)/.exec(first.output())?.[1] ?? '';
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: '{ viewer { subject roles } connections { name } }' }),
    });
    expect(await answer.json()).toEqual({ data: { viewer: { subject: 'admin', roles: ['ADMIN'] }, connections: [] } });

    const second = gatehouse(dataDir);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`in use by the gateway with process id ${String(first.child.pid)}`);
    expect(second.output()).toContain('DATA_DIR');
    expect(second.output()).not.toContain('    at ');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.output()).toMatch(/Closing[\s\S]*Closed\./);
  }, 90_000);

  it('tells every fault of its configuration at once, and shows no value', async () => {
    const faulty = gatehouse(path.join(folder, 'never'), {
      PORT: 'seventy',
      DATABASE_URL: 'mysql://secret@db',
      GATEHOUSE_KEY: 'short-secret',
      GATEHOUSE_ADMIN_KEY: 'tiny-secret',
      GRANT_MAX_DURATION: 'a while',
    });
    expect(await faulty.ended).toBe(1);
    for (const name of ['PORT', 'DATABASE_URL', 'GATEHOUSE_KEY', 'GATEHOUSE_ADMIN_KEY', 'GRANT_MAX_DURATION']) {
      expect(faulty.output()).toContain(`- ${name}: `);
    }
    expect(faulty.output()).not.toContain('secret');
    expect(readdirSync(folder)).not.toContain('never');
  }, 60_000);
});
