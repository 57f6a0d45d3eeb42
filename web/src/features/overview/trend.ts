import type { Row } from '../../components/OverTime';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { Interval, TrendPartsFragment } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import type { Metric } from './search';

export const TrendParts = graphql(/* GraphQL */ `
  fragment TrendParts on SalesTrend {
    interval
    points { ...PointParts }
    previousPoints { ...PointParts }
  }
`);

export const PointParts = graphql(/* GraphQL */ `
  fragment PointParts on SalesPoint {
    label
    partial
    totalSales { amount }
    netSales { amount }
    orders
    averageOrderValue { amount }
    customers
    newCustomers
  }
`);

const money: Record<Metric, boolean> = {
  totalSales: true,
  netSales: true,
  orders: false,
  averageOrderValue: true,
  customers: false,
  newCustomers: false,
};

/** Whether a metric is an amount of money, and not a number of something. */
export const isMoney = (metric: Metric) => money[metric];

/** The values of one metric, to draw a small line with: without a part of time that is not over, which looks like a fall. */
export function line(of: FragmentType<typeof TrendParts>, metric: Metric): number[] {
  return readFragment(TrendParts, of)
    .points.map(readPoint)
    .filter((p) => !p.partial)
    .map((p) => Number(raw(p, metric) ?? 0));
}

type Point = ReturnType<typeof readPoint>;
const readPoint = (p: FragmentType<typeof PointParts>) => readFragment(PointParts, p);

function raw(point: Point, metric: Metric): string | number | null {
  const v = point[metric];
  return v == null ? null : typeof v === 'number' ? v : v.amount;
}

/** Puts the points of the period and of the one it is compared with side by side: the longer of the two ends alone. */
export function rows(of: FragmentType<typeof TrendParts>, metric: Metric, format: Formats): Row[] {
  const trend: TrendPartsFragment = readFragment(TrendParts, of);
  const points = trend.points.map(readPoint);
  const previous = trend.previousPoints.map(readPoint);
  const interval: Interval = trend.interval;
  const side = (p: Point | undefined) => {
    const v = p ? raw(p, metric) : null;
    return {
      label: p ? format.bucket(p.label, interval) : '',
      value: v === null ? null : Number(v),
      text: v === null ? '–' : typeof v === 'number' ? format.count(v) : format.money(v),
    };
  };
  return Array.from({ length: Math.max(points.length, previous.length) }, (_, i) => {
    const now = side(points[i]);
    const then = side(previous[i]);
    return {
      label: now.label || `(${then.label})`,
      current: now.value,
      previous: then.value,
      currentText: now.text,
      previousText: then.text,
      previousLabel: then.label,
      partial: points[i]?.partial ?? false,
    };
  });
}
