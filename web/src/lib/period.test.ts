import { expect, test } from 'vitest';
import { periodOf, rangeOf, readPeriod } from './period';

test.each(['LAST_30_DAYS', '2026-01-01..2026-01-31', '2026-01-01..2026-01-01'])('%s is a period', (period) => {
  expect(readPeriod(period)).toBe(period);
  expect(periodOf(rangeOf(period) ?? {})).toBe(period);
});

test.each(['ALL_TIME', 'toString', '2026-01-01', '2026-02-30..2026-03-01', '2026-02-02..2026-02-01', '2026-01-01..2026-01-02..', 7, ['TODAY'], null])(
  '%j is none',
  (period) => {
    expect(readPeriod(period)).toBeUndefined();
  },
);

test('a period is asked for by its name or its days', () => {
  expect(rangeOf('TODAY')).toEqual({ preset: 'TODAY' });
  expect(rangeOf('2026-01-01..2026-01-31')).toEqual({ from: '2026-01-01', to: '2026-01-31' });
  expect(rangeOf(undefined)).toBeNull();
  expect(periodOf({ preset: 'ALL_TIME' })).toBeUndefined();
});
