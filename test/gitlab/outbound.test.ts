import { describe, expect, it } from '@jest/globals';
import type { LookupAddress, lookup } from 'node:dns';
import { addressKind, guardedLookup, normaliseBaseUrl } from '../../src/gitlab/outbound.ts';
import type { OutboundPolicy } from '../../src/gitlab/outbound.ts';
import { GitLabError } from '../../src/gitlab/index.ts';

const STRICT: OutboundPolicy = { allowPrivate: false, allowInsecure: false };
const PRIVATE: OutboundPolicy = { allowPrivate: true, allowInsecure: false };
const INSECURE: OutboundPolicy = { allowPrivate: false, allowInsecure: true };

function refused(baseUrl: string, policy: OutboundPolicy): boolean {
  try {
    normaliseBaseUrl(baseUrl, policy);
    return false;
  } catch (error) {
    return error instanceof GitLabError && error.code === 'HOST_NOT_ALLOWED';
  }
}

async function resolved(url: string, policy: OutboundPolicy, addresses: string[], all = true): Promise<unknown> {
  const resolve = ((_name: string, _options: unknown, done: (error: null, found: LookupAddress[]) => void): void => {
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as typeof lookup;
  return new Promise((settle) => {
    guardedLookup(new URL(url), policy, resolve)('gitlab.example.com', { all }, (error, found) => {
      settle(error ?? found);
    });
  });
}

describe('base URLs', () => {
  it('keeps a relative root and drops the trailing slash', () => {
    expect(normaliseBaseUrl('https://GitLab.example.com/gitlab/', STRICT).href).toBe(
      'https://gitlab.example.com/gitlab',
    );
  });

  it.each([
    ['plain http', 'http://gitlab.example.com'],
    ['a password', 'https://me:secret@gitlab.example.com'],
    ['a query', 'https://gitlab.example.com/?x=1'],
    ['an empty query', 'https://gitlab.example.com/?'],
    ['a fragment', 'https://gitlab.example.com/#x'],
    ['another protocol', 'file:///etc/passwd'],
    ['no URL', 'gitlab.example.com'],
    ['a private address', 'https://10.1.2.3'],
    ['loopback', 'https://127.0.0.1'],
    ['loopback in one number', 'https://2130706433'],
    ['loopback in IPv6', 'https://[::1]'],
    ['an IPv4 address hidden in IPv6', 'https://[::ffff:10.0.0.1]'],
    ['a link-local address', 'https://169.254.169.254'],
  ])('refuses %s', (_what, url) => {
    expect(refused(url, STRICT)).toBe(true);
  });

  it('takes https on a private address where private ones are allowed, and still no http', () => {
    expect(refused('https://10.1.2.3', PRIVATE)).toBe(false);
    expect(refused('http://10.1.2.3', PRIVATE)).toBe(true);
  });

  it('takes http on loopback only, where insecure ones are allowed', () => {
    expect(refused('http://127.0.0.1:8929', INSECURE)).toBe(false);
    expect(refused('http://10.1.2.3', INSECURE)).toBe(true);
    expect(refused('http://8.8.8.8', INSECURE)).toBe(true);
  });

  it('never takes an address that nobody serves on', () => {
    const everything = { allowPrivate: true, allowInsecure: true };
    for (const host of ['0.0.0.0', '255.255.255.255', '224.0.0.1', '[::]', '[64:ff9b::a00:1]']) {
      expect(refused(`https://${host}`, everything)).toBe(true);
    }
  });

  it('takes only listed hosts where there is a list', () => {
    const listed = { ...STRICT, allowedHosts: ['GitLab.example.com', 'other.example.com:8443'] };
    expect(refused('https://gitlab.example.com', listed)).toBe(false);
    expect(refused('https://other.example.com:8443', listed)).toBe(false);
    expect(refused('https://other.example.com', listed)).toBe(true);
    expect(refused('https://gitlab.example.com.evil.test', listed)).toBe(true);
  });
});

describe('addresses at the moment of connecting', () => {
  it('refuses a public name that resolves to a private address', async () => {
    expect(await resolved('https://gitlab.example.com', STRICT, ['10.0.0.5'])).toMatchObject({
      code: 'HOST_NOT_ALLOWED',
    });
  });

  it('connects only to the allowed ones of several addresses', async () => {
    expect(await resolved('https://gitlab.example.com', STRICT, ['127.0.0.1', '93.184.216.34'])).toEqual([
      { address: '93.184.216.34', family: 4 },
    ]);
    expect(await resolved('https://gitlab.example.com', STRICT, ['127.0.0.1', '93.184.216.34'], false)).toBe(
      '93.184.216.34',
    );
  });

  it('refuses http to a name that is not this machine', async () => {
    expect(await resolved('http://gitlab.example.com', INSECURE, ['93.184.216.34'])).toMatchObject({
      code: 'HOST_NOT_ALLOWED',
    });
    expect(await resolved('http://localhost', INSECURE, ['127.0.0.1'])).toHaveLength(1);
  });

  it('knows what an address is', () => {
    expect(['8.8.8.8', '::1', '172.31.0.1', '172.32.0.1', 'fd00::1', 'x'].map(addressKind)).toEqual([
      'public',
      'loopback',
      'private',
      'public',
      'private',
      'forbidden',
    ]);
  });
});
