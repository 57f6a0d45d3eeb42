import { Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { Clip } from '../../components/Clip';
import { type Column, DataTable } from '../../components/DataTable';
import { ErrorAlert } from '../../components/ErrorAlert';
import { ListStatus, useFresh } from '../../components/ListStatus';
import { Pager } from '../../components/Pager';
import { graphql, readFragment } from '../../gql';
import type { CustomerRowPartsFragment, CustomerSortKey } from '../../gql/graphql';
import { countryName } from '../../lib/country';
import { type Formats, formats } from '../../lib/format';
import { codeOf } from '../../lib/problem';
import { firstPage, writeSort } from '../../lib/search';
import { useLast } from '../../lib/useLast';
import { CustomerFilters } from './CustomerFilters';
import { type CustomersChange, noFilter, pageSize, question, sortKeys } from './search';

const CustomersQuery = graphql(/* GraphQL */ `
  query Customers(
    $first: Int, $after: String, $last: Int, $before: String, $filter: CustomerFilter!, $sort: CustomerSort!
    $bought: ID!, $ofProduct: Boolean!
  ) {
    tenant { currencyCode timezone }
    customers(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
      totalCount
      nodes { ...CustomerRowParts }
      pageInfo { ...PageParts }
    }
    product(id: $bought) @include(if: $ofProduct) { title }
  }
`);

const CustomerRowParts = graphql(/* GraphQL */ `
  fragment CustomerRowParts on Customer {
    id
    displayName
    email
    city
    country
    ordersCount
    totalSpent { amount }
    lastOrderAt
    createdAt
  }
`);

export function CustomersPage() {
  const search = useSearch({ from: '/inside/customers' });
  const navigate = useNavigate({ from: '/customers' });
  const asked = useMemo(() => question(search), [search]);
  const [answer, ask] = useQuery({
    query: CustomersQuery,
    variables: { ...asked, bought: search.bought ?? '', ofProduct: search.bought !== undefined },
  });
  const again = () => ask({ requestPolicy: 'network-only' });
  const data = useLast(answer.data);
  const list = data?.customers ?? undefined;
  const stale = useFresh({ data: answer.data, follow: !search.after && !search.before, kinds: ['CUSTOMERS', 'ORDERS'], again });
  const shop = { currencyCode: data?.tenant?.currencyCode ?? 'USD', timezone: data?.tenant?.timezone ?? 'UTC' };
  const format = useMemo(() => formats(shop), [shop.currencyCode, shop.timezone]);
  const columns = useMemo(() => columnsOf(format), [format]);

  /** Shows the first page of another list. */
  const change = (c: CustomersChange, replace = false) =>
    void navigate({ search: (old) => ({ ...old, ...firstPage, ...c }) as typeof old, replace, resetScroll: false });
  const filtered = Object.keys(noFilter).some((name) => name in search);

  return (
    <Stack>
      <Title order={1} size="h2">
        Customers
      </Title>
      <CustomerFilters
        search={search}
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
            label="Customers"
            columns={columns}
            rows={list && readFragment(CustomerRowParts, list.nodes)}
            size={pageSize}
            busy={answer.fetching && answer.data === undefined && data !== undefined}
            sort={asked.sort}
            onSort={(sort) => change({ sort: writeSort<CustomerSortKey>(sort, sortKeys) })}
            empty={<Empty filtered={filtered} onClear={() => change(noFilter)} />}
            minWidth={860}
          />
          <Pager
            label="Pages of customers"
            page={list?.pageInfo}
            onPage={(page) => void navigate({ search: (old) => ({ ...old, ...page }) as typeof old })}
          />
        </>
      )}
    </Stack>
  );
}

function counted(n: number, filtered: boolean, format: Formats): string {
  const customers = `${format.count(n)} ${n === 1 ? 'customer' : 'customers'}`;
  return filtered ? `${customers} found` : customers;
}

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <>
      <Text mb="sm">No customer is like that.</Text>
      <Button variant="default" onClick={onClear}>
        Show all customers
      </Button>
    </>
  ) : (
    <Text>
      There are no customers yet.{' '}
      <Anchor renderRoot={(props) => <Link to="/" {...props} />}>Connect a store, or look around with sample data</Anchor>
    </Text>
  );
}

function columnsOf(format: Formats): Column<CustomerRowPartsFragment, CustomerSortKey>[] {
  return [
    {
      name: 'Customer',
      sort: 'NAME',
      first: 'ASC',
      cell: (c) => (
        <>
          <Anchor className="row-link" renderRoot={(props) => <Link to="/customers/$id" params={{ id: c.id }} {...props} />}>
            <Clip text={c.displayName} fw={500} />
          </Anchor>
          {c.email && <Clip text={c.email} size="xs" c="dimmed" fw={400} />}
        </>
      ),
    },
    { name: 'Place', cell: (c) => <Clip text={[c.city, c.country && countryName(c.country)].filter(Boolean).join(', ') || '–'} maw={200} /> },
    { name: 'Joined', sort: 'CREATED_AT', cell: (c) => (c.createdAt ? format.date(c.createdAt) : '–') },
    { name: 'Last order', sort: 'LAST_ORDER_AT', cell: (c) => (c.lastOrderAt ? format.date(c.lastOrderAt) : '–') },
    {
      name: 'Orders',
      sort: 'ORDERS_COUNT',
      right: true,
      cell: (c) =>
        c.ordersCount === 0 ? (
          format.count(0)
        ) : (
          <Anchor
            size="sm"
            aria-label={`${format.count(c.ordersCount)} orders of ${c.displayName}`}
            renderRoot={(props) => <Link to="/orders" search={{ customer: c.id }} {...props} />}
          >
            {format.count(c.ordersCount)}
          </Anchor>
        ),
    },
    { name: 'Total spent', sort: 'TOTAL_SPENT', right: true, cell: (c) => format.money(c.totalSpent.amount) },
  ];
}
