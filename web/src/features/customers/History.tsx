import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Clip } from '../../components/Clip';
import { type Column, DataTable } from '../../components/DataTable';
import { ListStatus } from '../../components/ListStatus';
import { financialWords, fulfillmentWords } from '../../components/orders';
import { Pager } from '../../components/Pager';
import { StateBadge } from '../../components/StateBadge';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { HistoryPartsFragment, OrderSortKey } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import { firstPage, type Sort, writeSort } from '../../lib/search';
import { type CustomerChange, historyKeys, historySize } from './search';

const HistoryParts = graphql(/* GraphQL */ `
  fragment HistoryParts on OrderConnection {
    totalCount
    nodes { id name processedAt cancelledAt financialStatus fulfillmentStatus total { shopMoney { amount } } refunded { amount } netSales { amount } }
    pageInfo { ...PageParts }
  }
`);

interface Props {
  orders: FragmentType<typeof HistoryParts> | undefined;
  busy: boolean;
  stale: boolean;
  sort: Sort<OrderSortKey>;
  format: Formats;
  onChange: (change: CustomerChange) => void;
  onReload: () => void;
}

/** The orders of a customer, a page of them at a time. */
export function History({ orders, busy, stale, sort, format, onChange, onReload }: Props) {
  const list = readFragment(HistoryParts, orders);
  const count = list && (list.totalCount === 1 ? '1 order' : `${format.count(list.totalCount)} orders`);
  return (
    <Stack gap="xs" component="section" aria-labelledby="history">
      <Title order={2} size="h4" id="history">
        History
      </Title>
      <ListStatus text={count} stale={stale} onReload={onReload} />
      <DataTable
        label="History of orders"
        columns={columns(format)}
        rows={list?.nodes}
        size={historySize}
        busy={busy}
        sort={sort}
        onSort={(s) => onChange({ ...firstPage, sort: writeSort<OrderSortKey>(s, historyKeys) })}
        empty={<Text c="dimmed">Nothing was ordered yet.</Text>}
        minWidth={820}
      />
      <Pager label="Pages of the history" page={list?.pageInfo} onPage={onChange} />
    </Stack>
  );
}

function columns(format: Formats): Column<HistoryPartsFragment['nodes'][number], OrderSortKey>[] {
  return [
    {
      name: 'Order',
      cell: (o) => (
        <Group gap="xs" wrap="nowrap">
          <Anchor className="row-link" fw={500} renderRoot={(props) => <Link to="/orders" search={{ order: o.id }} {...props} />}>
            <Clip text={o.name} maw={180} />
          </Anchor>
          {o.cancelledAt && <StateBadge word={{ name: 'Cancelled', color: 'red' }} />}
        </Group>
      ),
    },
    { name: 'Placed', sort: 'PROCESSED_AT', cell: (o) => format.instant(o.processedAt) },
    { name: 'Payment', cell: (o) => <StateBadge word={financialWords[o.financialStatus]} /> },
    { name: 'Delivery', cell: (o) => <StateBadge word={fulfillmentWords[o.fulfillmentStatus]} /> },
    { name: 'Total', sort: 'TOTAL', right: true, cell: (o) => format.money(o.total.shopMoney.amount) },
    { name: 'Refunded', right: true, cell: (o) => format.money(o.refunded.amount) },
    { name: 'Net sales', right: true, cell: (o) => format.money(o.netSales.amount) },
  ];
}
