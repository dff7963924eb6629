import { describe, expect, it } from '@jest/globals';
import { Kind } from 'graphql';
import { scalars } from '../../src/resolvers/scalars.ts';

const { DateTime, Date: DateScalar, Duration, URL: UrlScalar } = scalars;

describe('DateTime', () => {
  it('is answered in UTC with milliseconds, from a Date or from GitLab text with an offset', () => {
    expect(DateTime.serialize(new Date('2026-01-31T15:04:05.678Z'))).toBe('2026-01-31T15:04:05.678Z');
    expect(DateTime.serialize('2026-01-31T15:04:05.678+02:00')).toBe('2026-01-31T13:04:05.678Z');
  });
  it('is answered alike however it is written, and never for a time that there is not', () => {
    const times = [
      '2026-01-28T15:04:05Z',
      '2026-01-31T15:04:05Z',
      '2028-02-29T23:59:59.999Z',
      '2026-01-02T03:04:05.6Z',
    ];
    for (const text of times) expect(DateTime.serialize(text)).toBe(new Date(text).toISOString());
    for (const text of [
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:30:00Z',
      '2026-01-01',
      'soon',
      {},
    ]) {
      expect(() => DateTime.serialize(text)).toThrow();
    }
  });
  it('is read as a Date, and needs a time zone', () => {
    expect(DateTime.parseValue('2026-01-31T15:04:05Z')).toEqual(new Date('2026-01-31T15:04:05Z'));
    for (const text of ['2026-01-31', '2026-01-31T15:04:05', '2026-02-30T00:00:00Z', 'soon', 7]) {
      expect(() => DateTime.parseValue(text)).toThrow();
    }
  });
});

describe('Date', () => {
  it('is a day of the calendar', () => {
    expect(DateScalar.serialize('2026-02-28')).toBe('2026-02-28');
    for (const text of ['2026-02-30', '2026-2-3', '2026-02-28T00:00:00Z'])
      expect(() => DateScalar.parseValue(text)).toThrow();
    for (const text of ['2026-02-30', '2026-04-31', '2026-00-10', '2026-2-3', 7])
      expect(() => DateScalar.serialize(text)).toThrow();
    for (const day of ['2028-02-29', '2026-01-31', '2026-04-30']) expect(DateScalar.serialize(day)).toBe(day);
  });
});

describe('Duration', () => {
  it('is milliseconds inside and ISO 8601 outside', () => {
    expect(Duration.parseValue('PT2H')).toBe(7_200_000);
    expect(Duration.parseLiteral({ kind: Kind.STRING, value: 'P1D' })).toBe(86_400_000);
    expect(Duration.serialize(7_200_000)).toBe('PT2H');
    expect(() => Duration.parseValue(7_200_000)).toThrow('"PT2H"');
    expect(() => Duration.parseLiteral({ kind: Kind.INT, value: '7' })).toThrow('"PT2H"');
    expect(() => Duration.serialize(-1)).toThrow();
  });
});

describe('URL', () => {
  it('is an absolute http or https address, kept as it was written', () => {
    expect(UrlScalar.parseValue('https://gitlab.example.com')).toBe('https://gitlab.example.com');
    expect(UrlScalar.serialize('https://gitlab.example.com/acme')).toBe('https://gitlab.example.com/acme');
    for (const text of ['gitlab.example.com', '/acme', 'javascript:alert(1)', 'file:///etc/passwd', '', 7]) {
      expect(() => UrlScalar.parseValue(text)).toThrow('absolute web address');
    }
  });
});
