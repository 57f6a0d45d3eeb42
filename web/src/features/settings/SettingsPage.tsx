import { SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { graphql } from '../../gql';
import { formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { Arrival } from './Arrival';
import { Calendar } from './Calendar';
import { Company } from './Company';
import { Data } from './Data';
import { Members } from './Members';
import { PrivacyLink } from './PrivacyLink';
import { Profile } from './Profile';
import type { SettingsSearch } from './search';

const SettingsQuery = graphql(/* GraphQL */ `
  query Settings($admin: Boolean!) {
    viewer { ...ProfileParts }
    tenant {
      currencyCode
      timezone
      dataSummary { ...DataParts }
      store { shopDomain status }
      members @include(if: $admin) { ...MemberParts }
      ...CompanyParts
      ...CalendarParts
    }
  }
`);

export function SettingsPage() {
  const admin = useViewer().can('ADMIN');
  const [{ data, fetching, error }, ask] = useQuery({ query: SettingsQuery, variables: { admin } });
  const again = () => ask({ requestPolicy: 'network-only' });
  const { came, forget } = useArrival();
  const tenant = data?.tenant;
  const format = useMemo(
    () => formats({ currencyCode: tenant?.currencyCode ?? 'USD', timezone: tenant?.timezone ?? 'UTC' }),
    [tenant?.currencyCode, tenant?.timezone],
  );
  return (
    <Stack>
      <Title order={1} size="h2">
        Settings
      </Title>
      {error && !fetching && <ErrorAlert error={error} onRetry={again} />}
      {tenant && came && (
        <Arrival
          key={JSON.stringify(came)}
          came={came}
          connected={tenant.store?.status === 'CONNECTED' ? tenant.store.shopDomain : undefined}
          known={tenant.store?.shopDomain}
          onDone={() => {
            forget();
            again();
          }}
        />
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {!data && fetching && [380, 420, 180, 180].map((height, i) => <Skeleton key={i} h={height} />)}
        {tenant && (
          <>
            <Company tenant={tenant} />
            <Calendar tenant={tenant} />
            {data.viewer && <Profile viewer={data.viewer} format={format} />}
            <Data summary={tenant.dataSummary} format={format} />
            {admin && <PrivacyLink />}
          </>
        )}
      </SimpleGrid>
      {tenant?.members && <Members members={tenant.members} format={format} />}
    </Stack>
  );
}

/** What the address said when somebody came here, which is taken out of it: a reload tells it once only. */
function useArrival() {
  const search = useSearch({ from: '/inside/settings' });
  const navigate = useNavigate({ from: '/settings' });
  const [came, come] = useState<SettingsSearch>();
  const told = Object.keys(search).length > 0;
  useEffect(() => {
    if (!told) return;
    come(search);
    void navigate({ search: {}, replace: true });
  }, [told]);
  return { came, forget: () => come({ connected: true }) };
}
