import { Group, NativeSelect, Paper, Title } from '@mantine/core';
import { OverTime, ShowAs } from '../../components/OverTime';
import type { FragmentType } from '../../gql';
import type { Formats } from '../../lib/format';
import { intervals, metrics, type Metric, type SearchChange, type Question } from './search';
import { isMoney, rows, type TrendParts } from './trend';

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
          <ShowAs view={question.view} onChange={(view) => onChange({ view })} />
        </Group>
      </Group>
      <OverTime
        view={question.view}
        rows={all}
        name={name}
        compared={compared}
        caption={`${name} of each part of the period${compared ? ', and of the period it is compared with' : ''}`}
        tick={isMoney(question.metric) ? format.moneyShort : format.countShort}
      />
    </Paper>
  );
}
