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
    "\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n": typeof types.ConnectStoreDocument,
    "\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n": typeof types.LoadSampleDataDocument,
    "\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n": typeof types.RunPartsFragmentDoc,
    "subscription RunChanged { syncProgress { ...RunParts } }": typeof types.RunChangedDocument,
    "\n  query Definition($key: MetricKey!) {\n    metricDefinitions(keys: [$key]) {\n      key\n      name\n      formula\n      dateBasis\n      includes\n      excludes\n      shopifyDifference\n    }\n  }\n": typeof types.DefinitionDocument,
    "\n  fragment FreshnessParts on Freshness {\n    asOf\n    lastSyncedAt\n    complete\n    rebuilding\n    containsSampleData\n  }\n": typeof types.FreshnessPartsFragmentDoc,
    "\n  query Overview($range: DateRangeInput!, $compareTo: Comparison!, $interval: Interval!, $customers: Boolean!) {\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { products customers orders }\n      store { status }\n    }\n    overview(range: $range, compareTo: $compareTo) {\n      range { from to timezone }\n      comparedTo { from to }\n      freshness { complete ...FreshnessParts }\n      ...FiguresParts\n    }\n    salesTrend(range: $range, interval: $interval, compareTo: $compareTo) { ...TrendParts }\n    topCustomers(range: $range, first: 5) @include(if: $customers) { ...RankedParts }\n  }\n": typeof types.OverviewDocument,
    "subscription DataChanged { dataChanged { kind changedAt } }": typeof types.DataChangedDocument,
    "\n  fragment RankedParts on RankedCustomer {\n    rank\n    orders\n    totalSales { amount }\n    shareOfSales\n    customer { id displayName }\n  }\n": typeof types.RankedPartsFragmentDoc,
    "\n  fragment FiguresParts on Overview {\n    comparedTo { from to }\n    totalRevenue { value { amount } previous { amount } changePercent }\n    netSales { value { amount } previous { amount } changePercent }\n    orders { value previous changePercent }\n    averageOrderValue { value { amount } previous { amount } changePercent }\n    customers { value previous changePercent }\n    newCustomers { value previous changePercent }\n  }\n": typeof types.FiguresPartsFragmentDoc,
    "\n  fragment TrendParts on SalesTrend {\n    interval\n    points { ...PointParts }\n    previousPoints { ...PointParts }\n  }\n": typeof types.TrendPartsFragmentDoc,
    "\n  fragment PointParts on SalesPoint {\n    label\n    partial\n    totalSales { amount }\n    netSales { amount }\n    orders\n    averageOrderValue { amount }\n    customers\n    newCustomers\n  }\n": typeof types.PointPartsFragmentDoc,
    "\n  query Sync {\n    tenant {\n      currencyCode\n      timezone\n      store { ...StoreParts }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n  }\n": typeof types.SyncDocument,
    "\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n  }\n": typeof types.StorePartsFragmentDoc,
    "\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n": typeof types.SyncNowDocument,
    "mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }": typeof types.CancelSyncDocument,
    "\n  mutation Schedule($minutes: Int!) { result: updateStore(input: { syncEveryMinutes: $minutes }) { userErrors { message code } } }\n": typeof types.ScheduleDocument,
    "\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n": typeof types.SessionFieldsFragmentDoc,
    "mutation LogIn($input: LoginInput!) { auth: login(input: $input) { ...SessionFields } }": typeof types.LogInDocument,
    "mutation SignUp($input: SignupInput!) { auth: signup(input: $input) { ...SessionFields } }": typeof types.SignUpDocument,
    "mutation Refresh { auth: refresh { ...SessionFields } }": typeof types.RefreshDocument,
    "mutation LogOut { logout { success } }": typeof types.LogOutDocument,
};
const documents: Documents = {
    "\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n": types.ConnectStoreDocument,
    "\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n": types.LoadSampleDataDocument,
    "\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n": types.RunPartsFragmentDoc,
    "subscription RunChanged { syncProgress { ...RunParts } }": types.RunChangedDocument,
    "\n  query Definition($key: MetricKey!) {\n    metricDefinitions(keys: [$key]) {\n      key\n      name\n      formula\n      dateBasis\n      includes\n      excludes\n      shopifyDifference\n    }\n  }\n": types.DefinitionDocument,
    "\n  fragment FreshnessParts on Freshness {\n    asOf\n    lastSyncedAt\n    complete\n    rebuilding\n    containsSampleData\n  }\n": types.FreshnessPartsFragmentDoc,
    "\n  query Overview($range: DateRangeInput!, $compareTo: Comparison!, $interval: Interval!, $customers: Boolean!) {\n    tenant {\n      currencyCode\n      timezone\n      dataSummary { products customers orders }\n      store { status }\n    }\n    overview(range: $range, compareTo: $compareTo) {\n      range { from to timezone }\n      comparedTo { from to }\n      freshness { complete ...FreshnessParts }\n      ...FiguresParts\n    }\n    salesTrend(range: $range, interval: $interval, compareTo: $compareTo) { ...TrendParts }\n    topCustomers(range: $range, first: 5) @include(if: $customers) { ...RankedParts }\n  }\n": types.OverviewDocument,
    "subscription DataChanged { dataChanged { kind changedAt } }": types.DataChangedDocument,
    "\n  fragment RankedParts on RankedCustomer {\n    rank\n    orders\n    totalSales { amount }\n    shareOfSales\n    customer { id displayName }\n  }\n": types.RankedPartsFragmentDoc,
    "\n  fragment FiguresParts on Overview {\n    comparedTo { from to }\n    totalRevenue { value { amount } previous { amount } changePercent }\n    netSales { value { amount } previous { amount } changePercent }\n    orders { value previous changePercent }\n    averageOrderValue { value { amount } previous { amount } changePercent }\n    customers { value previous changePercent }\n    newCustomers { value previous changePercent }\n  }\n": types.FiguresPartsFragmentDoc,
    "\n  fragment TrendParts on SalesTrend {\n    interval\n    points { ...PointParts }\n    previousPoints { ...PointParts }\n  }\n": types.TrendPartsFragmentDoc,
    "\n  fragment PointParts on SalesPoint {\n    label\n    partial\n    totalSales { amount }\n    netSales { amount }\n    orders\n    averageOrderValue { amount }\n    customers\n    newCustomers\n  }\n": types.PointPartsFragmentDoc,
    "\n  query Sync {\n    tenant {\n      currencyCode\n      timezone\n      store { ...StoreParts }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n  }\n": types.SyncDocument,
    "\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n  }\n": types.StorePartsFragmentDoc,
    "\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n": types.SyncNowDocument,
    "mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }": types.CancelSyncDocument,
    "\n  mutation Schedule($minutes: Int!) { result: updateStore(input: { syncEveryMinutes: $minutes }) { userErrors { message code } } }\n": types.ScheduleDocument,
    "\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n": types.SessionFieldsFragmentDoc,
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
export function graphql(source: "\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n"): (typeof documents)["\n  mutation ConnectStore($input: ConnectStoreInput!) {\n    connectStore(input: $input) {\n      store { name }\n      firstSync { id }\n      userErrors { field message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n"): (typeof documents)["\n  mutation LoadSampleData {\n    loadSampleData(input: { orders: 1200, days: 365 }) {\n      summary { orders }\n      userErrors { field message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n"): (typeof documents)["\n  fragment RunParts on SyncRun {\n    id\n    status\n    mode\n    trigger\n    queuedAt\n    startedAt\n    finishedAt\n    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }\n    proof { resource expected stored linesExpected linesRead matches }\n    error { message retryable }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription RunChanged { syncProgress { ...RunParts } }"): (typeof documents)["subscription RunChanged { syncProgress { ...RunParts } }"];
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
export function graphql(source: "subscription DataChanged { dataChanged { kind changedAt } }"): (typeof documents)["subscription DataChanged { dataChanged { kind changedAt } }"];
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
export function graphql(source: "\n  query Sync {\n    tenant {\n      currencyCode\n      timezone\n      store { ...StoreParts }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n  }\n"): (typeof documents)["\n  query Sync {\n    tenant {\n      currencyCode\n      timezone\n      store { ...StoreParts }\n    }\n    syncRuns(first: 20) { nodes { ...RunParts } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n  }\n"): (typeof documents)["\n  fragment StoreParts on Store {\n    name\n    shopDomain\n    status\n    lastSyncedAt\n    syncEveryMinutes\n    nextSyncAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n"): (typeof documents)["\n  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }"): (typeof documents)["mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Schedule($minutes: Int!) { result: updateStore(input: { syncEveryMinutes: $minutes }) { userErrors { message code } } }\n"): (typeof documents)["\n  mutation Schedule($minutes: Int!) { result: updateStore(input: { syncEveryMinutes: $minutes }) { userErrors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n"): (typeof documents)["\n  fragment SessionFields on AuthPayload {\n    accessToken\n    accessTokenExpiresAt\n    viewer {\n      role\n      scopes\n      user { id email name }\n      tenant { id name slug currencyCode timezone }\n    }\n    userErrors { field message code }\n  }\n"];
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