import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Comparison, DateRangePreset } from '../../gql/graphql';
import { comparisons, presets, type SearchChange, type Question } from './search';

interface Props {
  question: Question;
  /** The days that the present range covers. */
  covered: { from: string; to: string } | undefined;
  onChange: (change: SearchChange) => void;
}

/** Chooses the period, and what it is compared with. */
export function Period({ question, covered, onChange }: Props) {
  const custom = question.range.from != null;
  const [choosing, setChoosing] = useState(custom);
  const own = custom || choosing;

  const days = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const from = String(form.get('from'));
    const to = String(form.get('to'));
    onChange({ from: from <= to ? from : to, to: from <= to ? to : from, range: undefined });
  };
  return (
    <Group align="end" gap="sm">
      <NativeSelect
        label="Period"
        value={own ? 'OWN' : (question.range.preset ?? '')}
        onChange={(e) => {
          const value = e.currentTarget.value;
          setChoosing(value === 'OWN');
          if (value !== 'OWN') onChange({ range: value as DateRangePreset, from: undefined, to: undefined });
        }}
        data={[
          ...Object.entries(presets).map(([value, p]) => ({ value, label: p.name })),
          { value: 'OWN', label: 'From … to …' },
        ]}
      />
      {own && (
        <form onSubmit={days} key={`${covered?.from} ${covered?.to}`}>
          <Group align="end" gap="xs">
            <TextInput type="date" name="from" label="From" required withAsterisk={false} defaultValue={question.range.from ?? covered?.from} />
            <TextInput type="date" name="to" label="To" required withAsterisk={false} defaultValue={question.range.to ?? covered?.to} />
            <Button type="submit" variant="default">
              Show
            </Button>
          </Group>
        </form>
      )}
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
