import { describe, expect, it } from '@jest/globals';
import { daysLeft } from '../../src/connections/days-left.ts';
import { instanceAddress, isGitLabDotCom } from '../../src/connections/identity.ts';

describe('the external address of a GitLab', () => {
  it.each([
    ['https://gitlab.example.com/jit-bot', 'jit-bot', 'https://gitlab.example.com'],
    ['https://GitLab.Example.com:443/jit-bot/', 'jit-bot', 'https://gitlab.example.com'],
    ['https://example.com/gitlab/jit-bot', 'jit-bot', 'https://example.com/gitlab'],
    ['http://127.0.0.1:8929/Root', 'root', 'http://127.0.0.1:8929'],
  ])('%s of @%s is %s', (webUrl, username, address) => {
    expect(instanceAddress({ webUrl, username })).toBe(address);
  });

  it.each([
    ['https://gitlab.example.com/-/u/42', 'jit-bot'],
    ['nonsense', 'jit-bot'],
  ])('is unknown from %s of @%s', (webUrl, username) => {
    expect(instanceAddress({ webUrl, username })).toBeNull();
  });

  it('is GitLab.com by its host name alone', () => {
    expect(['https://gitlab.com', 'https://x.gitlab.com', 'https://notgitlab.com'].map(isGitLabDotCom)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('days left of a token', () => {
  it.each([
    ['2026-02-14', '2026-02-13T00:00:00Z', 1],
    ['2026-02-14', '2026-02-13T23:59:59.999Z', 1],
    ['2026-02-14', '2026-02-14T00:00:00Z', 0],
    ['2026-02-14', '2026-02-14T12:00:00Z', 0],
    ['2026-02-14', '2026-02-15T12:00:00Z', -1],
    ['2026-02-16', '2026-02-13T10:00:00Z', 3],
  ])('a token that expires on %s has, at %s, %d', (expiresAt, now, days) => {
    expect(daysLeft(expiresAt, new Date(now))).toBe(days);
  });

  it('is unknown for a token that never expires', () => {
    expect(daysLeft(null, new Date())).toBeNull();
  });
});
