import { Anchor, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import type { UseQueryState } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { financialWords, fulfillmentWords } from '../../components/orders';
import { StateBadge } from '../../components/StateBadge';
import { graphql } from '../../gql';
import type { OrderQuery as OrderAnswer, OrderQueryVariables } from '../../gql/graphql';
import { countryName } from '../../lib/country';
import type { Formats } from '../../lib/format';
import { useLast } from '../../lib/useLast';
import { breakdown } from './breakdown';
import { Items } from './Items';
import { Refunds } from './Refunds';

export const OrderQuery = graphql(/* GraphQL */ `
  query Order($id: ID!, $customers: Boolean!) {
    tenant { currencyCode }
    order(id: $id) {
      id
      name
      shopifyId
      processedAt
      createdAt
      updatedAt
      cancelledAt
      financialStatus
      fulfillmentStatus
      test
      channel
      source
      customer @include(if: $customers) { id displayName ordersCount }
      customerOrderNumber
      shippingCountry
      shippingRegion
      shippingCity
      discountCodes
      tags
      items { ...ItemParts }
      refunds { ...RefundParts }
      ...MoneyParts
    }
  }
`);

type Order = NonNullable<OrderAnswer['order']>;

interface Props {
  /** The order to show; none, and the panel is closed. */
  id: string | undefined;
  answer: UseQueryState<OrderAnswer, OrderQueryVariables>;
  format: Formats;
  onRetry: () => void;
  onClose: () => void;
}

/** One order, at the side of the list. It has an address, so that it can be shared. */
export function OrderPanel({ id, answer: { data, error, fetching }, format, onRetry, onClose }: Props) {
  // While the panel goes away, it shows what it showed.
  const shown = useLast(id);
  const order = data?.order?.id === shown ? data?.order : undefined;
  const missing = data !== undefined && !data.order && !fetching && !error;
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Text span className="name" fz="lg" fw={650}>
          {order?.name ?? (missing ? 'No such order' : 'Order')}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close the order' }}
    >
      {error && !fetching && <ErrorAlert error={error} onRetry={onRetry} />}
      {missing && <Text>There is no order of this address. It may have been deleted.</Text>}
      {order ? (
        <Details order={order} currencyCode={data?.tenant?.currencyCode ?? ''} format={format} />
      ) : (
        fetching && (
          <Stack>
            <Skeleton h={28} w={240} />
            <Skeleton h={120} />
            <Skeleton h={180} />
            <Skeleton h={260} />
          </Stack>
        )
      )}
    </Drawer>
  );
}

function Details({ order: o, currencyCode, format }: { order: Order; currencyCode: string; format: Formats }) {
  const place = [o.shippingCity, o.shippingRegion, o.shippingCountry && countryName(o.shippingCountry)].filter((p) => p != null);
  const at = (instant: string | null | undefined) => instant && format.instant(instant);
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <StateBadge word={financialWords[o.financialStatus]} />
        <StateBadge word={fulfillmentWords[o.fulfillmentStatus]} />
        {o.test && <StateBadge word={{ name: 'Test, not in reports', color: 'gray' }} />}
        {o.cancelledAt && <StateBadge word={{ name: 'Cancelled', color: 'red' }} />}
      </Group>
      <Facts
        facts={[
          ['Customer', <Who key="who" order={o} format={format} />],
          ['Shipped to', apart(place)],
          ['Placed', at(o.processedAt)],
          ['Made', o.createdAt === o.processedAt ? null : at(o.createdAt)],
          ['Cancelled', at(o.cancelledAt)],
          ['Changed', at(o.updatedAt)],
          ['Channel', o.channel],
          ['Discount codes', apart(o.discountCodes)],
          ['Tags', apart(o.tags)],
          ['Record', o.source === 'SAMPLE' ? 'sample data' : o.shopifyId],
        ]}
      />
      <Part title="Items">
        <Items items={o.items} format={format} />
      </Part>
      <Part title="Where the money went">
        <table className="sums">
          <tbody>
            {breakdown(o, format, currencyCode).map((line) => (
              <tr key={line.name} data-sum={line.sum}>
                <th scope="row">
                  {line.name}
                  {line.note && (
                    <Text size="xs" c="dimmed">
                      {line.note}
                    </Text>
                  )}
                </th>
                <td>{line.amount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Part>
      {o.refunds.length > 0 && (
        <Part title="Refunds">
          <Refunds refunds={o.refunds} format={format} />
        </Part>
      )}
    </Stack>
  );
}

function Who({ order: { customer, customerOrderNumber }, format }: { order: Order; format: Formats }) {
  if (!customer) return <span>{customer === null ? 'nobody by name' : 'your role does not show customers'}</span>;
  return (
    <>
      <Anchor className="name" renderRoot={(props) => <Link to="/customers/$id" params={{ id: customer.id }} {...props} />}>
        {customer.displayName}
      </Anchor>
      <Text size="sm" c="dimmed">
        {customerOrderNumber != null && `order ${format.count(customerOrderNumber)} of ${format.count(customer.ordersCount)} · `}
        <Anchor inherit renderRoot={(props) => <Link to="/orders" search={{ customer: customer.id }} {...props} />}>
          all orders of this customer
        </Anchor>
      </Text>
    </>
  );
}

/** Texts of any script one after the other, so that none disturbs its neighbours. */
function apart(texts: readonly string[]): ReactNode {
  if (texts.length === 0) return null;
  return texts.map((text, i) => (
    <Fragment key={i}>
      {i > 0 && ', '}
      <bdi>{text}</bdi>
    </Fragment>
  ));
}

/** What is known, name by name; what is not is left out. */
function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="name">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}
