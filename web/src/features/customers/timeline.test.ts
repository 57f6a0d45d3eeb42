import { describe, expect, test } from 'vitest';
import { timeline } from './timeline';

const order = (processedAt: string, amount = '10.00') => ({ processedAt, netSales: { amount } });
const now = new Date('2026-11-23T12:00:00Z');

describe('the timeline', () => {
  test('of nothing is empty', () => {
    expect(timeline([], 'UTC', now).buckets).toEqual([]);
  });

  test('of a few weeks has days, those without an order too', () => {
    const { interval, buckets } = timeline([order('2026-11-20T10:00:00Z', '0.10'), order('2026-11-22T09:00:00Z'), order('2026-11-20T08:00:00Z', '0.20')], 'UTC', now);
    expect(interval).toBe('DAY');
    expect(buckets).toEqual([
      { label: '2026-11-20', orders: 2, netSales: '0.30', partial: false },
      { label: '2026-11-21', orders: 0, netSales: '0', partial: false },
      { label: '2026-11-22', orders: 1, netSales: '10.00', partial: false },
      { label: '2026-11-23', orders: 0, netSales: '0', partial: true },
    ]);
  });

  test('has the days of the store', () => {
    const { buckets } = timeline([order('2026-11-23T03:00:00Z')], 'America/New_York', now);
    expect(buckets.map((b) => [b.label, b.orders])).toEqual([
      ['2026-11-22', 1],
      ['2026-11-23', 0],
    ]);
  });

  test('of some years has months, of many has years', () => {
    const months = timeline([order('2025-01-31T23:00:00Z'), order('2025-03-01T00:00:00Z')], 'UTC', now);
    expect([months.interval, months.buckets.length, months.buckets[0]?.label, months.buckets.at(-1)?.label]).toEqual(['MONTH', 23, '2025-01-01', '2026-11-01']);
    expect(months.buckets.slice(0, 3).map((b) => b.orders)).toEqual([1, 0, 1]);
    const years = timeline([order('1970-01-01T00:00:00Z')], 'UTC', now);
    expect([years.interval, years.buckets.length, years.buckets.at(-1)]).toEqual(['YEAR', 57, { label: '2026-01-01', orders: 0, netSales: '0', partial: true }]);
  });

  test('reaches orders that are a day ahead, and no order is lost', () => {
    const { buckets } = timeline([order('2026-11-24T11:00:00Z')], 'Pacific/Kiritimati', now);
    expect(buckets.at(-1)).toEqual({ label: '2026-11-25', orders: 1, netSales: '10.00', partial: true });
    const all = Array.from({ length: 500 }, (_, i) => order(new Date(now.getTime() - i * 86_400_000 * 3.7).toISOString(), '-0.01'));
    const many = timeline(all, 'Europe/Berlin', now);
    expect(many.buckets.reduce((n, b) => n + b.orders, 0)).toBe(500);
  });
});
