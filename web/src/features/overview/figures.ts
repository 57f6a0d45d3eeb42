import { graphql, readFragment, type FragmentType } from '../../gql';
import type { MetricKey } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import type { Metric } from './search';

export const FiguresParts = graphql(/* GraphQL */ `
  fragment FiguresParts on Overview {
    comparedTo { from to }
    totalRevenue { value { amount } previous { amount } changePercent }
    netSales { value { amount } previous { amount } changePercent }
    orders { value previous changePercent }
    averageOrderValue { value { amount } previous { amount } changePercent }
    customers { value previous changePercent }
    newCustomers { value previous changePercent }
  }
`);

/** A figure as it is shown. */
export interface Figure {
  metric: Metric;
  key: MetricKey;
  value: string;
  /** What it was in the period it is compared with; null without a comparison. */
  previous: string | null;
  /** By how many percent it changed; null where that says nothing, as after zero. */
  changePercent: number | null;
}

const none = '–';

/** The six figures of the overview, in their order. */
export function figures(of: FragmentType<typeof FiguresParts>, format: Formats): Figure[] {
  const o = readFragment(FiguresParts, of);
  const money = (m: { value?: { amount: string } | null; previous?: { amount: string } | null; changePercent?: number | null }) => ({
    value: m.value ? format.money(m.value.amount) : none,
    previous: m.previous ? format.money(m.previous.amount) : null,
    changePercent: m.changePercent ?? null,
  });
  const count = (m: { value: number; previous?: number | null; changePercent?: number | null }) => ({
    value: format.count(m.value),
    previous: m.previous == null ? null : format.count(m.previous),
    changePercent: m.changePercent ?? null,
  });
  return [
    { metric: 'totalSales', key: 'TOTAL_SALES', ...money(o.totalRevenue) },
    { metric: 'netSales', key: 'NET_SALES', ...money(o.netSales) },
    { metric: 'orders', key: 'ORDERS', ...count(o.orders) },
    { metric: 'averageOrderValue', key: 'AVERAGE_ORDER_VALUE', ...money(o.averageOrderValue) },
    { metric: 'customers', key: 'CUSTOMERS', ...count(o.customers) },
    { metric: 'newCustomers', key: 'NEW_CUSTOMERS', ...count(o.newCustomers) },
  ];
}
