import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';
import { useReducedMotion } from '@mantine/hooks';
import { Paper, Text } from '@mantine/core';
import type { Row } from './trend';

interface Props {
  rows: Row[];
  name: string;
  compared: boolean;
  tick: (value: number) => string;
}

export function TrendChart({ rows, name, compared, tick }: Props) {
  const still = useReducedMotion();
  return (
    <LineChart
      h={320}
      data={rows as unknown as Record<string, unknown>[]}
      dataKey="label"
      series={[
        ...(compared ? [{ name: 'previous', label: 'Compared period', color: 'gray.6', strokeDasharray: '5 5' }] : []),
        { name: 'current', label: name, color: 'indigo.6' },
      ]}
      withLegend={compared}
      withDots={rows.length < 3}
      curveType="linear"
      connectNulls={false}
      valueFormatter={tick}
      yAxisProps={{ width: 64, tickFormatter: tick }}
      xAxisProps={{ minTickGap: 24 }}
      lineProps={{ isAnimationActive: !still }}
      lineChartProps={{ 'aria-label': `${name} over time; the same numbers are in the table` } as never}
      tooltipProps={{ content: ({ payload }) => <Tip row={payload?.[0]?.payload as Row | undefined} compared={compared} /> }}
    />
  );
}

function Tip({ row, compared }: { row: Row | undefined; compared: boolean }) {
  if (!row) return null;
  return (
    <Paper withBorder shadow="md" p="xs">
      <Text size="sm" fw={600}>
        {row.label}: {row.currentText}
        {row.partial && ' so far'}
      </Text>
      {compared && row.previousLabel && (
        <Text size="sm" c="dimmed">
          {row.previousLabel}: {row.previousText}
        </Text>
      )}
    </Paper>
  );
}
