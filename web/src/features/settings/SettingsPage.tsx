import { SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { graphql } from '../../gql';
import { formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { Calendar } from './Calendar';
import { Company } from './Company';
import { Data } from './Data';
import { Members } from './Members';
import { Profile } from './Profile';

const SettingsQuery = graphql(/* GraphQL */ `
  query Settings($admin: Boolean!) {
    viewer { ...ProfileParts }
    tenant {
      currencyCode
      timezone
      dataSummary { ...DataParts }
      members @include(if: $admin) { ...MemberParts }
      ...CompanyParts
      ...CalendarParts
    }
  }
`);

export function SettingsPage() {
  const admin = useViewer().can('ADMIN');
  const [{ data, fetching, error }, ask] = useQuery({ query: SettingsQuery, variables: { admin } });
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
      {error && !fetching && <ErrorAlert error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {!data && fetching && [380, 420, 180, 180].map((height, i) => <Skeleton key={i} h={height} />)}
        {tenant && (
          <>
            <Company tenant={tenant} />
            <Calendar tenant={tenant} />
            {data.viewer && <Profile viewer={data.viewer} format={format} />}
            <Data summary={tenant.dataSummary} format={format} />
          </>
        )}
      </SimpleGrid>
      {tenant?.members && <Members members={tenant.members} format={format} />}
    </Stack>
  );
}
