/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query StoreConnections { storeConnections }": typeof types.StoreConnectionsDocument,
    "\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      authorizeUrl\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n": typeof types.ConnectStoreDocument,
    "\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n": typeof types.LoadSampleDataDocument,
    "\n  fragment PageParts on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n": typeof types.PagePartsFragmentDoc,
    "\n  query ExportPrivacyRequest($id: ID!) { node(id: $id) { ... on PrivacyRequest { export customerNumber } } }\n": typeof types.ExportPrivacyRequestDocument,
    "\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    attempts\n    deadLetter\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n": typeof types.RunPartsFragmentDoc,
    "subscription RunChanged { syncProgress { ...RunParts } }": typeof types.RunChangedDocument,
    "\n  query Customer($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $sort: OrderSort!) {\n    tenant { currencyCode timezone }\n    customer(id: $id) {\n      ...CustomerName\n      ...LifetimeParts\n      ...ContactParts\n      ...PersonalDataParts\n    }\n    orders(filter: { customerId: $id }, first: $first, after: $after, last: $last, before: $before, sort: $sort) { ...HistoryParts }\n  }\n": typeof types.CustomerDocument,
    "\n  fragment CustomerName on Customer {\n    displayName\n    ordersCount\n    totalSpent { amount }\n  }\n": typeof types.CustomerNameFragmentDoc,
    "\n  query Customers(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: CustomerFilter!, $sort: CustomerSort!\n    $bought: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    customers(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      totalCount\n      nodes { ...CustomerRowParts }\n      pageInfo { ...PageParts }\n    }\n    product(id: $bought) @include(if: $ofProduct) { title }\n  }\n": typeof types.CustomersDocument,
    "\n  fragment CustomerRowParts on Customer {\n    id\n    displayName\n    email\n    city\n    country\n    ordersCount\n    totalSpent { amount }\n    lastOrderAt\n    createdAt\n  }\n": typeof types.CustomerRowPartsFragmentDoc,
    "\n  fragment LifetimeParts on Customer {\n    ordersCount\n    totalSpent { amount }\n    averageOrderValue { amount }\n    firstOrderAt\n    lastOrderAt\n  }\n": typeof types.LifetimePartsFragmentDoc,
    "\n  fragment ContactParts on Customer {\n    shopifyId\n    source\n    email\n    phone\n    city\n    country\n    tags\n    createdAt\n  }\n": typeof types.ContactPartsFragmentDoc,
    "\n  fragment HistoryParts on OrderConnection {\n    totalCount\n    nodes { id name processedAt cancelledAt financialStatus fulfillmentStatus total { shopMoney { amount } } refunded { amount } netSales { amount } }\n    pageInfo { ...PageParts }\n  }\n": typeof types.HistoryPartsFragmentDoc,
    "\n  query PlacedOrders($id: ID!, $after: String) {\n    customer(id: $id) {\n      orders(first: 100, after: $after) {\n        nodes { processedAt netSales { amount } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.PlacedOrdersDocument,
    "fragment PersonalDataParts on Customer { id shopifyId displayName }": typeof types.PersonalDataPartsFragmentDoc,
    "\n  mutation RequestCustomerData($id: ID!) {\n    result: requestCustomerData(customerId: $id) { privacyRequest { id } userErrors { message code } }\n  }\n": typeof types.RequestCustomerDataDocument,
    "\n  mutation RedactCustomer($id: ID!, $confirm: String!) {\n    result: redactCustomer(input: { customerId: $id, confirm: $confirm }) { privacyRequest { id status } userErrors { field message code } }\n  }\n": typeof types.RedactCustomerDocument,
    "\n  fragment ItemParts on OrderItem {\n    id\n    title\n    variantTitle\n    sku\n    vendor\n    product { id }\n    quantity\n    refundedQuantity\n    giftCard\n    unitPrice { amount }\n    grossSales { amount }\n    discounts { amount }\n    netSales { amount }\n  }\n": typeof types.ItemPartsFragmentDoc,
    "\n  query Order($id: ID!, $customers: Boolean!) {\n    tenant { currencyCode }\n    order(id: $id) {\n      id\n      name\n      shopifyId\n      processedAt\n      createdAt\n      updatedAt\n      cancelledAt\n      financialStatus\n      fulfillmentStatus\n      test\n      channel\n      source\n      customer @include(if: $customers) { id displayName ordersCount }\n      customerOrderNumber\n      shippingCountry\n      shippingRegion\n      shippingCity\n      discountCodes\n      tags\n      items { ...ItemParts }\n      refunds { ...RefundParts }\n      ...MoneyParts\n    }\n  }\n": typeof types.OrderDocument,
    "\n  query Orders(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: OrderFilter!, $sort: OrderSort!\n    $customers: Boolean!, $customer: ID!, $ofCustomer: Boolean!, $product: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...OrderRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n    customer(id: $customer) @include(if: $ofCustomer) { displayName }\n    product(id: $product) @include(if: $ofProduct) { title }\n  }\n": typeof types.OrdersDocument,
    "\n  fragment OrderRowParts on Order {\n    id\n    name\n    processedAt\n    updatedAt\n    cancelledAt\n    financialStatus\n    fulfillmentStatus\n    test\n    channel\n    total { shopMoney { amount } }\n    customer @include(if: $customers) { id displayName }\n  }\n": typeof types.OrderRowPartsFragmentDoc,
    "\n  fragment RefundParts on Refund {\n    id\n    createdAt\n    amount { amount }\n    taxAmount { amount }\n    shippingAmount { amount }\n    dutyAmount { amount }\n    feeAmount { amount }\n    note\n    restockedQuantity\n  }\n": typeof types.RefundPartsFragmentDoc,
    "\n  fragment MoneyParts on Order {\n    subtotal { amount }\n    discounts { amount }\n    shipping { amount }\n    taxes { amount }\n    duties { amount }\n    fees { amount }\n    tips { amount }\n    total { shopMoney { amount } presentmentMoney { amount currencyCode } }\n    refunded { amount }\n    netSales { amount }\n  }\n": typeof types.MoneyPartsFragmentDoc,
    "\n  query Definition($key: MetricKey!) {\n    metricDefinitions(keys: [$key]) {\n      key\n      name\n      formula\n      dateBasis\n      includes\n      excludes\n      shopifyDifference\n    }\n  }\n": typeof types.DefinitionDocument,
    "\n  fragment FreshnessParts on Freshness {\n    asOf\n    lastSyncedAt\n    complete\n    rebuilding\n    containsSampleData\n  }\n": typeof types.FreshnessPartsFragmentDoc,
    "\n  query Overview($range: DateRangeInput!, $compareTo: Comparison!, $interval: Interval!, $customers: Boolean!) {\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { products customers orders }\n      store { status }\n    }\n    overview(range: $range, compareTo: $compareTo) {\n      range { from to timezone }\n      comparedTo { from to }\n      freshness { complete ...FreshnessParts }\n      ...FiguresParts\n    }\n    salesTrend(range: $range, interval: $interval, compareTo: $compareTo) { ...TrendParts }\n    topCustomers(range: $range, first: 5) @include(if: $customers) { ...RankedParts }\n  }\n": typeof types.OverviewDocument,
    "\n  fragment RankedParts on RankedCustomer {\n    rank\n    orders\n    totalSales { amount }\n    shareOfSales\n    customer { id displayName }\n  }\n": typeof types.RankedPartsFragmentDoc,
    "\n  fragment FiguresParts on Overview {\n    comparedTo { from to }\n    totalRevenue { value { amount } previous { amount } changePercent }\n    netSales { value { amount } previous { amount } changePercent }\n    orders { value previous changePercent }\n    averageOrderValue { value { amount } previous { amount } changePercent }\n    customers { value previous changePercent }\n    newCustomers { value previous changePercent }\n  }\n": typeof types.FiguresPartsFragmentDoc,
    "\n  fragment TrendParts on SalesTrend {\n    interval\n    points { ...PointParts }\n    previousPoints { ...PointParts }\n  }\n": typeof types.TrendPartsFragmentDoc,
    "\n  fragment PointParts on SalesPoint {\n    label\n    partial\n    totalSales { amount }\n    netSales { amount }\n    orders\n    averageOrderValue { amount }\n    customers\n    newCustomers\n  }\n": typeof types.PointPartsFragmentDoc,
    "\n  query Products($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter!, $sort: ProductSort!) {\n    tenant { currencyCode timezone }\n    products(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...ProductRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n  }\n": typeof types.ProductsDocument,
    "\n  fragment ProductRowParts on Product {\n    id\n    title\n    imageUrl\n    status\n    vendor\n    productType\n    price { amount }\n    inventoryQuantity\n    createdAt\n    updatedAt\n  }\n": typeof types.ProductRowPartsFragmentDoc,
    "\n  fragment CalendarParts on Tenant {\n    currencyCode\n    timezone\n    weekStartsOn\n    dataSummary { orders }\n  }\n": typeof types.CalendarPartsFragmentDoc,
    "fragment CompanyParts on Tenant { id name slug logoUrl }": typeof types.CompanyPartsFragmentDoc,
    "\n  fragment DataParts on DataSummary { products customers orders orderItems firstOrderAt lastOrderAt }\n": typeof types.DataPartsFragmentDoc,
    "\n  fragment DataAccessList on CustomerDataAccessConnection {\n    nodes { hourAt actor { id name email } operation fields customers answers }\n    pageInfo { hasNextPage endCursor }\n  }\n": typeof types.DataAccessListFragmentDoc,
    "\n  mutation UpdateTenant($input: UpdateTenantInput!) {\n    updateTenant(input: $input) {\n      tenant { id name slug logoUrl currencyCode timezone weekStartsOn }\n      userErrors { field message code }\n    }\n  }\n": typeof types.UpdateTenantDocument,
    "\n  fragment MemberParts on Membership {\n    role\n    joinedAt\n    user { id name email }\n  }\n": typeof types.MemberPartsFragmentDoc,
    "\n  query Privacy($status: PrivacyRequestStatus, $after: String, $seen: String) {\n    tenant { currencyCode timezone }\n    privacyRequests(first: 20, after: $after, status: $status) { ...PrivacyRequestList }\n    customerDataAccess(first: 20, after: $seen) { ...DataAccessList }\n  }\n": typeof types.PrivacyDocument,
    "\n  fragment PrivacyRequestParts on PrivacyRequest {\n    id\n    kind\n    receivedAt\n    dueAt\n    status\n    completedAt\n    customerNumber\n    customer { id }\n    orders\n    outcome\n  }\n": typeof types.PrivacyRequestPartsFragmentDoc,
    "\n  fragment PrivacyRequestList on PrivacyRequestConnection {\n    nodes { ...PrivacyRequestParts }\n    pageInfo { hasNextPage endCursor }\n  }\n": typeof types.PrivacyRequestListFragmentDoc,
    "\n  mutation CompletePrivacyRequest($id: ID!) {\n    result: completePrivacyRequest(id: $id) { privacyRequest { ...PrivacyRequestParts } userErrors { message code } }\n  }\n": typeof types.CompletePrivacyRequestDocument,
    "\n  fragment ProfileParts on Viewer {\n    role\n    user { name email emailVerified createdAt }\n  }\n": typeof types.ProfilePartsFragmentDoc,
    "\n  query Settings($admin: Boolean!) {\n    viewer { ...ProfileParts }\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { ...DataParts }\n      store { shopDomain status }\n      members @include(if: $admin) { ...MemberParts }\n      ...CompanyParts\n      ...CalendarParts\n    }\n  }\n": typeof types.SettingsDocument,
    "\n  mutation CountData($slug: String!) {\n    all: clearAllData(input: { confirmSlug: $slug, dryRun: true }) { deleted { ...HeldParts } }\n    sample: clearAllData(input: { confirmSlug: $slug, dryRun: true, sampleOnly: true }) { deleted { ...HeldParts } }\n  }\n": typeof types.CountDataDocument,
    "\n  mutation ClearData($slug: String!, $sampleOnly: Boolean!) {\n    result: clearAllData(input: { confirmSlug: $slug, sampleOnly: $sampleOnly }) {\n      deleted { ...HeldParts }\n      userErrors { field message code }\n    }\n  }\n": typeof types.ClearDataDocument,
    "mutation RetrySync($run: ID!) { result: retrySync(runId: $run) { userErrors { message code } } }": typeof types.RetrySyncDocument,
    "\n  mutation DisconnectStore($deleteData: Boolean!) {\n    result: disconnectStore(input: { deleteData: $deleteData }) { store { status } userErrors { field message code } }\n  }\n": typeof types.DisconnectStoreDocument,
    "fragment HeldParts on DataSummary { products customers orders orderItems }": typeof types.HeldPartsFragmentDoc,
    "\n  fragment RefusedParts on RefusedRecordConnection {\n    totalCount\n    nodes { resource shopifyId reason refusedAt }\n    pageInfo { hasNextPage endCursor }\n  }\n": typeof types.RefusedPartsFragmentDoc,
    "\n  query MoreRefused($after: String!) { tenant { store { refusedRecords(first: 20, after: $after) { ...RefusedParts } } } }\n": typeof types.MoreRefusedDocument,
    "\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    scopes\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n    connection\n    webhookProblem\n    ...WebhookParts\n  }\n": typeof types.StorePartsFragmentDoc,
    "\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n": typeof types.SyncNowDocument,
    "\n  mutation Schedule($minutes: Int!) {\n    result: updateStore(input: { syncEveryMinutes: $minutes }) { store { nextSyncAt } userErrors { message code } }\n  }\n": typeof types.ScheduleDocument,
    "\n  query Sync {\n    tenant {\n      slug\n      currencyCode\n      timezone\n      dataSummary { ...HeldParts }\n      store {\n        ...StoreParts\n        refusedRecords(first: 20) { ...RefusedParts }\n      }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n    deadLetters: syncRuns(first: 5, deadLetter: true) { nodes { ...RunParts } totalCount }\n  }\n": typeof types.SyncDocument,
    "mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }": typeof types.CancelSyncDocument,
    "\n  fragment WebhookParts on Store {\n    connection\n    webhooks\n    webhookProblem\n    lastWebhookAt\n  }\n": typeof types.WebhookPartsFragmentDoc,
    "\n  mutation RepairWebhooks { result: repairWebhooks { store { ...WebhookParts } userErrors { message code } } }\n": typeof types.RepairWebhooksDocument,
    "subscription DataChanged { dataChanged { kind changedAt } }": typeof types.DataChangedDocument,
    "\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug logoUrl currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n": typeof types.SessionFieldsFragmentDoc,
    "mutation LogIn($input: LoginInput!) { auth: login(input: $input) { ...SessionFields } }": typeof types.LogInDocument,
    "mutation SignUp($input: SignupInput!) { auth: signup(input: $input) { ...SessionFields } }": typeof types.SignUpDocument,
    "mutation Refresh { auth: refresh { ...SessionFields } }": typeof types.RefreshDocument,
    "mutation LogOut { logout { success } }": typeof types.LogOutDocument,
};
const documents: Documents = {
    "query StoreConnections { storeConnections }": types.StoreConnectionsDocument,
    "\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      authorizeUrl\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n": types.ConnectStoreDocument,
    "\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n": types.LoadSampleDataDocument,
    "\n  fragment PageParts on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n": types.PagePartsFragmentDoc,
    "\n  query ExportPrivacyRequest($id: ID!) { node(id: $id) { ... on PrivacyRequest { export customerNumber } } }\n": types.ExportPrivacyRequestDocument,
    "\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    attempts\n    deadLetter\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n": types.RunPartsFragmentDoc,
    "subscription RunChanged { syncProgress { ...RunParts } }": types.RunChangedDocument,
    "\n  query Customer($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $sort: OrderSort!) {\n    tenant { currencyCode timezone }\n    customer(id: $id) {\n      ...CustomerName\n      ...LifetimeParts\n      ...ContactParts\n      ...PersonalDataParts\n    }\n    orders(filter: { customerId: $id }, first: $first, after: $after, last: $last, before: $before, sort: $sort) { ...HistoryParts }\n  }\n": types.CustomerDocument,
    "\n  fragment CustomerName on Customer {\n    displayName\n    ordersCount\n    totalSpent { amount }\n  }\n": types.CustomerNameFragmentDoc,
    "\n  query Customers(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: CustomerFilter!, $sort: CustomerSort!\n    $bought: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    customers(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      totalCount\n      nodes { ...CustomerRowParts }\n      pageInfo { ...PageParts }\n    }\n    product(id: $bought) @include(if: $ofProduct) { title }\n  }\n": types.CustomersDocument,
    "\n  fragment CustomerRowParts on Customer {\n    id\n    displayName\n    email\n    city\n    country\n    ordersCount\n    totalSpent { amount }\n    lastOrderAt\n    createdAt\n  }\n": types.CustomerRowPartsFragmentDoc,
    "\n  fragment LifetimeParts on Customer {\n    ordersCount\n    totalSpent { amount }\n    averageOrderValue { amount }\n    firstOrderAt\n    lastOrderAt\n  }\n": types.LifetimePartsFragmentDoc,
    "\n  fragment ContactParts on Customer {\n    shopifyId\n    source\n    email\n    phone\n    city\n    country\n    tags\n    createdAt\n  }\n": types.ContactPartsFragmentDoc,
    "\n  fragment HistoryParts on OrderConnection {\n    totalCount\n    nodes { id name processedAt cancelledAt financialStatus fulfillmentStatus total { shopMoney { amount } } refunded { amount } netSales { amount } }\n    pageInfo { ...PageParts }\n  }\n": types.HistoryPartsFragmentDoc,
    "\n  query PlacedOrders($id: ID!, $after: String) {\n    customer(id: $id) {\n      orders(first: 100, after: $after) {\n        nodes { processedAt netSales { amount } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.PlacedOrdersDocument,
    "fragment PersonalDataParts on Customer { id shopifyId displayName }": types.PersonalDataPartsFragmentDoc,
    "\n  mutation RequestCustomerData($id: ID!) {\n    result: requestCustomerData(customerId: $id) { privacyRequest { id } userErrors { message code } }\n  }\n": types.RequestCustomerDataDocument,
    "\n  mutation RedactCustomer($id: ID!, $confirm: String!) {\n    result: redactCustomer(input: { customerId: $id, confirm: $confirm }) { privacyRequest { id status } userErrors { field message code } }\n  }\n": types.RedactCustomerDocument,
    "\n  fragment ItemParts on OrderItem {\n    id\n    title\n    variantTitle\n    sku\n    vendor\n    product { id }\n    quantity\n    refundedQuantity\n    giftCard\n    unitPrice { amount }\n    grossSales { amount }\n    discounts { amount }\n    netSales { amount }\n  }\n": types.ItemPartsFragmentDoc,
    "\n  query Order($id: ID!, $customers: Boolean!) {\n    tenant { currencyCode }\n    order(id: $id) {\n      id\n      name\n      shopifyId\n      processedAt\n      createdAt\n      updatedAt\n      cancelledAt\n      financialStatus\n      fulfillmentStatus\n      test\n      channel\n      source\n      customer @include(if: $customers) { id displayName ordersCount }\n      customerOrderNumber\n      shippingCountry\n      shippingRegion\n      shippingCity\n      discountCodes\n      tags\n      items { ...ItemParts }\n      refunds { ...RefundParts }\n      ...MoneyParts\n    }\n  }\n": types.OrderDocument,
    "\n  query Orders(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: OrderFilter!, $sort: OrderSort!\n    $customers: Boolean!, $customer: ID!, $ofCustomer: Boolean!, $product: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...OrderRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n    customer(id: $customer) @include(if: $ofCustomer) { displayName }\n    product(id: $product) @include(if: $ofProduct) { title }\n  }\n": types.OrdersDocument,
    "\n  fragment OrderRowParts on Order {\n    id\n    name\n    processedAt\n    updatedAt\n    cancelledAt\n    financialStatus\n    fulfillmentStatus\n    test\n    channel\n    total { shopMoney { amount } }\n    customer @include(if: $customers) { id displayName }\n  }\n": types.OrderRowPartsFragmentDoc,
    "\n  fragment RefundParts on Refund {\n    id\n    createdAt\n    amount { amount }\n    taxAmount { amount }\n    shippingAmount { amount }\n    dutyAmount { amount }\n    feeAmount { amount }\n    note\n    restockedQuantity\n  }\n": types.RefundPartsFragmentDoc,
    "\n  fragment MoneyParts on Order {\n    subtotal { amount }\n    discounts { amount }\n    shipping { amount }\n    taxes { amount }\n    duties { amount }\n    fees { amount }\n    tips { amount }\n    total { shopMoney { amount } presentmentMoney { amount currencyCode } }\n    refunded { amount }\n    netSales { amount }\n  }\n": types.MoneyPartsFragmentDoc,
    "\n  query Definition($key: MetricKey!) {\n    metricDefinitions(keys: [$key]) {\n      key\n      name\n      formula\n      dateBasis\n      includes\n      excludes\n      shopifyDifference\n    }\n  }\n": types.DefinitionDocument,
    "\n  fragment FreshnessParts on Freshness {\n    asOf\n    lastSyncedAt\n    complete\n    rebuilding\n    containsSampleData\n  }\n": types.FreshnessPartsFragmentDoc,
    "\n  query Overview($range: DateRangeInput!, $compareTo: Comparison!, $interval: Interval!, $customers: Boolean!) {\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { products customers orders }\n      store { status }\n    }\n    overview(range: $range, compareTo: $compareTo) {\n      range { from to timezone }\n      comparedTo { from to }\n      freshness { complete ...FreshnessParts }\n      ...FiguresParts\n    }\n    salesTrend(range: $range, interval: $interval, compareTo: $compareTo) { ...TrendParts }\n    topCustomers(range: $range, first: 5) @include(if: $customers) { ...RankedParts }\n  }\n": types.OverviewDocument,
    "\n  fragment RankedParts on RankedCustomer {\n    rank\n    orders\n    totalSales { amount }\n    shareOfSales\n    customer { id displayName }\n  }\n": types.RankedPartsFragmentDoc,
    "\n  fragment FiguresParts on Overview {\n    comparedTo { from to }\n    totalRevenue { value { amount } previous { amount } changePercent }\n    netSales { value { amount } previous { amount } changePercent }\n    orders { value previous changePercent }\n    averageOrderValue { value { amount } previous { amount } changePercent }\n    customers { value previous changePercent }\n    newCustomers { value previous changePercent }\n  }\n": types.FiguresPartsFragmentDoc,
    "\n  fragment TrendParts on SalesTrend {\n    interval\n    points { ...PointParts }\n    previousPoints { ...PointParts }\n  }\n": types.TrendPartsFragmentDoc,
    "\n  fragment PointParts on SalesPoint {\n    label\n    partial\n    totalSales { amount }\n    netSales { amount }\n    orders\n    averageOrderValue { amount }\n    customers\n    newCustomers\n  }\n": types.PointPartsFragmentDoc,
    "\n  query Products($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter!, $sort: ProductSort!) {\n    tenant { currencyCode timezone }\n    products(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...ProductRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n  }\n": types.ProductsDocument,
    "\n  fragment ProductRowParts on Product {\n    id\n    title\n    imageUrl\n    status\n    vendor\n    productType\n    price { amount }\n    inventoryQuantity\n    createdAt\n    updatedAt\n  }\n": types.ProductRowPartsFragmentDoc,
    "\n  fragment CalendarParts on Tenant {\n    currencyCode\n    timezone\n    weekStartsOn\n    dataSummary { orders }\n  }\n": types.CalendarPartsFragmentDoc,
    "fragment CompanyParts on Tenant { id name slug logoUrl }": types.CompanyPartsFragmentDoc,
    "\n  fragment DataParts on DataSummary { products customers orders orderItems firstOrderAt lastOrderAt }\n": types.DataPartsFragmentDoc,
    "\n  fragment DataAccessList on CustomerDataAccessConnection {\n    nodes { hourAt actor { id name email } operation fields customers answers }\n    pageInfo { hasNextPage endCursor }\n  }\n": types.DataAccessListFragmentDoc,
    "\n  mutation UpdateTenant($input: UpdateTenantInput!) {\n    updateTenant(input: $input) {\n      tenant { id name slug logoUrl currencyCode timezone weekStartsOn }\n      userErrors { field message code }\n    }\n  }\n": types.UpdateTenantDocument,
    "\n  fragment MemberParts on Membership {\n    role\n    joinedAt\n    user { id name email }\n  }\n": types.MemberPartsFragmentDoc,
    "\n  query Privacy($status: PrivacyRequestStatus, $after: String, $seen: String) {\n    tenant { currencyCode timezone }\n    privacyRequests(first: 20, after: $after, status: $status) { ...PrivacyRequestList }\n    customerDataAccess(first: 20, after: $seen) { ...DataAccessList }\n  }\n": types.PrivacyDocument,
    "\n  fragment PrivacyRequestParts on PrivacyRequest {\n    id\n    kind\n    receivedAt\n    dueAt\n    status\n    completedAt\n    customerNumber\n    customer { id }\n    orders\n    outcome\n  }\n": types.PrivacyRequestPartsFragmentDoc,
    "\n  fragment PrivacyRequestList on PrivacyRequestConnection {\n    nodes { ...PrivacyRequestParts }\n    pageInfo { hasNextPage endCursor }\n  }\n": types.PrivacyRequestListFragmentDoc,
    "\n  mutation CompletePrivacyRequest($id: ID!) {\n    result: completePrivacyRequest(id: $id) { privacyRequest { ...PrivacyRequestParts } userErrors { message code } }\n  }\n": types.CompletePrivacyRequestDocument,
    "\n  fragment ProfileParts on Viewer {\n    role\n    user { name email emailVerified createdAt }\n  }\n": types.ProfilePartsFragmentDoc,
    "\n  query Settings($admin: Boolean!) {\n    viewer { ...ProfileParts }\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { ...DataParts }\n      store { shopDomain status }\n      members @include(if: $admin) { ...MemberParts }\n      ...CompanyParts\n      ...CalendarParts\n    }\n  }\n": types.SettingsDocument,
    "\n  mutation CountData($slug: String!) {\n    all: clearAllData(input: { confirmSlug: $slug, dryRun: true }) { deleted { ...HeldParts } }\n    sample: clearAllData(input: { confirmSlug: $slug, dryRun: true, sampleOnly: true }) { deleted { ...HeldParts } }\n  }\n": types.CountDataDocument,
    "\n  mutation ClearData($slug: String!, $sampleOnly: Boolean!) {\n    result: clearAllData(input: { confirmSlug: $slug, sampleOnly: $sampleOnly }) {\n      deleted { ...HeldParts }\n      userErrors { field message code }\n    }\n  }\n": types.ClearDataDocument,
    "mutation RetrySync($run: ID!) { result: retrySync(runId: $run) { userErrors { message code } } }": types.RetrySyncDocument,
    "\n  mutation DisconnectStore($deleteData: Boolean!) {\n    result: disconnectStore(input: { deleteData: $deleteData }) { store { status } userErrors { field message code } }\n  }\n": types.DisconnectStoreDocument,
    "fragment HeldParts on DataSummary { products customers orders orderItems }": types.HeldPartsFragmentDoc,
    "\n  fragment RefusedParts on RefusedRecordConnection {\n    totalCount\n    nodes { resource shopifyId reason refusedAt }\n    pageInfo { hasNextPage endCursor }\n  }\n": types.RefusedPartsFragmentDoc,
    "\n  query MoreRefused($after: String!) { tenant { store { refusedRecords(first: 20, after: $after) { ...RefusedParts } } } }\n": types.MoreRefusedDocument,
    "\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    scopes\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n    connection\n    webhookProblem\n    ...WebhookParts\n  }\n": types.StorePartsFragmentDoc,
    "\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n": types.SyncNowDocument,
    "\n  mutation Schedule($minutes: Int!) {\n    result: updateStore(input: { syncEveryMinutes: $minutes }) { store { nextSyncAt } userErrors { message code } }\n  }\n": types.ScheduleDocument,
    "\n  query Sync {\n    tenant {\n      slug\n      currencyCode\n      timezone\n      dataSummary { ...HeldParts }\n      store {\n        ...StoreParts\n        refusedRecords(first: 20) { ...RefusedParts }\n      }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n    deadLetters: syncRuns(first: 5, deadLetter: true) { nodes { ...RunParts } totalCount }\n  }\n": types.SyncDocument,
    "mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }": types.CancelSyncDocument,
    "\n  fragment WebhookParts on Store {\n    connection\n    webhooks\n    webhookProblem\n    lastWebhookAt\n  }\n": types.WebhookPartsFragmentDoc,
    "\n  mutation RepairWebhooks { result: repairWebhooks { store { ...WebhookParts } userErrors { message code } } }\n": types.RepairWebhooksDocument,
    "subscription DataChanged { dataChanged { kind changedAt } }": types.DataChangedDocument,
    "\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug logoUrl currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n": types.SessionFieldsFragmentDoc,
    "mutation LogIn($input: LoginInput!) { auth: login(input: $input) { ...SessionFields } }": types.LogInDocument,
    "mutation SignUp($input: SignupInput!) { auth: signup(input: $input) { ...SessionFields } }": types.SignUpDocument,
    "mutation Refresh { auth: refresh { ...SessionFields } }": types.RefreshDocument,
    "mutation LogOut { logout { success } }": types.LogOutDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query StoreConnections { storeConnections }"): (typeof documents)["query StoreConnections { storeConnections }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      authorizeUrl\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n"): (typeof documents)["\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      authorizeUrl\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n"): (typeof documents)["\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PageParts on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n"): (typeof documents)["\n  fragment PageParts on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExportPrivacyRequest($id: ID!) { node(id: $id) { ... on PrivacyRequest { export customerNumber } } }\n"): (typeof documents)["\n  query ExportPrivacyRequest($id: ID!) { node(id: $id) { ... on PrivacyRequest { export customerNumber } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    attempts\n    deadLetter\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n"): (typeof documents)["\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    attempts\n    deadLetter\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription RunChanged { syncProgress { ...RunParts } }"): (typeof documents)["subscription RunChanged { syncProgress { ...RunParts } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Customer($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $sort: OrderSort!) {\n    tenant { currencyCode timezone }\n    customer(id: $id) {\n      ...CustomerName\n      ...LifetimeParts\n      ...ContactParts\n      ...PersonalDataParts\n    }\n    orders(filter: { customerId: $id }, first: $first, after: $after, last: $last, before: $before, sort: $sort) { ...HistoryParts }\n  }\n"): (typeof documents)["\n  query Customer($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $sort: OrderSort!) {\n    tenant { currencyCode timezone }\n    customer(id: $id) {\n      ...CustomerName\n      ...LifetimeParts\n      ...ContactParts\n      ...PersonalDataParts\n    }\n    orders(filter: { customerId: $id }, first: $first, after: $after, last: $last, before: $before, sort: $sort) { ...HistoryParts }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CustomerName on Customer {\n    displayName\n    ordersCount\n    totalSpent { amount }\n  }\n"): (typeof documents)["\n  fragment CustomerName on Customer {\n    displayName\n    ordersCount\n    totalSpent { amount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Customers(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: CustomerFilter!, $sort: CustomerSort!\n    $bought: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    customers(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      totalCount\n      nodes { ...CustomerRowParts }\n      pageInfo { ...PageParts }\n    }\n    product(id: $bought) @include(if: $ofProduct) { title }\n  }\n"): (typeof documents)["\n  query Customers(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: CustomerFilter!, $sort: CustomerSort!\n    $bought: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    customers(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      totalCount\n      nodes { ...CustomerRowParts }\n      pageInfo { ...PageParts }\n    }\n    product(id: $bought) @include(if: $ofProduct) { title }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CustomerRowParts on Customer {\n    id\n    displayName\n    email\n    city\n    country\n    ordersCount\n    totalSpent { amount }\n    lastOrderAt\n    createdAt\n  }\n"): (typeof documents)["\n  fragment CustomerRowParts on Customer {\n    id\n    displayName\n    email\n    city\n    country\n    ordersCount\n    totalSpent { amount }\n    lastOrderAt\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LifetimeParts on Customer {\n    ordersCount\n    totalSpent { amount }\n    averageOrderValue { amount }\n    firstOrderAt\n    lastOrderAt\n  }\n"): (typeof documents)["\n  fragment LifetimeParts on Customer {\n    ordersCount\n    totalSpent { amount }\n    averageOrderValue { amount }\n    firstOrderAt\n    lastOrderAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ContactParts on Customer {\n    shopifyId\n    source\n    email\n    phone\n    city\n    country\n    tags\n    createdAt\n  }\n"): (typeof documents)["\n  fragment ContactParts on Customer {\n    shopifyId\n    source\n    email\n    phone\n    city\n    country\n    tags\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment HistoryParts on OrderConnection {\n    totalCount\n    nodes { id name processedAt cancelledAt financialStatus fulfillmentStatus total { shopMoney { amount } } refunded { amount } netSales { amount } }\n    pageInfo { ...PageParts }\n  }\n"): (typeof documents)["\n  fragment HistoryParts on OrderConnection {\n    totalCount\n    nodes { id name processedAt cancelledAt financialStatus fulfillmentStatus total { shopMoney { amount } } refunded { amount } netSales { amount } }\n    pageInfo { ...PageParts }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlacedOrders($id: ID!, $after: String) {\n    customer(id: $id) {\n      orders(first: 100, after: $after) {\n        nodes { processedAt netSales { amount } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlacedOrders($id: ID!, $after: String) {\n    customer(id: $id) {\n      orders(first: 100, after: $after) {\n        nodes { processedAt netSales { amount } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment PersonalDataParts on Customer { id shopifyId displayName }"): (typeof documents)["fragment PersonalDataParts on Customer { id shopifyId displayName }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestCustomerData($id: ID!) {\n    result: requestCustomerData(customerId: $id) { privacyRequest { id } userErrors { message code } }\n  }\n"): (typeof documents)["\n  mutation RequestCustomerData($id: ID!) {\n    result: requestCustomerData(customerId: $id) { privacyRequest { id } userErrors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RedactCustomer($id: ID!, $confirm: String!) {\n    result: redactCustomer(input: { customerId: $id, confirm: $confirm }) { privacyRequest { id status } userErrors { field message code } }\n  }\n"): (typeof documents)["\n  mutation RedactCustomer($id: ID!, $confirm: String!) {\n    result: redactCustomer(input: { customerId: $id, confirm: $confirm }) { privacyRequest { id status } userErrors { field message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ItemParts on OrderItem {\n    id\n    title\n    variantTitle\n    sku\n    vendor\n    product { id }\n    quantity\n    refundedQuantity\n    giftCard\n    unitPrice { amount }\n    grossSales { amount }\n    discounts { amount }\n    netSales { amount }\n  }\n"): (typeof documents)["\n  fragment ItemParts on OrderItem {\n    id\n    title\n    variantTitle\n    sku\n    vendor\n    product { id }\n    quantity\n    refundedQuantity\n    giftCard\n    unitPrice { amount }\n    grossSales { amount }\n    discounts { amount }\n    netSales { amount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Order($id: ID!, $customers: Boolean!) {\n    tenant { currencyCode }\n    order(id: $id) {\n      id\n      name\n      shopifyId\n      processedAt\n      createdAt\n      updatedAt\n      cancelledAt\n      financialStatus\n      fulfillmentStatus\n      test\n      channel\n      source\n      customer @include(if: $customers) { id displayName ordersCount }\n      customerOrderNumber\n      shippingCountry\n      shippingRegion\n      shippingCity\n      discountCodes\n      tags\n      items { ...ItemParts }\n      refunds { ...RefundParts }\n      ...MoneyParts\n    }\n  }\n"): (typeof documents)["\n  query Order($id: ID!, $customers: Boolean!) {\n    tenant { currencyCode }\n    order(id: $id) {\n      id\n      name\n      shopifyId\n      processedAt\n      createdAt\n      updatedAt\n      cancelledAt\n      financialStatus\n      fulfillmentStatus\n      test\n      channel\n      source\n      customer @include(if: $customers) { id displayName ordersCount }\n      customerOrderNumber\n      shippingCountry\n      shippingRegion\n      shippingCity\n      discountCodes\n      tags\n      items { ...ItemParts }\n      refunds { ...RefundParts }\n      ...MoneyParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Orders(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: OrderFilter!, $sort: OrderSort!\n    $customers: Boolean!, $customer: ID!, $ofCustomer: Boolean!, $product: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...OrderRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n    customer(id: $customer) @include(if: $ofCustomer) { displayName }\n    product(id: $product) @include(if: $ofProduct) { title }\n  }\n"): (typeof documents)["\n  query Orders(\n    $first: Int, $after: String, $last: Int, $before: String, $filter: OrderFilter!, $sort: OrderSort!\n    $customers: Boolean!, $customer: ID!, $ofCustomer: Boolean!, $product: ID!, $ofProduct: Boolean!\n  ) {\n    tenant { currencyCode timezone }\n    orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...OrderRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n    customer(id: $customer) @include(if: $ofCustomer) { displayName }\n    product(id: $product) @include(if: $ofProduct) { title }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OrderRowParts on Order {\n    id\n    name\n    processedAt\n    updatedAt\n    cancelledAt\n    financialStatus\n    fulfillmentStatus\n    test\n    channel\n    total { shopMoney { amount } }\n    customer @include(if: $customers) { id displayName }\n  }\n"): (typeof documents)["\n  fragment OrderRowParts on Order {\n    id\n    name\n    processedAt\n    updatedAt\n    cancelledAt\n    financialStatus\n    fulfillmentStatus\n    test\n    channel\n    total { shopMoney { amount } }\n    customer @include(if: $customers) { id displayName }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RefundParts on Refund {\n    id\n    createdAt\n    amount { amount }\n    taxAmount { amount }\n    shippingAmount { amount }\n    dutyAmount { amount }\n    feeAmount { amount }\n    note\n    restockedQuantity\n  }\n"): (typeof documents)["\n  fragment RefundParts on Refund {\n    id\n    createdAt\n    amount { amount }\n    taxAmount { amount }\n    shippingAmount { amount }\n    dutyAmount { amount }\n    feeAmount { amount }\n    note\n    restockedQuantity\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MoneyParts on Order {\n    subtotal { amount }\n    discounts { amount }\n    shipping { amount }\n    taxes { amount }\n    duties { amount }\n    fees { amount }\n    tips { amount }\n    total { shopMoney { amount } presentmentMoney { amount currencyCode } }\n    refunded { amount }\n    netSales { amount }\n  }\n"): (typeof documents)["\n  fragment MoneyParts on Order {\n    subtotal { amount }\n    discounts { amount }\n    shipping { amount }\n    taxes { amount }\n    duties { amount }\n    fees { amount }\n    tips { amount }\n    total { shopMoney { amount } presentmentMoney { amount currencyCode } }\n    refunded { amount }\n    netSales { amount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Definition($key: MetricKey!) {\n    metricDefinitions(keys: [$key]) {\n      key\n      name\n      formula\n      dateBasis\n      includes\n      excludes\n      shopifyDifference\n    }\n  }\n"): (typeof documents)["\n  query Definition($key: MetricKey!) {\n    metricDefinitions(keys: [$key]) {\n      key\n      name\n      formula\n      dateBasis\n      includes\n      excludes\n      shopifyDifference\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FreshnessParts on Freshness {\n    asOf\n    lastSyncedAt\n    complete\n    rebuilding\n    containsSampleData\n  }\n"): (typeof documents)["\n  fragment FreshnessParts on Freshness {\n    asOf\n    lastSyncedAt\n    complete\n    rebuilding\n    containsSampleData\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Overview($range: DateRangeInput!, $compareTo: Comparison!, $interval: Interval!, $customers: Boolean!) {\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { products customers orders }\n      store { status }\n    }\n    overview(range: $range, compareTo: $compareTo) {\n      range { from to timezone }\n      comparedTo { from to }\n      freshness { complete ...FreshnessParts }\n      ...FiguresParts\n    }\n    salesTrend(range: $range, interval: $interval, compareTo: $compareTo) { ...TrendParts }\n    topCustomers(range: $range, first: 5) @include(if: $customers) { ...RankedParts }\n  }\n"): (typeof documents)["\n  query Overview($range: DateRangeInput!, $compareTo: Comparison!, $interval: Interval!, $customers: Boolean!) {\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { products customers orders }\n      store { status }\n    }\n    overview(range: $range, compareTo: $compareTo) {\n      range { from to timezone }\n      comparedTo { from to }\n      freshness { complete ...FreshnessParts }\n      ...FiguresParts\n    }\n    salesTrend(range: $range, interval: $interval, compareTo: $compareTo) { ...TrendParts }\n    topCustomers(range: $range, first: 5) @include(if: $customers) { ...RankedParts }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RankedParts on RankedCustomer {\n    rank\n    orders\n    totalSales { amount }\n    shareOfSales\n    customer { id displayName }\n  }\n"): (typeof documents)["\n  fragment RankedParts on RankedCustomer {\n    rank\n    orders\n    totalSales { amount }\n    shareOfSales\n    customer { id displayName }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FiguresParts on Overview {\n    comparedTo { from to }\n    totalRevenue { value { amount } previous { amount } changePercent }\n    netSales { value { amount } previous { amount } changePercent }\n    orders { value previous changePercent }\n    averageOrderValue { value { amount } previous { amount } changePercent }\n    customers { value previous changePercent }\n    newCustomers { value previous changePercent }\n  }\n"): (typeof documents)["\n  fragment FiguresParts on Overview {\n    comparedTo { from to }\n    totalRevenue { value { amount } previous { amount } changePercent }\n    netSales { value { amount } previous { amount } changePercent }\n    orders { value previous changePercent }\n    averageOrderValue { value { amount } previous { amount } changePercent }\n    customers { value previous changePercent }\n    newCustomers { value previous changePercent }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TrendParts on SalesTrend {\n    interval\n    points { ...PointParts }\n    previousPoints { ...PointParts }\n  }\n"): (typeof documents)["\n  fragment TrendParts on SalesTrend {\n    interval\n    points { ...PointParts }\n    previousPoints { ...PointParts }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PointParts on SalesPoint {\n    label\n    partial\n    totalSales { amount }\n    netSales { amount }\n    orders\n    averageOrderValue { amount }\n    customers\n    newCustomers\n  }\n"): (typeof documents)["\n  fragment PointParts on SalesPoint {\n    label\n    partial\n    totalSales { amount }\n    netSales { amount }\n    orders\n    averageOrderValue { amount }\n    customers\n    newCustomers\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Products($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter!, $sort: ProductSort!) {\n    tenant { currencyCode timezone }\n    products(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...ProductRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query Products($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter!, $sort: ProductSort!) {\n    tenant { currencyCode timezone }\n    products(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {\n      nodes { ...ProductRowParts }\n      pageInfo { ...PageParts }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProductRowParts on Product {\n    id\n    title\n    imageUrl\n    status\n    vendor\n    productType\n    price { amount }\n    inventoryQuantity\n    createdAt\n    updatedAt\n  }\n"): (typeof documents)["\n  fragment ProductRowParts on Product {\n    id\n    title\n    imageUrl\n    status\n    vendor\n    productType\n    price { amount }\n    inventoryQuantity\n    createdAt\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CalendarParts on Tenant {\n    currencyCode\n    timezone\n    weekStartsOn\n    dataSummary { orders }\n  }\n"): (typeof documents)["\n  fragment CalendarParts on Tenant {\n    currencyCode\n    timezone\n    weekStartsOn\n    dataSummary { orders }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment CompanyParts on Tenant { id name slug logoUrl }"): (typeof documents)["fragment CompanyParts on Tenant { id name slug logoUrl }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DataParts on DataSummary { products customers orders orderItems firstOrderAt lastOrderAt }\n"): (typeof documents)["\n  fragment DataParts on DataSummary { products customers orders orderItems firstOrderAt lastOrderAt }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DataAccessList on CustomerDataAccessConnection {\n    nodes { hourAt actor { id name email } operation fields customers answers }\n    pageInfo { hasNextPage endCursor }\n  }\n"): (typeof documents)["\n  fragment DataAccessList on CustomerDataAccessConnection {\n    nodes { hourAt actor { id name email } operation fields customers answers }\n    pageInfo { hasNextPage endCursor }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateTenant($input: UpdateTenantInput!) {\n    updateTenant(input: $input) {\n      tenant { id name slug logoUrl currencyCode timezone weekStartsOn }\n      userErrors { field message code }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateTenant($input: UpdateTenantInput!) {\n    updateTenant(input: $input) {\n      tenant { id name slug logoUrl currencyCode timezone weekStartsOn }\n      userErrors { field message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MemberParts on Membership {\n    role\n    joinedAt\n    user { id name email }\n  }\n"): (typeof documents)["\n  fragment MemberParts on Membership {\n    role\n    joinedAt\n    user { id name email }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Privacy($status: PrivacyRequestStatus, $after: String, $seen: String) {\n    tenant { currencyCode timezone }\n    privacyRequests(first: 20, after: $after, status: $status) { ...PrivacyRequestList }\n    customerDataAccess(first: 20, after: $seen) { ...DataAccessList }\n  }\n"): (typeof documents)["\n  query Privacy($status: PrivacyRequestStatus, $after: String, $seen: String) {\n    tenant { currencyCode timezone }\n    privacyRequests(first: 20, after: $after, status: $status) { ...PrivacyRequestList }\n    customerDataAccess(first: 20, after: $seen) { ...DataAccessList }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PrivacyRequestParts on PrivacyRequest {\n    id\n    kind\n    receivedAt\n    dueAt\n    status\n    completedAt\n    customerNumber\n    customer { id }\n    orders\n    outcome\n  }\n"): (typeof documents)["\n  fragment PrivacyRequestParts on PrivacyRequest {\n    id\n    kind\n    receivedAt\n    dueAt\n    status\n    completedAt\n    customerNumber\n    customer { id }\n    orders\n    outcome\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PrivacyRequestList on PrivacyRequestConnection {\n    nodes { ...PrivacyRequestParts }\n    pageInfo { hasNextPage endCursor }\n  }\n"): (typeof documents)["\n  fragment PrivacyRequestList on PrivacyRequestConnection {\n    nodes { ...PrivacyRequestParts }\n    pageInfo { hasNextPage endCursor }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompletePrivacyRequest($id: ID!) {\n    result: completePrivacyRequest(id: $id) { privacyRequest { ...PrivacyRequestParts } userErrors { message code } }\n  }\n"): (typeof documents)["\n  mutation CompletePrivacyRequest($id: ID!) {\n    result: completePrivacyRequest(id: $id) { privacyRequest { ...PrivacyRequestParts } userErrors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProfileParts on Viewer {\n    role\n    user { name email emailVerified createdAt }\n  }\n"): (typeof documents)["\n  fragment ProfileParts on Viewer {\n    role\n    user { name email emailVerified createdAt }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Settings($admin: Boolean!) {\n    viewer { ...ProfileParts }\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { ...DataParts }\n      store { shopDomain status }\n      members @include(if: $admin) { ...MemberParts }\n      ...CompanyParts\n      ...CalendarParts\n    }\n  }\n"): (typeof documents)["\n  query Settings($admin: Boolean!) {\n    viewer { ...ProfileParts }\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { ...DataParts }\n      store { shopDomain status }\n      members @include(if: $admin) { ...MemberParts }\n      ...CompanyParts\n      ...CalendarParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CountData($slug: String!) {\n    all: clearAllData(input: { confirmSlug: $slug, dryRun: true }) { deleted { ...HeldParts } }\n    sample: clearAllData(input: { confirmSlug: $slug, dryRun: true, sampleOnly: true }) { deleted { ...HeldParts } }\n  }\n"): (typeof documents)["\n  mutation CountData($slug: String!) {\n    all: clearAllData(input: { confirmSlug: $slug, dryRun: true }) { deleted { ...HeldParts } }\n    sample: clearAllData(input: { confirmSlug: $slug, dryRun: true, sampleOnly: true }) { deleted { ...HeldParts } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClearData($slug: String!, $sampleOnly: Boolean!) {\n    result: clearAllData(input: { confirmSlug: $slug, sampleOnly: $sampleOnly }) {\n      deleted { ...HeldParts }\n      userErrors { field message code }\n    }\n  }\n"): (typeof documents)["\n  mutation ClearData($slug: String!, $sampleOnly: Boolean!) {\n    result: clearAllData(input: { confirmSlug: $slug, sampleOnly: $sampleOnly }) {\n      deleted { ...HeldParts }\n      userErrors { field message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RetrySync($run: ID!) { result: retrySync(runId: $run) { userErrors { message code } } }"): (typeof documents)["mutation RetrySync($run: ID!) { result: retrySync(runId: $run) { userErrors { message code } } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectStore($deleteData: Boolean!) {\n    result: disconnectStore(input: { deleteData: $deleteData }) { store { status } userErrors { field message code } }\n  }\n"): (typeof documents)["\n  mutation DisconnectStore($deleteData: Boolean!) {\n    result: disconnectStore(input: { deleteData: $deleteData }) { store { status } userErrors { field message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment HeldParts on DataSummary { products customers orders orderItems }"): (typeof documents)["fragment HeldParts on DataSummary { products customers orders orderItems }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RefusedParts on RefusedRecordConnection {\n    totalCount\n    nodes { resource shopifyId reason refusedAt }\n    pageInfo { hasNextPage endCursor }\n  }\n"): (typeof documents)["\n  fragment RefusedParts on RefusedRecordConnection {\n    totalCount\n    nodes { resource shopifyId reason refusedAt }\n    pageInfo { hasNextPage endCursor }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MoreRefused($after: String!) { tenant { store { refusedRecords(first: 20, after: $after) { ...RefusedParts } } } }\n"): (typeof documents)["\n  query MoreRefused($after: String!) { tenant { store { refusedRecords(first: 20, after: $after) { ...RefusedParts } } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    scopes\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n    connection\n    webhookProblem\n    ...WebhookParts\n  }\n"): (typeof documents)["\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    scopes\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n    connection\n    webhookProblem\n    ...WebhookParts\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n"): (typeof documents)["\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Schedule($minutes: Int!) {\n    result: updateStore(input: { syncEveryMinutes: $minutes }) { store { nextSyncAt } userErrors { message code } }\n  }\n"): (typeof documents)["\n  mutation Schedule($minutes: Int!) {\n    result: updateStore(input: { syncEveryMinutes: $minutes }) { store { nextSyncAt } userErrors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sync {\n    tenant {\n      slug\n      currencyCode\n      timezone\n      dataSummary { ...HeldParts }\n      store {\n        ...StoreParts\n        refusedRecords(first: 20) { ...RefusedParts }\n      }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n    deadLetters: syncRuns(first: 5, deadLetter: true) { nodes { ...RunParts } totalCount }\n  }\n"): (typeof documents)["\n  query Sync {\n    tenant {\n      slug\n      currencyCode\n      timezone\n      dataSummary { ...HeldParts }\n      store {\n        ...StoreParts\n        refusedRecords(first: 20) { ...RefusedParts }\n      }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n    deadLetters: syncRuns(first: 5, deadLetter: true) { nodes { ...RunParts } totalCount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }"): (typeof documents)["mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WebhookParts on Store {\n    connection\n    webhooks\n    webhookProblem\n    lastWebhookAt\n  }\n"): (typeof documents)["\n  fragment WebhookParts on Store {\n    connection\n    webhooks\n    webhookProblem\n    lastWebhookAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RepairWebhooks { result: repairWebhooks { store { ...WebhookParts } userErrors { message code } } }\n"): (typeof documents)["\n  mutation RepairWebhooks { result: repairWebhooks { store { ...WebhookParts } userErrors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription DataChanged { dataChanged { kind changedAt } }"): (typeof documents)["subscription DataChanged { dataChanged { kind changedAt } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug logoUrl currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n"): (typeof documents)["\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug logoUrl currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation LogIn($input: LoginInput!) { auth: login(input: $input) { ...SessionFields } }"): (typeof documents)["mutation LogIn($input: LoginInput!) { auth: login(input: $input) { ...SessionFields } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SignUp($input: SignupInput!) { auth: signup(input: $input) { ...SessionFields } }"): (typeof documents)["mutation SignUp($input: SignupInput!) { auth: signup(input: $input) { ...SessionFields } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Refresh { auth: refresh { ...SessionFields } }"): (typeof documents)["mutation Refresh { auth: refresh { ...SessionFields } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation LogOut { logout { success } }"): (typeof documents)["mutation LogOut { logout { success } }"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;