import { GitLabError } from './errors.ts';
import type { GitLabErrorCode } from './errors.ts';

/** Codes after which nothing can have reached GitLab. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TIMEOUTS = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
  'ABORT_ERR',
  'ETIMEDOUT',
]);
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH|EPROTO)/;

type Facts = { code: string; name: string; syscall: string; message: string };

function factsOf(error: unknown): Facts {
  const text = (name: string): string => {
    if (typeof error !== 'object' || error === null) return '';
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : '';
  };
  return { code: text('code'), name: text('name'), syscall: text('syscall'), message: text('message') };
}

function codeOf({ code, name, syscall, message }: Facts): GitLabErrorCode {
  if (BEFORE_SENDING.has(code) || syscall === 'connect') return 'UNREACHABLE';
  if (TLS.test(code) || message.includes('before secure TLS connection')) return 'TLS';
  if (TIMEOUTS.has(code) || name === 'TimeoutError' || name === 'AbortError') return 'TIMEOUT';
  return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' ? 'UNREADABLE' : 'CONNECTION_LOST';
}

const SAYS: Partial<Record<GitLabErrorCode, string>> = {
  UNREACHABLE: 'GitLab cannot be reached. Check the address, the network and that GitLab is running.',
  TLS: 'The TLS connection to GitLab failed. Check its certificate; a private CA is named by NODE_EXTRA_CA_CERTS.',
  TIMEOUT: 'GitLab did not answer in time.',
  CONNECTION_LOST: 'The connection to GitLab was cut before its answer was complete.',
  UNREADABLE: "GitLab's answer is too large.",
};

/** The code is safe to show (`ECONNREFUSED`); the library's own message may quote what was sent, so it is not passed on. */
export function networkError(error: unknown, method: string): GitLabError {
  if (error instanceof GitLabError) return error;
  if (error instanceof Error && error.cause instanceof GitLabError) return error.cause;
  const facts = factsOf(error);
  const code = codeOf(facts);
  const seen = facts.code === '' ? facts.name : facts.code;
  return new GitLabError(code, `${SAYS[code] ?? 'The call failed.'} (${method}, ${seen === '' ? 'no code' : seen})`);
}
