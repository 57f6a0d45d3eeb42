import { Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useMemo } from 'react';
import { useQuery } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { FirstRun } from '../../components/FirstRun';
import { ImportProgress } from '../../components/ImportProgress';
import { graphql } from '../../gql';
import { formats } from '../../lib/format';
import { useDataChanged } from '../../lib/live';
import { periodOf } from '../../lib/period';
import { useViewer } from '../../lib/session';
import { useLast } from '../../lib/useLast';
import { FigureCard } from './FigureCard';
import { figures } from './figures';
import { Freshness } from './Freshness';
import { Period } from './Period';
import { type OverviewSearch, question, type SearchChange } from './search';
import { TopCustomers } from './TopCustomers';
import { Trend } from './Trend';
import { line } from './trend';

const OverviewQuery = graphql(/* GraphQL */ `
  query Overview($range: DateRangeInput!, $compareTo: Comparison!, $interval: Interval!, $customers: Boolean!) {
    tenant {
      currencyCode
      timezone
      dataSummary { products customers orders }
      store { status }
    }
    overview(range: $range, compareTo: $compareTo) {
      range { from to timezone }
      comparedTo { from to }
      freshness { complete ...FreshnessParts }
      ...FiguresParts
    }
    salesTrend(range: $range, interval: $interval, compareTo: $compareTo) { ...TrendParts }
    topCustomers(range: $range, first: 5) @include(if: $customers) { ...RankedParts }
  }
`);

export function OverviewPage() {
  const search = useSearch({ from: '/inside/' });
  const navigate = useNavigate({ from: '/' });
  const viewer = useViewer();
  const asked = useMemo(() => question(search), [search]);
  const [answer, ask] = useQuery({
    query: OverviewQuery,
    variables: {
      range: asked.range,
      compareTo: asked.compareTo,
      interval: asked.interval,
      customers: viewer.can('READ_CUSTOMERS'),
    },
  });
  const again = () => ask({ requestPolicy: 'network-only' });
  useDataChanged(again);

  // New numbers are rendered in slices, so that nothing waits for them; until then the page looks as if it had to wait.
  const latest = useLast(answer.data);
  const data = useDeferredValue(latest);
  const fetching = answer.fetching || data !== latest;
  const change = (c: SearchChange) => void navigate({ search: (old) => ({ ...old, ...c }) as OverviewSearch, resetScroll: false });
  const tenant = data?.tenant;
  const overview = data?.overview;
  const shop = { currencyCode: tenant?.currencyCode ?? 'USD', timezone: tenant?.timezone ?? 'UTC' };
  const format = useMemo(() => formats(shop), [shop.currencyCode, shop.timezone]);
  const records = tenant?.dataSummary;
  const empty = records && records.orders + records.customers + records.products === 0;

  if (empty) {
    const connected = tenant.store != null && tenant.store.status !== 'DISCONNECTED';
    return (
      <Stack>
        <Title order={1} size="h2">
          Overview
        </Title>
        {connected ? <Text>The store is connected. Its records will be here as they come in.</Text> : <FirstRun onDone={again} />}
        {connected && <ImportProgress key="import" onEnd={again} />}
      </Stack>
    );
  }
  return (
    <Stack>
      <Group justify="space-between" align="end">
        <div>
          <Title order={1} size="h2">
            Overview
          </Title>
          <Text c="dimmed" mih={overview ? 25 : { base: 50, sm: 25 }}>
            {overview && format.days(overview.range.from, overview.range.to)}
            {overview?.comparedTo && <>, compared with {format.days(overview.comparedTo.from, overview.comparedTo.to)}</>}
          </Text>
        </div>
        <Period question={asked} covered={overview?.range} onChange={change} />
      </Group>
      {overview ? <Freshness freshness={overview.freshness} format={format} /> : <Skeleton h={22} w={220} />}
      {overview?.freshness.complete === false && <ImportProgress key="import" onEnd={again} />}
      {answer.error && !answer.fetching && <ErrorAlert error={answer.error} onRetry={again} />}
      <Stack aria-busy={answer.fetching && answer.data === undefined && data !== undefined}>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
          {overview
            ? figures(overview, format).map((f) => (
                <FigureCard
                  key={f.metric}
                  figure={f}
                  values={data?.salesTrend ? line(data.salesTrend, f.metric) : []}
                  period={periodOf(asked.range)}
                  format={format}
                />
              ))
            : fetching && Array.from({ length: 6 }, (_, i) => <Skeleton key={i} h={154} />)}
        </SimpleGrid>
        {data?.salesTrend ? (
          <Trend trend={data.salesTrend} question={asked} format={format} onChange={change} />
        ) : (
          fetching && <Skeleton h={420} />
        )}
        {data?.topCustomers && <TopCustomers customers={data.topCustomers} format={format} />}
        {!data && fetching && <Skeleton h={280} />}
      </Stack>
    </Stack>
  );
}
