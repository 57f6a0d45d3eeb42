import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { Clip } from '../../components/Clip';
import { type Column, DataTable } from '../../components/DataTable';
import { ErrorAlert } from '../../components/ErrorAlert';
import { ListStatus, useFresh } from '../../components/ListStatus';
import { Pager } from '../../components/Pager';
import { Picture } from '../../components/Picture';
import { StateBadge } from '../../components/StateBadge';
import { graphql, readFragment } from '../../gql';
import type { ProductRowPartsFragment, ProductSortKey } from '../../gql/graphql';
import { type Formats, formats } from '../../lib/format';
import { codeOf } from '../../lib/problem';
import { firstPage, writeSort } from '../../lib/search';
import { useViewer } from '../../lib/session';
import { useLast } from '../../lib/useLast';
import { ProductFilters } from './ProductFilters';
import { noFilter, pageSize, type ProductsChange, question, sortKeys } from './search';
import { statusWords } from './words';

const ProductsQuery = graphql(/* GraphQL */ `
  query Products($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter!, $sort: ProductSort!) {
    tenant { currencyCode timezone }
    products(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
      nodes { ...ProductRowParts }
      pageInfo { ...PageParts }
      totalCount
    }
  }
`);

const ProductRowParts = graphql(/* GraphQL */ `
  fragment ProductRowParts on Product {
    id
    title
    imageUrl
    status
    vendor
    productType
    price { amount }
    inventoryQuantity
    createdAt
    updatedAt
  }
`);

type Row = ProductRowPartsFragment;

export function ProductsPage() {
  const search = useSearch({ from: '/inside/products' });
  const navigate = useNavigate({ from: '/products' });
  const viewer = useViewer();
  const buyers = viewer.can('READ_CUSTOMERS');
  const asked = useMemo(() => question(search), [search]);
  const [answer, ask] = useQuery({ query: ProductsQuery, variables: asked });
  const again = () => ask({ requestPolicy: 'network-only' });
  const data = useLast(answer.data);
  const list = data?.products ?? undefined;
  const stale = useFresh({ data: answer.data, follow: !search.after && !search.before, kinds: ['PRODUCTS'], again });
  const shop = { currencyCode: data?.tenant?.currencyCode ?? 'USD', timezone: data?.tenant?.timezone ?? 'UTC' };
  const format = useMemo(() => formats(shop), [shop.currencyCode, shop.timezone]);
  const columns = useMemo(() => columnsOf(format, buyers), [format, buyers]);

  /** Shows the first page of another list. */
  const change = (c: ProductsChange, replace = false) =>
    void navigate({ search: (old) => ({ ...old, ...firstPage, ...c }) as typeof old, replace, resetScroll: false });
  const filtered = Object.keys(noFilter).some((name) => name in search);

  return (
    <Stack>
      <Title order={1} size="h2">
        Products
      </Title>
      <ProductFilters search={search} format={format} onChange={change} />
      {answer.error && !answer.fetching && (
        <ErrorAlert error={answer.error} onRetry={codeOf(answer.error) === 'INVALID_CURSOR' ? () => change({}) : again} />
      )}
      {(list || answer.fetching) && (
        <>
          <ListStatus text={list && counted(list.totalCount, filtered, format)} stale={stale} onReload={again} />
          <DataTable
            label="Products"
            columns={columns}
            rows={list && readFragment(ProductRowParts, list.nodes)}
            size={pageSize}
            busy={answer.fetching && answer.data === undefined && data !== undefined}
            sort={asked.sort}
            onSort={(sort) => change({ sort: writeSort<ProductSortKey>(sort, sortKeys) })}
            empty={<Empty filtered={filtered} onClear={() => change(noFilter)} />}
            minWidth={1060}
          />
          <Pager
            label="Pages of products"
            page={list?.pageInfo}
            onPage={(page) => void navigate({ search: (old) => ({ ...old, ...page }) as typeof old })}
          />
        </>
      )}
    </Stack>
  );
}

function counted(n: number, filtered: boolean, format: Formats): string {
  const products = `${format.count(n)} ${n === 1 ? 'product' : 'products'}`;
  return filtered ? `${products} found` : products;
}

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <>
      <Text mb="sm">No product is like that.</Text>
      <Button variant="default" onClick={onClear}>
        Show all products
      </Button>
    </>
  ) : (
    <Text>
      There are no products yet.{' '}
      <Anchor renderRoot={(props) => <Link to="/" {...props} />}>Connect a store, or look around with sample data</Anchor>
    </Text>
  );
}

function columnsOf(format: Formats, buyers: boolean): Column<Row, ProductSortKey>[] {
  return [
    {
      name: 'Product',
      sort: 'TITLE',
      first: 'ASC',
      cell: (p) => (
        <Group gap="sm" wrap="nowrap">
          <Picture id={p.id} url={p.imageUrl} name={p.title} size={32} />
          <div>
            <Clip text={p.title} fw={500} />
            {p.productType && <Clip text={p.productType} size="xs" c="dimmed" fw={400} />}
          </div>
        </Group>
      ),
    },
    { name: 'Status', cell: (p) => <StateBadge word={statusWords[p.status]} /> },
    { name: 'Vendor', cell: (p) => (p.vendor ? <Clip text={p.vendor} maw={180} /> : '–') },
    { name: 'Added', sort: 'CREATED_AT', cell: (p) => (p.createdAt ? format.date(p.createdAt) : '–') },
    { name: 'Changed', sort: 'UPDATED_AT', cell: (p) => (p.updatedAt ? format.date(p.updatedAt) : '–') },
    {
      name: 'In stock',
      sort: 'INVENTORY',
      first: 'ASC',
      right: true,
      cell: (p) => (p.inventoryQuantity == null ? '–' : format.count(p.inventoryQuantity)),
    },
    { name: 'Price', right: true, cell: (p) => (p.price ? format.money(p.price.amount) : '–') },
    {
      name: 'Sales',
      cell: (p) => (
        <Group gap="sm" wrap="nowrap">
          <Anchor size="sm" aria-label={`Orders with ${p.title}`} renderRoot={(props) => <Link to="/orders" search={{ product: p.id }} {...props} />}>
            Orders
          </Anchor>
          {buyers && (
            <Anchor
              size="sm"
              aria-label={`Customers who bought ${p.title}`}
              renderRoot={(props) => <Link to="/customers" search={{ bought: p.id }} {...props} />}
            >
              Customers
            </Anchor>
          )}
        </Group>
      ),
    },
  ];
}
