import { ActionIcon, List, Loader, Popover, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { graphql } from '../../gql';
import type { MetricKey } from '../../gql/graphql';

const Definition = graphql(/* GraphQL */ `
  query Definition($key: MetricKey!) {
    metricDefinitions(keys: [$key]) {
      key
      name
      formula
      dateBasis
      includes
      excludes
      shopifyDifference
    }
  }
`);

/** A button that says what a figure means, in the words of the API. */
export function Explain({ metric, name }: { metric: MetricKey; name: string }) {
  const [open, { toggle, close }] = useDisclosure();
  return (
    <Popover opened={open} onDismiss={close} width={320} position="bottom-end" withArrow trapFocus shadow="md" closeOnEscape>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" c="dimmed" size="sm" radius="xl" onClick={toggle} aria-label={`What ${name} means`}>
          ?
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 2rem)" aria-label={`What ${name} means`}>
        {open && <Words metric={metric} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Words({ metric }: { metric: MetricKey }) {
  const [{ data, error }] = useQuery({ query: Definition, variables: { key: metric }, requestPolicy: 'cache-first' });
  const d = data?.metricDefinitions[0];
  if (error) return <ErrorAlert error={error} />;
  if (!d) return <Loader size="sm" aria-label="Loading" />;
  return (
    <Stack gap="xs" tabIndex={-1} data-autofocus>
      <Text fw={600}>{d.name}</Text>
      <Text size="sm" ff="monospace">
        {d.formula}
      </Text>
      <Text size="sm">{d.dateBasis}</Text>
      <Phrases title="Includes" of={d.includes} />
      <Phrases title="Leaves out" of={d.excludes} />
      {d.shopifyDifference && (
        <div>
          <Text size="sm" fw={600}>
            In the Shopify admin
          </Text>
          <Text size="sm">{d.shopifyDifference}</Text>
        </div>
      )}
    </Stack>
  );
}

function Phrases({ title, of }: { title: string; of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm">
        {of.map((phrase) => (
          <List.Item key={phrase}>{phrase}</List.Item>
        ))}
      </List>
    </div>
  );
}
