import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { createSecrets } from '../../src/connections/secrets.ts';

const here = { baseUrl: 'https://gitlab.example.com' };
const keyA = new Uint8Array(randomBytes(32));
const keyB = new Uint8Array(randomBytes(32));

describe('secrets', () => {
  it('opens what it sealed, and no sealed text shows the token or repeats itself', async () => {
    const secrets = createSecrets({ currentKey: keyA });
    const first = await secrets.encrypt('glpat-sandbox-admin', here);
    const second = await secrets.encrypt('glpat-sandbox-admin', here);
    expect(first).not.toBe(second);
    expect(first.split('.').map((part) => Buffer.from(part, 'base64url').toString())).not.toContain('glpat');
    await expect(secrets.decrypt(first, here)).resolves.toBe('glpat-sandbox-admin');
  });

  it('refuses a token that was saved for another host', async () => {
    const secrets = createSecrets({ currentKey: keyA });
    const sealed = await secrets.encrypt('glpat-sandbox-admin', here);
    await expect(secrets.decrypt(sealed, { baseUrl: 'https://evil.example.com' })).rejects.toThrow(
      'saved for another address',
    );
  });

  it('refuses a ciphertext whose header was edited to name another host', async () => {
    const secrets = createSecrets({ currentKey: keyA });
    const sealed = await secrets.encrypt('glpat-sandbox-admin', here);
    const [head, ...rest] = sealed.split('.');
    const header = Buffer.from(head ?? '', 'base64url')
      .toString()
      .replace('gitlab.example.com', 'evil.example.com');
    const forged = [Buffer.from(header).toString('base64url'), ...rest].join('.');
    await expect(secrets.decrypt(forged, { baseUrl: 'https://evil.example.com' })).rejects.toThrow('it is damaged');
  });

  it('opens what an older key sealed and seals with the current one', async () => {
    const old = await createSecrets({ currentKey: keyA }).encrypt('glpat-sandbox-admin', here);
    const rotated = createSecrets({ currentKey: keyB, olderKeys: [keyA] });
    await expect(rotated.decrypt(old, here)).resolves.toBe('glpat-sandbox-admin');
    const fresh = await rotated.encrypt('glpat-sandbox-admin', here);
    await expect(createSecrets({ currentKey: keyA }).decrypt(fresh, here)).rejects.toThrow(
      'encrypted with another key',
    );
  });

  it('says that a damaged text is damaged without showing it', async () => {
    const secrets = createSecrets({ currentKey: keyA });
    await expect(secrets.decrypt('glpat-in-the-clear', here)).rejects.toThrow(/it is damaged/);
    await expect(secrets.decrypt('glpat-in-the-clear', here)).rejects.not.toThrow(/glpat/);
  });
});
