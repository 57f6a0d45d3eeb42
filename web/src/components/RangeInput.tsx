import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { DateRangeInput, DateRangePreset } from '../gql/graphql';
import { presets } from '../lib/period';

interface Props {
  label: string;
  range: DateRangeInput;
  /** The days that the present range covers, to begin with when somebody wants others. */
  covered?: { from: string; to: string } | undefined;
  onChange: (range: DateRangeInput) => void;
}

/** Chooses a period: by its name, or by its first and its last day. */
export function RangeInput({ label, range, covered, onChange }: Props) {
  const shown = JSON.stringify(range);
  // Somebody is about to name days, until another period is shown.
  const [choosing, setChoosing] = useState<string>();
  const own = range.from != null || choosing === shown;
  const [from, to] = [range.from ?? covered?.from, range.to ?? covered?.to];

  const days = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [a, b] = [String(form.get('from')), String(form.get('to'))];
    onChange(a <= b ? { from: a, to: b } : { from: b, to: a });
  };
  return (
    <>
      <NativeSelect
        label={label}
        value={own ? 'OWN' : (range.preset ?? '')}
        onChange={(e) => {
          const value = e.currentTarget.value;
          setChoosing(value === 'OWN' ? shown : undefined);
          if (value !== 'OWN') onChange({ preset: value as DateRangePreset });
        }}
        data={[
          ...Object.entries(presets).map(([value, p]) => ({ value, label: p.name })),
          { value: 'OWN', label: 'From … to …' },
        ]}
      />
      {own && (
        <form onSubmit={days} key={`${from} ${to}`}>
          <Group align="end" gap="xs">
            <TextInput type="date" name="from" label="From" required withAsterisk={false} defaultValue={from} />
            <TextInput type="date" name="to" label="To" required withAsterisk={false} defaultValue={to} />
            <Button type="submit" variant="default">
              Show
            </Button>
          </Group>
        </form>
      )}
    </>
  );
}
