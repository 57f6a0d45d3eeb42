import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { useFresh } from '../../components/ListStatus';
import { graphql, readFragment } from '../../gql';
import { formats } from '../../lib/format';
import { codeOf } from '../../lib/problem';
import { firstPage } from '../../lib/search';
import { useViewer } from '../../lib/session';
import { useTitle } from '../../lib/title';
import { useLast } from '../../lib/useLast';
import { Contact, Lifetime } from './Facts';
import { History } from './History';
import { OrdersOverTime } from './OrdersOverTime';
import { PersonalData } from './PersonalData';
import { type CustomerChange, historyQuestion } from './search';

const CustomerQuery = graphql(/* GraphQL */ `
  query Customer($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $sort: OrderSort!) {
    tenant { currencyCode timezone }
    customer(id: $id) {
      ...CustomerName
      ...LifetimeParts
      ...ContactParts
      ...PersonalDataParts
    }
    orders(filter: { customerId: $id }, first: $first, after: $after, last: $last, before: $before, sort: $sort) { ...HistoryParts }
  }
`);

const CustomerName = graphql(/* GraphQL */ `
  fragment CustomerName on Customer {
    displayName
    ordersCount
    totalSpent { amount }
  }
`);

export function CustomerPage() {
  const { id } = useParams({ from: '/inside/customers/$id' });
  return <OneCustomer key={id} id={id} />;
}

function OneCustomer({ id }: { id: string }) {
  const search = useSearch({ from: '/inside/customers/$id' });
  const navigate = useNavigate({ from: '/customers/$id' });
  const asked = useMemo(() => historyQuestion(search), [search]);
  const admin = useViewer().can('ADMIN');
  const [answer, ask] = useQuery({ query: CustomerQuery, variables: { id, ...asked } });
  const again = () => ask({ requestPolicy: 'network-only' });
  const data = useLast(answer.data);
  const stale = useFresh({ data: answer.data, follow: !search.after && !search.before, kinds: ['ORDERS', 'CUSTOMERS'], again });

  const tenant = data?.tenant;
  const shop = { currencyCode: tenant?.currencyCode ?? 'USD', timezone: tenant?.timezone ?? 'UTC' };
  const format = useMemo(() => formats(shop), [shop.currencyCode, shop.timezone]);
  const customer = data?.customer;
  const name = readFragment(CustomerName, customer);
  useTitle(name?.displayName);
  const change = (c: CustomerChange) => void navigate({ search: (old) => ({ ...old, ...c }) as typeof old, resetScroll: false });

  // What may not be seen, or could not be found out, is not gone.
  const gone = data?.customer === null && !answer.fetching && !answer.error?.graphQLErrors.some((e) => e.path?.[0] === 'customer');
  if (gone) return <Gone />;
  return (
    <Stack>
      <div>
        <Back />
        {!name && answer.fetching ? (
          <Skeleton h={32} w={240} />
        ) : (
          <Title order={1} size="h2" className="name">
            {name?.displayName ?? 'Customer'}
          </Title>
        )}
      </div>
      {answer.error && !answer.fetching && (
        <ErrorAlert error={answer.error} onRetry={codeOf(answer.error) === 'INVALID_CURSOR' ? () => change(firstPage) : again} />
      )}
      {!customer && answer.fetching && (
        <>
          <Skeleton h={84} />
          <Skeleton h={150} />
          <Skeleton h={420} />
          <Skeleton h={420} />
        </>
      )}
      {customer && name && (
        <>
          <Lifetime customer={customer} format={format} />
          <Contact customer={customer} format={format} />
          {name.ordersCount > 0 && (
            <OrdersOverTime
              id={id}
              ordersCount={name.ordersCount}
              version={`${name.ordersCount} ${name.totalSpent.amount}`}
              timezone={shop.timezone}
              format={format}
              search={search}
              onChange={change}
            />
          )}
          {(data.orders || answer.fetching) && (
            <History
              orders={data.orders ?? undefined}
              busy={answer.fetching && answer.data === undefined}
              stale={stale}
              sort={asked.sort}
              format={format}
              onChange={change}
              onReload={again}
            />
          )}
          {admin && <PersonalData customer={customer} onDone={again} />}
        </>
      )}
    </Stack>
  );
}

function Back() {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/customers" {...props} />}>
      All customers
    </Anchor>
  );
}

function Gone() {
  return (
    <Stack align="start">
      <Title order={1} size="h2">
        This customer is not here
      </Title>
      <Text>It was deleted, or the address is not complete.</Text>
      <Back />
    </Stack>
  );
}
