import type { GitLabErrorCode } from '../../gitlab/errors.ts';
import type { Check, Finding } from './finding.ts';
import { errorOf, fail, pass, warn } from './finding.ts';

const noAnswer = new Set<GitLabErrorCode>([
  'HOST_NOT_ALLOWED',
  'UNREACHABLE',
  'TIMEOUT',
  'CONNECTION_LOST',
  'UNAVAILABLE',
]);
const notGitLab = new Set<GitLabErrorCode>([
  'REDIRECTED',
  'NOT_GITLAB',
  'UNREADABLE',
  'METHOD_NOT_ALLOWED',
  'NOT_FOUND',
]);

const unreachableRemedies: Partial<Record<GitLabErrorCode, string>> = {
  HOST_NOT_ALLOWED:
    'Use the https address of GitLab. If it is on a private network, start the gateway with ALLOW_PRIVATE_GITLAB=true; ' +
    'if it has no https, or runs on this machine, with ALLOW_INSECURE_GITLAB=true.',
  UNREACHABLE:
    'Check the address for typing errors, and that this machine may reach its host and port (DNS, firewall).',
  TIMEOUT: 'Check that a firewall does not swallow the calls, and whether GitLab is overloaded; then test again.',
};

export const reachable: Check = ({ baseUrl, token }) => {
  const error = errorOf(token);
  if (!error || !noAnswer.has(error.code)) {
    return pass(`${baseUrl} answers.`);
  }
  return fail(error.message, unreachableRemedies[error.code] ?? 'Check that GitLab is up, then test again.');
};

export const tls: Check = ({ baseUrl, token }) => {
  const error = errorOf(token);
  if (error && noAnswer.has(error.code)) {
    return null;
  }
  if (error?.code === 'TLS') {
    return fail(
      error.message,
      'If the certificate comes from your own authority, start the gateway with NODE_EXTRA_CA_CERTS=/path/to/ca.pem; else renew it, ' +
        'and check that it names this host.',
    );
  }
  if (new URL(baseUrl).protocol === 'http:') {
    return warn(
      'The connection is not encrypted: anybody on the way can read the token.',
      'Give GitLab a certificate and use its https address.',
    );
  }
  return pass('The connection is encrypted and the certificate is trusted.');
};

export const isGitLab: Check = ({ baseUrl, token, metadata }) => {
  const error = errorOf(token);
  if (error && (noAnswer.has(error.code) || error.code === 'TLS')) {
    return null;
  }
  if (error?.code === 'REDIRECTED') {
    return redirected(baseUrl, error.details.location);
  }
  const foreign = error && notGitLab.has(error.code) ? error : errorOf(metadata);
  if (foreign && notGitLab.has(foreign.code)) {
    return fail(
      foreign.message,
      `Use the address that people open GitLab with in a browser, up to the first page (with the path, if GitLab has one, as in https://host/gitlab). ` +
        'A login page or proxy before the API must let /api/v4 and /api/graphql through.',
    );
  }
  return pass(`${baseUrl} speaks the GitLab API.`);
};

/** Redirects are never followed, so that the token goes to no other host; the address at their end is told instead. */
function redirected(baseUrl: string, location: string | undefined): Finding {
  const remedy = 'Use the address that GitLab has in a browser after all redirects.';
  if (location === undefined || !URL.canParse(location, baseUrl)) {
    return fail(`${baseUrl} redirects elsewhere.`, remedy);
  }
  const target = new URL(location, baseUrl);
  const found = /^(.*?)\/api\/v4\//.exec(target.pathname);
  if (!found) {
    return fail(`${baseUrl} redirects to ${target.origin}${target.pathname}, which is not the API.`, remedy);
  }
  const address = `${target.origin}${found[1] ?? ''}`;
  return fail(`${baseUrl} redirects to ${address}.`, `Use ${address} as the address.`);
}
