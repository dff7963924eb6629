import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { upsertInstance } from '../../src/store/instances.ts';
import { nameThisProcess, provenDead } from '../../src/store/lease-owner.ts';
import { changeKey, leaseOwnersOfDue, lockKeyAt, releaseLeasesOf, takeLease } from '../../src/store/ledger.ts';
import { eachStore } from '../support/stores.ts';

const TELL = `import { nameThisProcess } from './src/store/lease-owner.ts';
  process.stdout.write(nameThisProcess());
  setInterval(() => undefined, 1_000);`;

/** A process that tells its name and lives until it is killed. */
async function namedProcess() {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module-typescript', '--eval', TELL], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    name: chunk.toString(),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describe('the process that a lease names', () => {
  it('is dead once it was killed, and not before', async () => {
    const other = await namedProcess();
    try {
      expect(provenDead(other.name)).toBe(false);
    } finally {
      await other.kill();
    }
    expect(provenDead(other.name)).toBe(true);
  });

  it('is dead where another one got its number', () => {
    const [host = '', space = '', , pid = '', id = ''] = nameThisProcess().split(':');
    const boot = nameThisProcess().split(':')[2]?.split('/')[0] ?? '';
    expect(provenDead([host, space, `${boot}/1`, pid, id].join(':'))).toBe(true);
    expect(provenDead(nameThisProcess())).toBe(false);
  });

  it('is never called dead from another container, another machine, or where the system tells too little', async () => {
    const other = await namedProcess();
    await other.kill();
    const [host = '', space = '', start = '', pid = '', id = ''] = other.name.split(':');
    const [boot = '', ticks = ''] = start.split('/');
    expect(provenDead([host, `${space}0`, start, pid, id].join(':'))).toBe(false);
    expect(provenDead([host, space, `${boot}0/${ticks}`, pid, id].join(':'))).toBe(false);
    expect(provenDead([host, '-', '-', pid, id].join(':'))).toBe(false);
    expect(provenDead('somebody')).toBe(false);
  });
});

describe('leases of a process that is over', () => {
  eachStore((under) => {
    it('are void at once; those of others stay', async () => {
      const { store } = { store: under.store() };
      const now = new Date('2026-03-01T00:00:00Z');
      const until = new Date('2026-03-01T00:00:45Z');
      const made: string[] = [];
      await store.transaction(async (tx) => {
        const { id: instanceId } = await upsertInstance(tx, now, 'https://gitlab.example.com');
        for (const userId of ['1', '2', '3']) {
          const source = { kind: 'group', id: '5', path: 'acme' } as const;
          const key = await lockKeyAt(tx, { instanceId, source, user: { id: userId, username: `user-${userId}` } });
          await changeKey(tx, key.id, { lookAt: now });
          made.push(key.id);
        }
      });
      const [first = '', second = '', third = ''] = made;
      await takeLease(store.db, first, 'dead', now, until);
      await takeLease(store.db, second, 'dead', now, until);
      await takeLease(store.db, third, 'alive', now, until);
      expect((await leaseOwnersOfDue(store.db, now)).sort()).toEqual(['alive', 'dead']);
      await releaseLeasesOf(store.db, 'dead');
      expect(await takeLease(store.db, first, 'next', now, until)).toEqual({ keyId: first, fence: '2' });
      expect(await takeLease(store.db, second, 'next', now, until)).not.toBeNull();
      expect(await takeLease(store.db, third, 'next', now, until)).toBeNull();
    });
  });
});
