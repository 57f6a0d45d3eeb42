import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { Clip } from '../../components/Clip';
import { type Column, DataTable } from '../../components/DataTable';
import { ErrorAlert } from '../../components/ErrorAlert';
import { ListStatus, useFresh } from '../../components/ListStatus';
import { financialWords, fulfillmentWords } from '../../components/orders';
import { Pager } from '../../components/Pager';
import { StateBadge } from '../../components/StateBadge';
import { graphql, readFragment } from '../../gql';
import type { OrderRowPartsFragment, OrderSortKey } from '../../gql/graphql';
import { type Formats, formats } from '../../lib/format';
import { codeOf } from '../../lib/problem';
import { firstPage, writeSort } from '../../lib/search';
import { useViewer } from '../../lib/session';
import { useLast } from '../../lib/useLast';
import { OrderFilters } from './OrderFilters';
import { OrderPanel, OrderQuery } from './OrderPanel';
import { noFilter, pageSize, question, type SearchChange, sortKeys } from './search';

const OrdersQuery = graphql(/* GraphQL */ `
  query Orders(
    $first: Int, $after: String, $last: Int, $before: String, $filter: OrderFilter!, $sort: OrderSort!
    $customers: Boolean!, $customer: ID!, $ofCustomer: Boolean!, $product: ID!, $ofProduct: Boolean!
  ) {
    tenant { currencyCode timezone }
    orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
      nodes { ...OrderRowParts }
      pageInfo { ...PageParts }
      totalCount
    }
    customer(id: $customer) @include(if: $ofCustomer) { displayName }
    product(id: $product) @include(if: $ofProduct) { title }
  }
`);

export const OrderRowParts = graphql(/* GraphQL */ `
  fragment OrderRowParts on Order {
    id
    name
    processedAt
    updatedAt
    cancelledAt
    financialStatus
    fulfillmentStatus
    test
    channel
    total { shopMoney { amount } }
    customer @include(if: $customers) { id displayName }
  }
`);

type Row = OrderRowPartsFragment;

export function OrdersPage() {
  const search = useSearch({ from: '/inside/orders' });
  const navigate = useNavigate({ from: '/orders' });
  const viewer = useViewer();
  const customers = viewer.can('READ_CUSTOMERS');
  const asked = useMemo(() => question(search), [search]);
  const [answer, ask] = useQuery({
    query: OrdersQuery,
    variables: {
      ...asked,
      customers,
      customer: search.customer ?? '',
      ofCustomer: customers && search.customer !== undefined,
      product: search.product ?? '',
      ofProduct: search.product !== undefined,
    },
  });
  const again = () => ask({ requestPolicy: 'network-only' });
  // The order at the side has a question of its own, so that opening one leaves the list alone.
  const [opened, askOrder] = useQuery({ query: OrderQuery, variables: { id: search.order ?? '', customers }, pause: !search.order });
  const askOrderAgain = () => search.order && askOrder({ requestPolicy: 'network-only' });

  const data = useLast(answer.data);
  const list = data?.orders ?? undefined;
  const stale = useFresh({
    data: answer.data,
    follow: !search.after && !search.before,
    kinds: ['ORDERS', 'CUSTOMERS'],
    again,
    always: askOrderAgain,
  });
  const shop = { currencyCode: data?.tenant?.currencyCode ?? 'USD', timezone: data?.tenant?.timezone ?? 'UTC' };
  const format = useMemo(() => formats(shop), [shop.currencyCode, shop.timezone]);
  const columns = useMemo(() => columnsOf(format, customers), [format, customers]);

  /** Shows the first page of another list. */
  const change = (c: SearchChange, replace = false) =>
    void navigate({ search: (old) => ({ ...old, ...firstPage, ...c }) as typeof old, replace, resetScroll: false });
  const filtered = Object.keys(noFilter).some((name) => name in search);
  const busy = answer.fetching && answer.data === undefined && data !== undefined;

  return (
    <Stack>
      <Title order={1} size="h2">
        Orders
      </Title>
      <OrderFilters
        search={search}
        customer={data?.customer?.displayName}
        product={data?.product?.title}
        currencyCode={shop.currencyCode}
        format={format}
        onChange={change}
      />
      {answer.error && !answer.fetching && (
        <ErrorAlert error={answer.error} onRetry={codeOf(answer.error) === 'INVALID_CURSOR' ? () => change({}) : again} />
      )}
      {(list || answer.fetching) && (
        <>
          <ListStatus text={list && counted(list.totalCount, filtered, format)} stale={stale} onReload={again} />
          <DataTable
            label="Orders"
            columns={columns}
            rows={list && readFragment(OrderRowParts, list.nodes)}
            size={pageSize}
            busy={busy}
            sort={asked.sort}
            onSort={(sort) => change({ sort: writeSort<OrderSortKey>(sort, sortKeys) })}
            empty={<Empty filtered={filtered} onClear={() => change(noFilter)} />}
            minWidth={customers ? 980 : 820}
          />
          <Pager
            label="Pages of orders"
            page={list?.pageInfo}
            onPage={(page) => void navigate({ search: (old) => ({ ...old, ...page }) as typeof old })}
          />
        </>
      )}
      <OrderPanel
        id={search.order}
        answer={opened}
        format={format}
        onRetry={askOrderAgain}
        onClose={() => void navigate({ search: ({ order: _, ...old }) => old, resetScroll: false })}
      />
    </Stack>
  );
}

function counted(n: number, filtered: boolean, format: Formats): string {
  const orders = `${format.count(n)} ${n === 1 ? 'order' : 'orders'}`;
  return filtered ? `${orders} found` : orders;
}

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <>
      <Text mb="sm">No order is like that.</Text>
      <Button variant="default" onClick={onClear}>
        Show all orders
      </Button>
    </>
  ) : (
    <Text>
      There are no orders yet.{' '}
      <Anchor renderRoot={(props) => <Link to="/" {...props} />}>Connect a store, or look around with sample data</Anchor>
    </Text>
  );
}

function columnsOf(format: Formats, customers: boolean): Column<Row, OrderSortKey>[] {
  const who: Column<Row, OrderSortKey> = {
    name: 'Customer',
    cell: ({ customer }) =>
      customer ? (
        <Anchor c="inherit" renderRoot={(props) => <Link to="/customers/$id" params={{ id: customer.id }} {...props} />}>
          <Clip text={customer.displayName} maw={200} />
        </Anchor>
      ) : (
        <Text size="sm" c="dimmed">
          No customer
        </Text>
      ),
  };
  return [
    {
      name: 'Order',
      sort: 'NAME',
      first: 'ASC',
      cell: (o) => (
        <Group gap="xs" wrap="nowrap">
          <Anchor className="row-link" fw={500} renderRoot={(props) => <Link from="/orders" search={(old) => ({ ...old, order: o.id })} resetScroll={false} {...props} />}>
            <Clip text={o.name} maw={180} />
          </Anchor>
          {o.test && <StateBadge word={{ name: 'Test', color: 'gray' }} />}
          {o.cancelledAt && <StateBadge word={{ name: 'Cancelled', color: 'red' }} />}
        </Group>
      ),
    },
    { name: 'Placed', sort: 'PROCESSED_AT', cell: (o) => format.instant(o.processedAt) },
    ...(customers ? [who] : []),
    { name: 'Total', sort: 'TOTAL', right: true, cell: (o) => format.money(o.total.shopMoney.amount) },
    { name: 'Payment', cell: (o) => <StateBadge word={financialWords[o.financialStatus]} /> },
    { name: 'Delivery', cell: (o) => <StateBadge word={fulfillmentWords[o.fulfillmentStatus]} /> },
    { name: 'Channel', cell: (o) => (o.channel ? <Clip text={o.channel} maw={120} /> : '–') },
    { name: 'Changed', sort: 'UPDATED_AT', cell: (o) => (o.updatedAt ? format.instant(o.updatedAt) : '–') },
  ];
}
