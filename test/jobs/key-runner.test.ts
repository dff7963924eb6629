import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyRunner } from '../../src/jobs/key-runner.ts';

/** A runner whose looks end when the test says so. */
function held(concurrency: number) {
  const log: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<undefined>>();
  const runner = createKeyRunner({
    concurrency,
    onError: (keyId) => log.push(`error ${keyId}`),
    async run(keyId) {
      log.push(`begin ${keyId}`);
      const end = Promise.withResolvers<undefined>();
      ends.set(keyId, end);
      await end.promise;
      log.push(`end ${keyId}`);
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    log,
    runner,
    async end(keyId: string, error?: Error) {
      if (error === undefined) ends.get(keyId)?.resolve(undefined);
      else ends.get(keyId)?.reject(error);
      await settle();
    },
  };
}

describe('the runner of keys', () => {
  it('runs no more at once than it may; the next begins when one ends', async () => {
    const { runner, log, end } = held(2);
    const begun = ['a', 'b', 'c'].map((key) => runner.take(key));
    await Promise.all(begun.slice(0, 2));
    expect(log).toEqual(['begin a', 'begin b']);
    await end('a');
    await begun[2];
    expect(log).toEqual(['begin a', 'begin b', 'end a', 'begin c']);
  });

  it('looks again after a look during which it was asked, and once for many askings', async () => {
    const { runner, log, end } = held(2);
    await runner.take('a');
    await Promise.all([runner.take('a'), runner.take('a')]);
    expect(log).toEqual(['begin a']);
    await end('a');
    await end('a');
    expect(log).toEqual(['begin a', 'end a', 'begin a', 'end a']);
  });

  it('goes on after a look that throws, and says so', async () => {
    const { runner, log, end } = held(1);
    await runner.take('a');
    const next = runner.take('b');
    await end('a', new Error('no'));
    await next;
    expect(log).toEqual(['begin a', 'error a', 'begin b']);
  });

  it('is drained when nothing runs and nothing waits', async () => {
    const { runner, end } = held(1);
    await runner.drained();
    await runner.take('a');
    void runner.take('b');
    let drained = false;
    const done = runner.drained().then(() => {
      drained = true;
    });
    await end('a');
    expect(drained).toBe(false);
    await end('b');
    await done;
    expect(drained).toBe(true);
  });

  it('never runs a key twice at once, never too many, and looks after every asking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 40 }), async (keys) => {
        const running = new Set<string>();
        const lastBegin = new Map<string, number>();
        let tick = 0;
        const runner = createKeyRunner({
          concurrency: 3,
          onError: (_keyId, error) => {
            throw error;
          },
          async run(keyId) {
            expect(running.has(keyId)).toBe(false);
            running.add(keyId);
            expect(running.size).toBeLessThanOrEqual(3);
            lastBegin.set(keyId, tick++);
            await new Promise((resolve) => setImmediate(resolve));
            running.delete(keyId);
          },
        });
        const asked = new Map<string, number>();
        for (const key of keys) {
          asked.set(key, tick++);
          void runner.take(key);
          if (tick % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        await runner.drained();
        for (const [key, at] of asked) expect(lastBegin.get(key)).toBeGreaterThan(at);
      }),
      { numRuns: 100 },
    );
  });
});
