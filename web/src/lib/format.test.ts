import { describe, expect, test } from 'vitest';
import { ago, formats, locale } from './format';

describe('amounts', () => {
  test('have the digits of their currency', () => {
    expect(formats({ currencyCode: 'EUR', timezone: 'UTC' }, 'en').money('1234.50')).toBe('€1,234.50');
    expect(formats({ currencyCode: 'JPY', timezone: 'UTC' }, 'en').money('1234')).toBe('¥1,234');
    expect(formats({ currencyCode: 'KWD', timezone: 'UTC' }, 'en').money('-0.500')).toBe('-KWD\u00a00.500');
  });

  test('stay exact beyond what floating point holds', () => {
    expect(formats({ currencyCode: 'USD', timezone: 'UTC' }, 'en').money('90071992547409931.27')).toBe('$90,071,992,547,409,931.27');
  });
});

test('changes carry their sign', () => {
  const f = formats({ currencyCode: 'USD', timezone: 'UTC' }, 'en');
  expect([12.5, -3, 0, 1234.56].map(f.change)).toEqual(['+12.5%', '-3%', '0%', '+1,234.6%']);
  expect(f.percent(0.1234)).toBe('12.3%');
});

test('instants are in the timezone of the shop, labels are days already', () => {
  const f = formats({ currencyCode: 'USD', timezone: 'America/New_York' }, 'en-US');
  expect(f.instant('2026-11-01T03:30:00Z').replace(/\u202f/g, ' ')).toBe('Oct 31, 2026, 11:30 PM');
  expect(f.date('2026-11-01T03:30:00Z')).toBe('Oct 31, 2026');
  expect(f.day('2026-11-01')).toBe('Nov 1, 2026');
  expect(f.days('2026-10-01', '2026-10-31')).toBe('Oct 1 – 31, 2026'.replace(/ – /, '\u2009–\u2009'));
  expect(f.bucket('2026-11-01', 'DAY')).toBe('Nov 1');
  expect(f.bucket('2026-11-01', 'WEEK')).toBe('Week of Nov 1');
  expect(f.bucket('2026-11-01', 'MONTH')).toBe('Nov 2026');
  // The hour that the clock shows twice is told apart by its offset in the table; here it keeps its local hour.
  expect(f.bucket('2026-11-01T01:00-04:00', 'HOUR').replace(/\u202f/g, ' ')).toBe('Nov 1, 1 AM');
});

test('an English reader gets the spelling of home', () => {
  expect(locale(['de-DE', 'en-GB', 'en'])).toBe('en-GB');
  expect(locale(['de-DE'])).toBe('en');
});

test('how long ago', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  expect(ago('2026-11-23T11:59:50Z', now, 'en')).toBe('just now');
  expect(ago('2026-11-23T11:58:00Z', now, 'en')).toBe('2 minutes ago');
  expect(ago('2026-11-23T09:00:00Z', now, 'en')).toBe('3 hours ago');
  expect(ago('2026-11-22T12:00:00Z', now, 'en')).toBe('yesterday');
});
