import { expect, it } from '@jest/globals';
import { createLog, withoutSecrets } from '../src/log.ts';

const TOKEN = 'glpat-abcdefghijklmnopqrst';

function logging(): { log: ReturnType<typeof createLog>; text: () => string } {
  const lines: string[] = [];
  return {
    log: createLog({ level: 'info', destination: { write: (line) => lines.push(line) } }),
    text: () => lines.join(''),
  };
}

it('no token, key or password reaches the log, wherever it stands', () => {
  const { log, text } = logging();
  log.info(`a message with ${TOKEN}`);
  log.info('a pattern with %s', TOKEN);
  log.info({ token: 'hidden-1', input: { token: 'hidden-2', deep: { token: 'hidden-3' } } }, 'fields');
  log.warn({ headers: { authorization: 'Bearer hidden-4' } }, 'headers');
  log.error(new Error(`thrown with ${TOKEN}`));
  log.error({ err: new Error('postgres://u:hidden-5@db/x', { cause: new Error(TOKEN) }) }, 'a cause');
  expect(text()).not.toContain(TOKEN);
  expect(text()).not.toContain('hidden-');
  expect(text().match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(8);
});

it('each entry is one JSON line with its time', () => {
  const { log, text } = logging();
  log.info({ grantId: '7' }, 'done');
  expect(JSON.parse(text())).toEqual({ level: 30, time: expect.stringMatching(/Z$/), grantId: '7', msg: 'done' });
});

it.each([
  ['glpat-abcdefgh1234', '[secret]'],
  ['glagent-abcdefgh1234.01.abc', '[secret]'],
  ['authorization: bearer abc.def', 'authorization: bearer [secret]'],
  ['https://me:pw@gitlab.example.com/x', 'https://me:[secret]@gitlab.example.com/x'],
  ['gatehouse_AAAAAAAAAAAAAAAAAAAAAAAA', '[secret]'],
  ['glad-to-meet you at https://gitlab.example.com', 'glad-to-meet you at https://gitlab.example.com'],
])('%s is written as %s', (text, clean) => {
  expect(withoutSecrets(text)).toBe(clean);
});
