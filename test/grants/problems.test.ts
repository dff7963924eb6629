import { describe, expect, it } from '@jest/globals';
import { backOffMs } from '../../src/grants/problems.ts';

const TRIES = [0, 1, 2, 3, 4, 5, 6, 7, 100, 10_000];

describe('the pause before the next try', () => {
  it('S3: is 1 second, then twice as long each time, and 60 seconds from the seventh try on, without limit', () => {
    const seconds = TRIES.map((attempts) => backOffMs(attempts, 0) / 1_000);
    expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  it('S3: is shortened by chance, so that tries spread, but by no more than a quarter', () => {
    const seconds = TRIES.map((attempts) => backOffMs(attempts, 1) / 1_000);
    expect(seconds).toEqual([0.75, 1.5, 3, 6, 12, 24, 45, 45, 45, 45]);
    expect(backOffMs(0, 0.5)).toBe(875);
  });
});
