import { Group, NativeSelect, Paper, SegmentedControl, Skeleton, Table, Text, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { FragmentType } from '../../gql';
import type { Formats } from '../../lib/format';
import { intervals, metrics, type Metric, type SearchChange, type Question } from './search';
import { isMoney, rows, type Row, type TrendParts } from './trend';

// The chart is the largest part of the dashboard: everything else is there before it.
const TrendChart = lazy(() => import('./TrendChart').then((m) => ({ default: m.TrendChart })));

interface Props {
  trend: FragmentType<typeof TrendParts>;
  question: Question;
  format: Formats;
  onChange: (change: SearchChange) => void;
}

/** Sales over time, as a chart or as a table. */
export function Trend({ trend, question, format, onChange }: Props) {
  const all = rows(trend, question.metric, format);
  const compared = question.compareTo !== 'NONE';
  const name = metrics[question.metric];
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="trend">
      <Group justify="space-between" mb="md" align="end">
        <Title order={2} size="h4" id="trend">
          {name} over time
        </Title>
        <Group align="end" gap="sm">
          <NativeSelect
            size="xs"
            label="Figure"
            value={question.metric}
            onChange={(e) => onChange({ metric: e.currentTarget.value as Metric })}
            data={Object.entries(metrics).map(([value, label]) => ({ value, label }))}
          />
          <NativeSelect
            size="xs"
            label="By"
            value={question.interval}
            onChange={(e) => onChange({ interval: e.currentTarget.value as Question['interval'] })}
            data={question.intervals.map((value) => ({ value, label: intervals[value] }))}
          />
          <SegmentedControl
            size="xs"
            aria-label="Show as"
            value={question.view}
            onChange={(view) => onChange({ view: view === 'table' ? 'table' : undefined })}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </Group>
      </Group>
      {question.view === 'table' ? (
        <TrendTable rows={all} name={name} compared={compared} />
      ) : (
        <Suspense fallback={<Skeleton h={320} />}>
          <TrendChart
            rows={all}
            name={name}
            compared={compared}
            tick={isMoney(question.metric) ? format.moneyShort : format.countShort}
          />
        </Suspense>
      )}
    </Paper>
  );
}

function TrendTable({ rows, name, compared }: { rows: Row[]; name: string; compared: boolean }) {
  return (
    <Table.ScrollContainer minWidth={compared ? 420 : 200} mah={420}>
      <Table striped stickyHeader>
        <Table.Caption>{name} of each part of the period{compared && ', and of the period it is compared with'}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">When</Table.Th>
            <Table.Th scope="col" ta="right">
              {name}
            </Table.Th>
            {compared && <Table.Th scope="col">Compared with</Table.Th>}
            {compared && (
              <Table.Th scope="col" ta="right">
                {name} then
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((r, i) => (
            <Table.Tr key={i}>
              <Table.Th scope="row" fw={400}>
                {r.label}
                {r.partial && (
                  <Text span size="xs" c="dimmed">
                    {' '}
                    so far
                  </Text>
                )}
              </Table.Th>
              <Table.Td ta="right">{r.currentText}</Table.Td>
              {compared && <Table.Td>{r.previousLabel}</Table.Td>}
              {compared && <Table.Td ta="right">{r.previousText}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
