import type { Comparison, DateRangeInput, DateRangePreset, Interval } from '../../gql/graphql';
import { isDay, presets } from '../../lib/period';
import { isKey } from '../../lib/search';

export const comparisons: Record<Comparison, string> = {
  PREVIOUS_PERIOD: 'the period before',
  PREVIOUS_YEAR: 'the year before',
  PREVIOUS_YEAR_MATCH_DAY_OF_WEEK: 'the year before, by weekday',
  NONE: 'nothing',
};

export const intervals: Record<Interval, string> = {
  HOUR: 'Hours',
  DAY: 'Days',
  WEEK: 'Weeks',
  MONTH: 'Months',
  QUARTER: 'Quarters',
  YEAR: 'Years',
};

export const metrics = {
  totalSales: 'Total sales',
  netSales: 'Net sales',
  orders: 'Orders',
  averageOrderValue: 'Average order value',
  customers: 'Customers',
  newCustomers: 'New customers',
} as const;

export type Metric = keyof typeof metrics;

/** What the address says about the overview. What is left out has a default, and a default is left out. */
export interface OverviewSearch {
  range?: DateRangePreset;
  from?: string;
  to?: string;
  compare?: Comparison;
  interval?: Interval;
  metric?: Metric;
  view?: 'table';
}

/** What is to be different in the address; undefined leaves something out. */
export type SearchChange = { [K in keyof OverviewSearch]?: OverviewSearch[K] | undefined };

/** The same with every default filled in. */
export interface Question {
  range: DateRangeInput;
  compareTo: Comparison;
  interval: Interval;
  /** The intervals that fit the range. */
  intervals: Interval[];
  metric: Metric;
  view: 'chart' | 'table';
}

/** Reads the address. Whatever makes no sense counts as left out: addresses are typed and shared by people. */
export function validateOverviewSearch(raw: Record<string, unknown>): OverviewSearch {
  const out: OverviewSearch = {};
  if (isDay(raw.from) && isDay(raw.to) && raw.from <= raw.to) {
    out.from = raw.from;
    out.to = raw.to;
  } else if (isKey(presets, raw.range) && raw.range !== 'LAST_30_DAYS') out.range = raw.range;
  if (isKey(comparisons, raw.compare) && raw.compare !== 'PREVIOUS_PERIOD') out.compare = raw.compare;
  if (isKey(intervals, raw.interval)) out.interval = raw.interval;
  if (isKey(metrics, raw.metric) && raw.metric !== 'totalSales') out.metric = raw.metric;
  if (raw.view === 'table') out.view = 'table';
  return out;
}

/** Returns what is to be asked. */
export function question(search: OverviewSearch): Question {
  const custom = search.from && search.to;
  const preset = search.range ?? 'LAST_30_DAYS';
  const days = custom ? length(search.from as string, search.to as string) : (presets[preset]?.days ?? 30);
  const fitting = intervalsFor(days);
  return {
    range: custom ? { from: search.from as string, to: search.to as string } : { preset },
    // All time has no time before it.
    compareTo: preset === 'ALL_TIME' && !custom ? 'NONE' : (search.compare ?? 'PREVIOUS_PERIOD'),
    interval: search.interval && fitting.includes(search.interval) ? search.interval : defaultInterval(days),
    intervals: fitting,
    metric: search.metric ?? 'totalSales',
    view: search.view ?? 'chart',
  };
}

/** The intervals that make neither a single point nor more than anybody can look at of so many days. */
export function intervalsFor(days: number): Interval[] {
  const all: [Interval, number, number][] = [
    ['HOUR', 1, 7],
    ['DAY', 2, 400],
    ['WEEK', 14, 3_700],
    ['MONTH', 45, 27_000],
    ['QUARTER', 180, 36_600],
    ['YEAR', 700, 366_000],
  ];
  return all.filter(([, least, most]) => days >= least && days <= most).map(([name]) => name);
}

function defaultInterval(days: number): Interval {
  if (days <= 2) return 'HOUR';
  if (days <= 92) return 'DAY';
  return days <= 200 ? 'WEEK' : 'MONTH';
}

function length(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}
