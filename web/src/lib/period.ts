import type { DateRangeInput, DateRangePreset } from '../gql/graphql';
import type { Formats } from './format';
import { isKey } from './search';

/** The periods with a name that are offered, and how many days they have at most. */
export const presets: Partial<Record<DateRangePreset, { name: string; days: number }>> = {
  TODAY: { name: 'Today', days: 1 },
  YESTERDAY: { name: 'Yesterday', days: 1 },
  LAST_7_DAYS: { name: 'Last 7 days', days: 7 },
  LAST_30_DAYS: { name: 'Last 30 days', days: 30 },
  LAST_90_DAYS: { name: 'Last 90 days', days: 90 },
  LAST_12_MONTHS: { name: 'Last 12 months', days: 366 },
  MONTH_TO_DATE: { name: 'This month so far', days: 31 },
  QUARTER_TO_DATE: { name: 'This quarter so far', days: 92 },
  YEAR_TO_DATE: { name: 'This year so far', days: 366 },
  LAST_MONTH: { name: 'Last month', days: 31 },
  LAST_QUARTER: { name: 'Last quarter', days: 92 },
  LAST_YEAR: { name: 'Last year', days: 366 },
  ALL_TIME: { name: 'All time', days: 3660 },
};

export function isDay(v: unknown): v is string {
  return typeof v === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(v) && new Date(`${v}T00:00:00Z`).toJSON()?.startsWith(v) === true;
}

/** A period as lists have it in their address: the name of one, or `2026-01-01..2026-01-31`. All of time is none. */
export function readPeriod(v: unknown): string | undefined {
  if (typeof v !== 'string' || v === 'ALL_TIME') return undefined;
  if (isKey(presets, v)) return v;
  const [from, to, more] = v.split('..');
  return isDay(from) && isDay(to) && from <= to && more === undefined ? v : undefined;
}

/** The period for the API, of one that was read; null is all of time. */
export function rangeOf(period: string | undefined): DateRangeInput | null {
  if (period === undefined) return null;
  const [from = '', to] = period.split('..');
  return to === undefined ? { preset: from as DateRangePreset } : { from, to };
}

/** The same the other way round. */
export function periodOf(range: DateRangeInput): string | undefined {
  return readPeriod(range.from && range.to ? `${range.from}..${range.to}` : range.preset);
}

/** The same in words. */
export function periodWords(period: string, format: Formats): string {
  const range = rangeOf(period);
  if (range?.from && range.to) return format.days(range.from, range.to);
  return isKey(presets, period) ? (presets[period]?.name ?? period) : period;
}
