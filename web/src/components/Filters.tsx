import { Box, Button, Collapse, Group, SimpleGrid, Stack, TextInput, VisuallyHidden } from '@mantine/core';
import { useDisclosure, useId } from '@mantine/hooks';
import { type ReactNode, useRef, useState } from 'react';
import { readAmount, readCount } from '../lib/search';

/** A filter that is set. */
export interface Chip {
  /** What it is about, e.g. `Payment`. */
  name: string;
  /** What it says, e.g. `Paid, Refunded`. */
  value: string;
  onRemove: () => void;
}

interface Props {
  /** What is always there: the search, the period. */
  children: ReactNode;
  /** What stands behind the button. */
  more: ReactNode;
  chips: readonly Chip[];
  onClear: () => void;
}

/** The filters of a list, and beneath them those that are set, to be taken away one by one or all at once. */
export function Filters({ children, more, chips, onClear }: Props) {
  const [open, { toggle }] = useDisclosure();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  // The button of a filter goes away with it: the focus finds a place before.
  const without = (take: () => void) => () => {
    take();
    button.current?.focus();
  };
  return (
    <Stack gap="sm" component="section" aria-label="Filters">
      <Group align="end" gap="sm">
        {children}
        <Button ref={button} variant="default" onClick={toggle} aria-expanded={open} aria-controls={id}>
          {open ? 'Fewer filters' : 'More filters'}
        </Button>
      </Group>
      <Collapse expanded={open} id={id}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm" pb={4}>
          {more}
        </SimpleGrid>
      </Collapse>
      {chips.length > 0 && (
        <Group gap="xs">
          {chips.map((c) => (
            <Button key={c.name} size="xs" variant="light" maw="100%" onClick={without(c.onRemove)} title={`${c.name}: ${c.value}`}>
              <Box component="span" className="clip">
                {c.name}: <bdi>{c.value}</bdi>
              </Box>
              <span aria-hidden>&nbsp;✕</span>
              <VisuallyHidden>, take this filter away</VisuallyHidden>
            </Button>
          ))}
          <Button size="xs" variant="subtle" onClick={without(onClear)}>
            Clear filters
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface FieldProps<Value> {
  label: string;
  value: Value;
  onChange: (value: Exclude<Value, ''> | undefined) => void;
}

/** An amount that is used when one has left the field or pressed Enter. What is none is said to be so, and not used. */
export function AmountInput(props: FieldProps<string>) {
  return <Field {...props} read={readAmount} inputMode="decimal" wrong="An amount is like 19.90." />;
}

/** The same of a whole number, which may be negative where the least one is. */
export function CountInput({ least = 0, ...props }: FieldProps<number | ''> & { least?: number }) {
  return <Field {...props} read={(text) => readCount(text, least)} inputMode={least < 0 ? 'text' : 'numeric'} wrong="A number is like 10." />;
}

interface ReadProps<Value> {
  read: (text: string) => Exclude<Value, ''> | undefined;
  inputMode: 'decimal' | 'numeric' | 'text';
  /** What is said of text that cannot be read. */
  wrong: string;
}

function Field<Value extends string | number>({ label, value, onChange, read, inputMode, wrong }: FieldProps<Value> & ReadProps<Value>) {
  const [problem, setProblem] = useState<string | null>(null);
  const [text, setText] = useState(String(value));
  const [last, setLast] = useState(value);
  // It follows the address, which may change by something else, and keeps the focus meanwhile.
  if (value !== last) {
    setLast(value);
    setText(String(value));
    setProblem(null);
  }
  const use = () => {
    const next = read(text);
    const bad = text.trim() !== '' && next === undefined;
    setProblem(bad ? wrong : null);
    if (!bad && (next ?? '') !== value) onChange(next);
  };
  return (
    <TextInput
      label={label}
      inputMode={inputMode}
      maxLength={20}
      value={text}
      onChange={(e) => setText(e.currentTarget.value)}
      error={problem}
      onBlur={use}
      onKeyDown={(e) => e.key === 'Enter' && use()}
    />
  );
}
