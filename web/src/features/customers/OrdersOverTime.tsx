import { Group, NativeSelect, Paper, Skeleton, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type OperationResult, useClient } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { OverTime, type Row, ShowAs } from '../../components/OverTime';
import { graphql } from '../../gql';
import type { PlacedOrdersQuery } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import type { CustomerChange, CustomerSearch } from './search';
import { type Placed, timeline } from './timeline';

const PlacedOrders = graphql(/* GraphQL */ `
  query PlacedOrders($id: ID!, $after: String) {
    customer(id: $id) {
      orders(first: 100, after: $after) {
        nodes { processedAt netSales { amount } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

// A customer with more is a till or a test: nobody waits for all of it.
const most = 1_000;

interface Props {
  id: string;
  ordersCount: number;
  /** Something else when the orders have changed. */
  version: string;
  timezone: string;
  format: Formats;
  search: CustomerSearch;
  onChange: (change: CustomerChange) => void;
}

/** When a customer ordered, and for how much. The API has no report of one customer, so that its orders are added up here. */
export function OrdersOverTime({ id, ordersCount, version, timezone, format, search, onChange }: Props) {
  const [orders, error, retry] = usePlaced(id, version);
  const name = search.figure === 'netSales' ? 'Net sales' : 'Orders';
  const view = search.view ?? 'chart';
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="over-time">
      <Group justify="space-between" mb="md" align="end">
        <div>
          <Title order={2} size="h4" id="over-time">
            {name} over time
          </Title>
          <Text size="sm" c="dimmed">
            {name === 'Net sales' && 'Refunds count where the order was placed. '}
            {orders && orders.length < ordersCount && `These are the newest ${format.count(orders.length)} orders.`}
          </Text>
        </div>
        <Group align="end" gap="sm">
          <NativeSelect
            size="xs"
            label="Figure"
            value={search.figure ?? 'orders'}
            onChange={(e) => onChange({ figure: e.currentTarget.value === 'netSales' ? 'netSales' : undefined })}
            data={[
              { value: 'orders', label: 'Orders' },
              { value: 'netSales', label: 'Net sales' },
            ]}
          />
          <ShowAs view={view} onChange={(v) => onChange({ view: v })} />
        </Group>
      </Group>
      {error !== undefined && <ErrorAlert error={error} onRetry={retry} />}
      {!orders && error === undefined && <Skeleton h={320} />}
      {orders && (
        <OverTime
          view={view}
          rows={rows(orders, timezone, name === 'Net sales', format)}
          name={name}
          compared={false}
          caption={`${name} of this customer, from the first order to today`}
          tick={name === 'Net sales' ? format.moneyShort : format.countShort}
        />
      )}
    </Paper>
  );
}

/** Reads the orders page by page, and again when they have changed. */
function usePlaced(id: string, version: string): [orders: Placed[] | undefined, error: unknown, retry: () => void] {
  const client = useClient();
  const [orders, setOrders] = useState<Placed[]>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let left = false;
    const read = async () => {
      const all: Placed[] = [];
      let after: string | null = null;
      do {
        const answer: OperationResult<PlacedOrdersQuery> = await client
          .query(PlacedOrders, { id, after }, { requestPolicy: 'network-only' })
          .toPromise();
        if (left) return;
        if (answer.error) return setError(answer.error);
        const page = answer.data?.customer?.orders;
        all.push(...(page?.nodes ?? []));
        after = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      } while (after !== null && all.length < most);
      setError(undefined);
      setOrders(all);
    };
    void read();
    return () => {
      left = true;
    };
  }, [client, id, version, attempt]);
  return [
    orders,
    error,
    () => {
      setError(undefined);
      setAttempt((n) => n + 1);
    },
  ];
}

function rows(orders: Placed[], timezone: string, money: boolean, format: Formats): Row[] {
  const { interval, buckets } = timeline(orders, timezone, new Date());
  return buckets.map((b) => ({
    label: format.bucket(b.label, interval),
    current: money ? Number(b.netSales) : b.orders,
    currentText: money ? format.money(b.netSales) : format.count(b.orders),
    previous: null,
    previousText: '',
    previousLabel: '',
    partial: b.partial,
  }));
}
