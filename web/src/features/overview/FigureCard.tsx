import { Group, Paper, Text } from '@mantine/core';
import type { Formats } from '../../lib/format';
import { Explain } from './Explain';
import type { Figure } from './figures';
import { metrics } from './search';
import { Sparkline } from './Sparkline';

export function FigureCard({ figure, values, format }: { figure: Figure; values: readonly number[]; format: Formats }) {
  const name = metrics[figure.metric];
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" c="dimmed" component="h2">
          {name}
        </Text>
        <Explain metric={figure.key} name={name.toLowerCase()} />
      </Group>
      <Text fz={26} fw={650} lh={1.3} data-figure={figure.metric}>
        {figure.value}
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
