/** A tab that asks one question, with what belongs into its variables. */
export interface Example {
  query: string;
  variables: string;
}

/** One example for each question that the API answers. Days are the store's. */
export function examples(now: Date, timezone: string): [Example, ...Example[]] {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(now);
  const ago = (days: number) => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);
  const example = (query: string, variables: Record<string, unknown> = {}): Example => ({
    query: query.trim(),
    variables: JSON.stringify(variables, null, 2),
  });
  return [
    example(
      `
# How much was sold, and is it more than before?
query Overview($range: DateRangeInput!) {
  overview(range: $range, compareTo: PREVIOUS_PERIOD) {
    totalRevenue { value { amount currencyCode } changePercent }
    netSales { value { amount } definition { formula } }
    orders { value }
    averageOrderValue { value { amount } }
    customers { value }
    newCustomers { value }
    freshness { asOf complete }
  }
}`,
      { range: { preset: 'LAST_30_DAYS' } },
    ),
    example(
      `
# How do sales go, day by day?
query Trend($range: DateRangeInput!, $interval: Interval!) {
  salesTrend(range: $range, interval: $interval) {
    points { label orders totalSales { amount } }
    totals { orders totalSales { amount currencyCode } }
  }
}`,
      { range: { from: ago(13), to: today }, interval: 'DAY' },
    ),
    example(
      `
# Who buys the most?
query TopCustomers($first: Int!) {
  topCustomers(first: $first) {
    rank
    customer { displayName city }
    orders
    totalSales { amount currencyCode }
    shareOfSales
  }
}`,
      { first: 5 },
    ),
    example(
      `
# Which orders came in between two days?
query OrdersByDate($from: Date!, $to: Date!, $first: Int!) {
  orders(first: $first, filter: { range: { from: $from, to: $to } }) {
    totalCount
    nodes {
      name
      processedAt
      total { shopMoney { amount currencyCode } }
      customer { displayName }
      items { title quantity }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
      { from: ago(29), to: today, first: 5 },
    ),
    example(
      `
# What has a customer ordered before?
query CustomerHistory($customers: Int!, $orders: Int!) {
  customers(first: $customers, sort: { key: TOTAL_SPENT }) {
    nodes {
      displayName
      ordersCount
      totalSpent { amount currencyCode }
      firstOrderAt
      orders(first: $orders) { nodes { name processedAt netSales { amount } } }
    }
  }
}`,
      { customers: 3, orders: 5 },
    ),
    example(
      `
# What is in the catalogue?
query Products($first: Int!) {
  products(first: $first) {
    totalCount
    nodes { title vendor status price { amount currencyCode } inventoryQuantity }
    pageInfo { hasNextPage endCursor }
  }
}`,
      { first: 10 },
    ),
    example(
      `
# Push an order. A record is known by its shopifyId: sent again, it changes the one that is there.
mutation Ingest($orders: [OrderInput!]!) {
  ingestOrders(orders: $orders) {
    received
    created
    updated
    unchanged
    userErrors { field message code }
  }
}`,
      {
        orders: [
          {
            shopifyId: '900000000001',
            name: '#PLAYGROUND',
            processedAt: `${now.toISOString().slice(0, 16)}:00Z`,
            items: [{ shopifyId: '900000000002', title: 'Darjeeling', quantity: 2, unitPrice: '9.95' }],
          },
        ],
      },
    ),
    example(
      `
# Read what has changed in the connected store.
mutation Sync($mode: SyncMode!) {
  syncStore(input: { mode: $mode, waitSeconds: 10 }) {
    run {
      status
      progress { resource fetched created updated }
      proof { resource expected stored matches }
    }
    userErrors { message code }
  }
}`,
      { mode: 'INCREMENTAL' },
    ),
    example(`
# Stay here, and hear of each change. Push an order in another tab of the browser.
subscription Changes {
  dataChanged { kind changedAt order { name } }
}`),
  ];
}
