import { z } from 'zod';
import type { ConnectionRow, ConnectionValues } from '../store/connections.ts';
import { isGitLabDotCom } from './identity.ts';
import type { ConnectionIdentity, ConnectionRecord, ConnectionToken, GitLabInstance, TestResult } from './records.ts';
import { CHECK_CODES } from './records.ts';

const kindSchema = z.enum(['SERVICE_ACCOUNT', 'DEDICATED_USER', 'GROUP_TOKEN_BOT', 'PROJECT_TOKEN_BOT']);

const tokenSchema = z.object({
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});

const reportSchema = z.object({
  passed: z.boolean(),
  checkedAt: z.string(),
  checks: z.array(
    z.object({
      code: z.enum(CHECK_CODES),
      status: z.enum(['PASS', 'WARN', 'FAIL', 'SKIP']),
      message: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});

/** The row as the rest of the gateway sees it: without its token. */
export function toRecord(row: ConnectionRow): ConnectionRecord {
  return {
    id: row.id,
    name: row.name,
    baseUrl: row.baseUrl,
    instanceId: row.instanceId,
    status: row.status,
    statusReason: row.statusReason,
    identity: {
      gitlabId: row.gitlabUserId,
      username: row.username,
      name: row.userName,
      kind: kindSchema.parse(row.identityKind),
      isAdmin: row.isAdmin,
    },
    token: tokenSchema.parse(row.tokenInfo),
    instance: { version: row.version, enterprise: row.enterprise, gitlabDotCom: isGitLabDotCom(row.baseUrl) },
    report: reportSchema.parse(row.report),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A test without FAIL has seen everything that a connection is made of. */
export type PassedTest = {
  report: TestResult['report'];
  identity: ConnectionIdentity;
  instance: GitLabInstance;
  token: ConnectionToken;
  instanceAddress: string;
};

/** The result, if nothing FAILed; else null. */
export function passed(result: TestResult): PassedTest | null {
  const { report, identity, instance, token, instanceAddress } = result;
  return report.passed && identity && instance && token && instanceAddress !== null
    ? { report, identity, instance, token, instanceAddress }
    : null;
}

/** The columns that a test without FAIL fills: what was seen, and that the connection works. */
export function testedValues(test: PassedTest): Omit<ConnectionValues, 'name' | 'baseUrl' | 'instanceId' | 'tokenJwe'> {
  return {
    status: 'CONNECTED',
    statusReason: null,
    gitlabUserId: test.identity.gitlabId,
    username: test.identity.username,
    userName: test.identity.name,
    identityKind: test.identity.kind,
    isAdmin: test.identity.isAdmin,
    tokenInfo: test.token,
    version: test.instance.version,
    enterprise: test.instance.enterprise,
    report: test.report,
  };
}
