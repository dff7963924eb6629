import { GitLabError } from '../../gitlab/errors.ts';
import type { GitLabClientFactory } from '../../gitlab/client.ts';
import type { CheckCode, ConnectionCheck, TestResult } from '../records.ts';
import { CHECK_CODES } from '../records.ts';
import { identityOf, instanceAddress, isGitLabDotCom } from '../identity.ts';
import { administrator, adminMode, identity } from './account.ts';
import { isGitLab, reachable, tls } from './address.ts';
import type { Facts } from './facts.ts';
import { forbiddenAddress, gather, tryClient } from './facts.ts';
import type { Check } from './finding.ts';
import { valueOf } from './finding.ts';
import { clockSkew, rateBudget } from './limits.ts';
import { externalSync, ownerRole, reach } from './reach.ts';
import { tokenExpiry, tokenScope, tokenValid } from './token.ts';
import { version } from './version.ts';

const checks: Record<CheckCode, Check> = {
  REACHABLE: reachable,
  TLS: tls,
  IS_GITLAB: isGitLab,
  VERSION: version,
  TOKEN_VALID: tokenValid,
  TOKEN_EXPIRY: tokenExpiry,
  TOKEN_SCOPE: tokenScope,
  IDENTITY: identity,
  ADMINISTRATOR: administrator,
  ADMIN_MODE: adminMode,
  REACH: reach,
  OWNER_ROLE: ownerRole,
  EXTERNAL_SYNC: externalSync,
  CLOCK_SKEW: clockSkew,
  RATE_BUDGET: rateBudget,
};

/**
 * Tests an address and a token in a handful of calls (the tests count them) and says what it saw, one check for each code, in
 * order. Never rejects for what GitLab answers; neither the report nor anything else in the result holds the token.
 */
export async function examine(
  clientFactory: GitLabClientFactory,
  target: { baseUrl: string; token: string },
  now: Date,
): Promise<TestResult> {
  const client = tryClient(clientFactory, target);
  if (client instanceof GitLabError) {
    return resultOf(forbiddenAddress(target.baseUrl, now, client));
  }
  try {
    return resultOf(await gather(client, now));
  } finally {
    await client.close();
  }
}

/** The judgement of what was seen: pure. */
export function resultOf(facts: Facts): TestResult {
  const token = valueOf(facts.token);
  const user = valueOf(facts.user);
  const metadata = valueOf(facts.metadata);
  const address = user && instanceAddress(user);
  return {
    report: reportOf(facts),
    identity: user && identityOf(user, valueOf(facts.account)),
    instance: metadata && {
      version: metadata.version,
      enterprise: metadata.enterprise,
      gitlabDotCom: isGitLabDotCom(facts.baseUrl),
    },
    token: token && {
      name: token.name,
      scopes: token.scopes,
      createdAt: token.createdAt,
      expiresAt: token.expiresAt,
      lastUsedAt: token.lastUsedAt,
    },
    instanceAddress: address,
  };
}

function reportOf(facts: Facts): TestResult['report'] {
  const findings = CHECK_CODES.map((code) => ({ code, finding: checks[code](facts) }));
  const failed = findings.find(({ finding }) => finding?.status === 'FAIL');
  const notReached = `Not looked at, because ${failed?.code ?? 'an earlier check'} failed.`;
  return {
    passed: failed === undefined,
    checkedAt: facts.now.toISOString(),
    checks: findings.map(({ code, finding }): ConnectionCheck => ({
      code,
      ...(finding ?? { status: 'SKIP', message: notReached, remedy: null }),
    })),
  };
}
