import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { graphql } from '../../gql';
import { formats } from '../../lib/format';
import { codeOf } from '../../lib/problem';
import { useViewer } from '../../lib/session';
import { useTitle } from '../../lib/title';
import { useLast } from '../../lib/useLast';
import { DataAccess } from './DataAccess';
import { PrivacyRequests } from './PrivacyRequests';
import { type PrivacyChange, requestStates } from './search';

const PrivacyQuery = graphql(/* GraphQL */ `
  query Privacy($status: PrivacyRequestStatus, $after: String, $seen: String) {
    tenant { currencyCode timezone }
    privacyRequests(first: 20, after: $after, status: $status) { ...PrivacyRequestList }
    customerDataAccess(first: 20, after: $seen) { ...DataAccessList }
  }
`);

/** What people have asked for about their data, and who was shown personal data: for those who answer for it. */
export function PrivacyPage() {
  const admin = useViewer().can('ADMIN');
  useTitle('Privacy');
  return (
    <Stack>
      <div>
        <Anchor size="sm" renderRoot={(props) => <Link to="/settings" {...props} />}>
          Settings
        </Anchor>
        <Title order={1} size="h2">
          Privacy
        </Title>
      </div>
      {admin ? <Lists /> : <Text>Ask an owner of the store about it: your role does not show requests of customers.</Text>}
    </Stack>
  );
}

function Lists() {
  const search = useSearch({ from: '/inside/settings/privacy' });
  const navigate = useNavigate({ from: '/settings/privacy' });
  const [answer, ask] = useQuery({
    query: PrivacyQuery,
    variables: { status: search.show ? requestStates[search.show] : null, after: search.after ?? null, seen: search.seen ?? null },
  });
  const again = () => ask({ requestPolicy: 'network-only' });
  const data = useLast(answer.data);
  const { fetching, error } = answer;
  const tenant = data?.tenant;
  const format = useMemo(
    () => formats({ currencyCode: tenant?.currencyCode ?? 'USD', timezone: tenant?.timezone ?? 'UTC' }),
    [tenant?.currencyCode, tenant?.timezone],
  );
  const change = (c: PrivacyChange) => void navigate({ search: (old) => ({ ...old, ...c }) as typeof old, resetScroll: false });
  const retry = error && codeOf(error) === 'INVALID_CURSOR' ? () => change({ after: undefined, seen: undefined }) : again;
  const busy = fetching && answer.data === undefined;
  return (
    <>
      {error && !fetching && <ErrorAlert error={error} onRetry={retry} />}
      {!data && fetching && (
        <>
          <Skeleton h={320} />
          <Skeleton h={320} />
        </>
      )}
      {data?.privacyRequests && (
        <PrivacyRequests page={data.privacyRequests} search={search} busy={busy} format={format} onChange={change} onDone={again} />
      )}
      {data?.customerDataAccess && <DataAccess page={data.customerDataAccess} search={search} busy={busy} format={format} onChange={change} />}
    </>
  );
}
