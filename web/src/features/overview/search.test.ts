import { describe, expect, test } from 'vitest';
import { intervalsFor, question, validateOverviewSearch } from './search';

describe('the address', () => {
  test('leaves defaults out', () => {
    expect(validateOverviewSearch({})).toEqual({});
    expect(validateOverviewSearch({ range: 'LAST_30_DAYS', compare: 'PREVIOUS_PERIOD', metric: 'totalSales', view: 'chart' })).toEqual({});
  });

  test('keeps what says something', () => {
    const search = { range: 'LAST_YEAR', compare: 'NONE', interval: 'WEEK', metric: 'orders', view: 'table' };
    expect(validateOverviewSearch(search)).toEqual(search);
    expect(validateOverviewSearch({ from: '2026-01-01', to: '2026-02-28', range: 'TODAY' })).toEqual({ from: '2026-01-01', to: '2026-02-28' });
  });

  test.each([
    { range: 'NEVER' },
    { range: 'toString' },
    { range: ['TODAY'] },
    { from: '2026-02-30', to: '2026-03-01' },
    { from: '2026-03-02', to: '2026-03-01' },
    { from: '2026-03-02' },
    { from: 20260302, to: 20260303 },
    { metric: '__proto__' },
    { view: 'graph' },
  ])('leaves nonsense out: %j', (raw) => {
    expect(validateOverviewSearch(raw)).toEqual({});
  });
});

describe('the question', () => {
  test('has every default', () => {
    expect(question({})).toEqual({
      range: { preset: 'LAST_30_DAYS' },
      compareTo: 'PREVIOUS_PERIOD',
      interval: 'DAY',
      intervals: ['DAY', 'WEEK'],
      metric: 'totalSales',
      view: 'chart',
    });
  });

  test('compares all time with nothing', () => {
    expect(question({ range: 'ALL_TIME', compare: 'PREVIOUS_YEAR' }).compareTo).toBe('NONE');
  });

  test('takes another interval where the one asked for does not fit', () => {
    expect(question({ range: 'LAST_YEAR', interval: 'HOUR' }).interval).toBe('MONTH');
    expect(question({ range: 'TODAY', interval: 'MONTH' }).interval).toBe('HOUR');
    expect(question({ from: '2026-01-01', to: '2026-01-02', interval: 'DAY' }).interval).toBe('DAY');
  });
});

test('some interval fits every length, and none makes more points than the API gives', () => {
  const days = { HOUR: 1 / 24, DAY: 1, WEEK: 7, MONTH: 28, QUARTER: 90, YEAR: 365 };
  const wrong = Array.from({ length: 36_600 }, (_, i) => i + 1).filter((n) => {
    const fitting = intervalsFor(n);
    return fitting.length === 0 || fitting.some((i) => n / days[i] > 1000);
  });
  expect(wrong).toEqual([]);
});
