import { Badge, Group, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { DataSource } from '../../gql/graphql';
import { countryName } from '../../lib/country';
import type { Formats } from '../../lib/format';
import { useViewer } from '../../lib/session';

const LifetimeParts = graphql(/* GraphQL */ `
  fragment LifetimeParts on Customer {
    ordersCount
    totalSpent { amount }
    averageOrderValue { amount }
    firstOrderAt
    lastOrderAt
  }
`);

const ContactParts = graphql(/* GraphQL */ `
  fragment ContactParts on Customer {
    shopifyId
    source
    email
    phone
    city
    country
    tags
    createdAt
  }
`);

const sources: Record<DataSource, string> = {
  SHOPIFY: 'The connected store',
  API: 'Sent through the API',
  SAMPLE: 'Sample data',
};

/** What a customer has brought over all time. */
export function Lifetime({ customer, format }: { customer: FragmentType<typeof LifetimeParts>; format: Formats }) {
  const c = readFragment(LifetimeParts, customer);
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3, lg: 5 }} m={0}>
      <Figure name="Orders">{format.count(c.ordersCount)}</Figure>
      <Figure name="Total spent">{format.money(c.totalSpent.amount)}</Figure>
      <Figure name="Average order value">{c.averageOrderValue ? format.money(c.averageOrderValue.amount) : '–'}</Figure>
      <Figure name="First order">{c.firstOrderAt ? format.date(c.firstOrderAt) : '–'}</Figure>
      <Figure name="Last order">{c.lastOrderAt ? format.date(c.lastOrderAt) : '–'}</Figure>
    </SimpleGrid>
  );
}

function Figure({ name, children }: { name: string; children: string }) {
  return (
    <Paper withBorder p="md">
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} fz={20} fw={650} className="name">
        {children}
      </Text>
    </Paper>
  );
}

/** Who a customer is, and how to reach them. */
export function Contact({ customer, format }: { customer: FragmentType<typeof ContactParts>; format: Formats }) {
  const viewer = useViewer();
  const c = readFragment(ContactParts, customer);
  const place = [c.city, c.country && countryName(c.country)].filter(Boolean).join(', ');
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="contact">
      <Title order={2} size="h4" id="contact" mb="sm">
        Contact
      </Title>
      {!viewer.can('READ_CUSTOMER_PII') && (
        <Text size="sm" c="dimmed" mb="sm">
          Your role does not show names, addresses and telephone numbers.
        </Text>
      )}
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3 }} m={0}>
        <Fact name="Email">{c.email}</Fact>
        <Fact name="Phone">{c.phone}</Fact>
        <Fact name="Place">{place}</Fact>
        <Fact name="Known since">{c.createdAt && format.date(c.createdAt)}</Fact>
        <Fact name="Came from">{sources[c.source]}</Fact>
        <Fact name="Number in the store">{c.shopifyId.split('/').at(-1)}</Fact>
      </SimpleGrid>
      {c.tags.length > 0 && (
        <Group component="ul" className="plain" aria-label="Tags" gap="xs" mt="md">
          {c.tags.map((tag) => (
            <Badge component="li" key={tag} variant="default" tt="none" maw="100%" title={tag}>
              <bdi>{tag}</bdi>
            </Badge>
          ))}
        </Group>
      )}
    </Paper>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} className="name">
        {children || '–'}
      </Text>
    </div>
  );
}
