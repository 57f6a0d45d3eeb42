import { Group, NativeSelect } from '@mantine/core';
import { RangeInput } from '../../components/RangeInput';
import type { Comparison } from '../../gql/graphql';
import { comparisons, type SearchChange, type Question } from './search';

interface Props {
  question: Question;
  /** The days that the present range covers. */
  covered: { from: string; to: string } | undefined;
  onChange: (change: SearchChange) => void;
}

/** Chooses the period, and what it is compared with. */
export function Period({ question, covered, onChange }: Props) {
  return (
    <Group align="end" gap="sm">
      <RangeInput
        label="Period"
        range={question.range}
        covered={covered}
        onChange={({ preset, from, to }) => onChange({ range: preset ?? undefined, from: from ?? undefined, to: to ?? undefined })}
      />
      <NativeSelect
        label="Compared with"
        value={question.compareTo}
        disabled={question.range.preset === 'ALL_TIME'}
        onChange={(e) => onChange({ compare: e.currentTarget.value as Comparison })}
        data={Object.entries(comparisons).map(([value, label]) => ({ value, label }))}
      />
    </Group>
  );
}
