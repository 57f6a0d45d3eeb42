import { Anchor, Group, Paper, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Formats } from '../../lib/format';
import { compact } from '../../lib/search';
import { Explain } from './Explain';
import type { Figure } from './figures';
import { metrics } from './search';
import { Sparkline } from './Sparkline';

interface Props {
  figure: Figure;
  values: readonly number[];
  /** The period, as lists have it in their address. */
  period: string | undefined;
  format: Formats;
}

export function FigureCard({ figure, values, period, format }: Props) {
  const name = metrics[figure.metric];
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" c="dimmed" component="h2">
          {name}
        </Text>
        <Explain metric={figure.key} name={name.toLowerCase()} />
      </Group>
      <Text className="name" fz={26} fw={650} lh={1.3} data-figure={figure.metric}>
        {figure.metric === 'orders' ? (
          <Anchor
            inherit
            c="inherit"
            underline="always"
            aria-label={`${figure.value} orders: show them`}
            renderRoot={(props) => <Link to="/orders" search={compact({ period })} {...props} />}
          >
            {figure.value}
          </Anchor>
        ) : (
          figure.value
        )}
      </Text>
      <Change figure={figure} format={format} />
      <Sparkline values={values} />
    </Paper>
  );
}

function Change({ figure, format }: { figure: Figure; format: Formats }) {
  if (figure.previous === null) {
    return (
      <Text size="sm" c="dimmed">
        No comparison
      </Text>
    );
  }
  const change = figure.changePercent;
  return (
    <Text size="sm" c="dimmed">
      {change !== null && (
        <Text span fw={600} c={change < 0 ? 'var(--mantine-color-red-light-color)' : change > 0 ? 'var(--mantine-color-teal-light-color)' : 'dimmed'}>
          {format.change(change)}{' '}
        </Text>
      )}
      from {figure.previous}
    </Text>
  );
}
