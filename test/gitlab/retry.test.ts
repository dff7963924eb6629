import { describe, expect, it } from '@jest/globals';
import { GitLabError } from '../../src/gitlab/index.ts';
import type { GitLabErrorCode } from '../../src/gitlab/index.ts';
import { retryRead } from '../../src/gitlab/retry.ts';
import { failure, rig } from './support/client.ts';

type Run = { tries: number; slept: number[]; result: unknown };

async function run(
  code: GitLabErrorCode,
  options: { retryAfterMs?: number; status?: number; tookMs?: number; failures?: number; tries?: number } = {},
): Promise<Run> {
  const slept: number[] = [];
  let tries = 0;
  let clockMs = 0;
  const read = (): Promise<string> => {
    tries += 1;
    clockMs += options.tookMs ?? 0;
    if (tries > (options.failures ?? 99)) return Promise.resolve('read');
    const { retryAfterMs, status } = options;
    const details = {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(status === undefined ? {} : { status }),
    };
    return Promise.reject(new GitLabError(code, 'no', details));
  };
  const result = await retryRead(read, {
    tries: options.tries ?? 3,
    totalMs: 10_000,
    baseDelayMs: 100,
    longestDelayMs: 4_000,
    random: () => 0.5,
    elapsedMs: () => clockMs,
    sleep: (ms) => {
      slept.push(ms);
      clockMs += ms;
      return Promise.resolve();
    },
  }).catch((error: unknown) => error);
  return { tries, slept, result };
}

describe('a repeated read', () => {
  it.each<GitLabErrorCode>(['UNREACHABLE', 'TIMEOUT', 'CONNECTION_LOST', 'UNAVAILABLE'])(
    'tries three times after %s, with growing pauses',
    async (code) => {
      expect(await run(code)).toMatchObject({ tries: 3, slept: [100, 200] });
    },
  );

  it.each<GitLabErrorCode>(['FORBIDDEN', 'TOKEN_EXPIRED', 'TLS', 'HOST_NOT_ALLOWED', 'UNREADABLE', 'QUERY_REFUSED'])(
    'is not tried again after %s',
    async (code) => {
      expect(await run(code)).toMatchObject({ tries: 1, result: { code } });
    },
  );

  it('answers as soon as one try does', async () => {
    expect(await run('UNAVAILABLE', { failures: 1 })).toEqual({ tries: 2, slept: [100], result: 'read' });
  });

  it('pauses never longer than its longest pause', async () => {
    expect(await run('UNAVAILABLE', { tries: 9 })).toMatchObject({ slept: [100, 200, 400, 800, 1_600, 3_200] });
  });

  it('that GitLab’s limits refuse is tried again at once: the budget makes it wait', async () => {
    expect(await run('RATE_LIMITED', { status: 429, retryAfterMs: 60_000, failures: 1 })).toMatchObject({
      tries: 2,
      slept: [],
      result: 'read',
    });
  });

  it('that the budget refused, so that nothing was sent, is not tried again', async () => {
    expect(await run('RATE_LIMITED', { retryAfterMs: 60_000 })).toMatchObject({
      tries: 1,
      result: { code: 'RATE_LIMITED' },
    });
  });

  it('waits as long as a GitLab that is down asks, if that is in time', async () => {
    const down = { status: 503, failures: 1 };
    expect(await run('UNAVAILABLE', { ...down, retryAfterMs: 3_000 })).toMatchObject({ slept: [3_000] });
    expect(await run('UNAVAILABLE', { ...down, retryAfterMs: 60_000 })).toMatchObject({ tries: 1 });
  });

  it('does not begin a try after its time is over', async () => {
    expect(await run('TIMEOUT', { tookMs: 9_950 })).toMatchObject({ tries: 1 });
  });
});

it('a client that is closed while a read is under way ends it, and does not try it again', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const held = Promise.withResolvers<never>();
  const open = await rig(() => {
    arrived.resolve(undefined);
    return held.promise;
  });
  const reading = failure(open.client.withPriority('extraction').metadata());
  await arrived.promise;
  await open.close();
  expect(await reading).toMatchObject({ code: 'UNREACHABLE' });
  expect(open.slept).toEqual([]);
});
