import { lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { GitLabError } from './errors.ts';

/** Where the gateway may connect to. `allowedHosts` holds host names, or `host:port`; absent: any. */
export type OutboundPolicy = {
  allowPrivate: boolean;
  allowInsecure: boolean;
  allowedHosts?: readonly string[] | undefined;
};

export type AddressKind = 'public' | 'loopback' | 'private' | 'forbidden';

function ranges(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix = ''] = entry.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

const LOOPBACK = ranges(['127.0.0.0/8', '::1/128']);
const PRIVATE = ranges([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
]);
/** Addresses no server answers on, and the IPv6 forms that hide an IPv4 address from the ranges above. */
const FORBIDDEN = ranges([
  '0.0.0.0/8',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:db8::/32',
  '2002::/16',
  'ff00::/8',
]);

/** What an IP address is for our policy. IPv4 addresses mapped into IPv6 count as the IPv4 address. */
export function addressKind(address: string): AddressKind {
  const family = isIP(address);
  if (family === 0) return 'forbidden';
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(address, type)) return 'loopback';
  if (PRIVATE.check(address, type)) return 'private';
  return FORBIDDEN.check(address, type) ? 'forbidden' : 'public';
}

/** Whether the policy lets us connect to this resolved address by this protocol. */
export function addressAllowed(address: string, protocol: 'http:' | 'https:', policy: OutboundPolicy): boolean {
  const kind = addressKind(address);
  if (protocol === 'http:') return policy.allowInsecure && kind === 'loopback';
  if (kind === 'loopback') return policy.allowPrivate || policy.allowInsecure;
  return kind === 'public' || (kind === 'private' && policy.allowPrivate);
}

function notAllowed(message: string): GitLabError {
  return new GitLabError('HOST_NOT_ALLOWED', message);
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function parse(baseUrl: string): URL {
  if (!URL.canParse(baseUrl)) throw notAllowed('The base URL is not a URL. Give it as https://gitlab.example.com.');
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw notAllowed('The base URL must start with https://.');
  if (url.username !== '' || url.password !== '')
    throw notAllowed('The base URL must not hold a user name or password.');
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(baseUrl)) {
    throw notAllowed('The base URL must not hold a query or a fragment.');
  }
  return url;
}

/**
 * The base URL without a trailing slash, a relative URL root kept, its host held against the policy. Names are resolved, and
 * their addresses held against it, at each connection (`guardedLookup`). Throws HOST_NOT_ALLOWED.
 */
export function normaliseBaseUrl(baseUrl: string, policy: OutboundPolicy): URL {
  const url = parse(baseUrl);
  if (url.protocol === 'http:' && !policy.allowInsecure)
    throw notAllowed('Only https is allowed. Give an https:// address.');
  const host = url.hostname.toLowerCase();
  const allowed = policy.allowedHosts?.map((entry) => entry.toLowerCase());
  if (allowed !== undefined && !allowed.includes(host) && !allowed.includes(url.host.toLowerCase())) {
    throw notAllowed(`The host ${host} is not on the list of allowed hosts.`);
  }
  const address = bareHost(url);
  if (isIP(address) !== 0 && !addressAllowed(address, protocolOf(url), policy)) throw refusedAddress(host, url);
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

export function protocolOf(url: URL): 'http:' | 'https:' {
  return url.protocol === 'http:' ? 'http:' : 'https:';
}

function refusedAddress(host: string, url: URL): GitLabError {
  return notAllowed(
    url.protocol === 'http:'
      ? `Plain http is allowed on this machine's loopback only, and ${host} is elsewhere. Use https.`
      : `${host} is at a private address. Allow private addresses (ALLOW_PRIVATE_GITLAB) if that is intended.`,
  );
}

type Resolve = typeof dnsLookup;

/**
 * A `lookup` for sockets that hands out only addresses which the policy allows, so that a name cannot point elsewhere between
 * the check and the connection. Fails with HOST_NOT_ALLOWED when no address is left.
 */
export function guardedLookup(url: URL, policy: OutboundPolicy, resolve: Resolve = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '');
        return;
      }
      const allowed = addresses.filter(({ address }) => addressAllowed(address, protocolOf(url), policy));
      const first = allowed[0];
      if (first === undefined) callback(refusedAddress(hostname, url), '');
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
