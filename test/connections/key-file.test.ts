import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateKey } from '../../src/connections/key-file.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-key-'));
});
afterAll(() => rm(root, { recursive: true }));

describe('the encryption key', () => {
  it('is the configured one where there is one', async () => {
    const bytes = randomBytes(32);
    const key = await loadOrCreateKey({ configured: bytes.toString('base64'), dataDir: root });
    expect(Buffer.from(key).equals(bytes)).toBe(true);
    expect(await readdir(root)).toEqual([]);
  });

  it.each(['', 'short', randomBytes(31).toString('base64'), `${randomBytes(32).toString('base64')}!`])(
    'is refused with the remedy when it is not 32 bytes of base64 (%#)',
    async (configured) => {
      await expect(loadOrCreateKey({ configured, dataDir: root })).rejects.toThrow(
        'GATEHOUSE_KEY must be 32 bytes in base64. Make one with: openssl rand -base64 32',
      );
    },
  );

  it('is made once, readable by the owner only, and found again', async () => {
    const dataDir = join(root, 'made');
    const key = await loadOrCreateKey({ dataDir });
    expect(key).toHaveLength(32);
    expect((await stat(join(dataDir, 'gatehouse.key'))).mode & 0o777).toBe(0o600);
    expect(await loadOrCreateKey({ dataDir })).toEqual(key);
  });

  it('is one key when many processes start at once, and no draft is left behind', async () => {
    const dataDir = join(root, 'race');
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKey({ dataDir })));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['gatehouse.key']);
  });

  it('is refused with the remedy when others may read its file', async () => {
    const dataDir = join(root, 'open');
    await loadOrCreateKey({ dataDir });
    const path = join(dataDir, 'gatehouse.key');
    await chmod(path, 0o640);
    await expect(loadOrCreateKey({ dataDir })).rejects.toThrow(
      `(mode 0640). If nobody has read it, run: chmod 600 ${path}`,
    );
  });

  it('is never replaced when its file is damaged', async () => {
    const dataDir = join(root, 'damaged');
    await loadOrCreateKey({ dataDir });
    await writeFile(join(dataDir, 'gatehouse.key'), 'half a key');
    await expect(loadOrCreateKey({ dataDir })).rejects.toThrow('Restore it from a backup');
  });
});
