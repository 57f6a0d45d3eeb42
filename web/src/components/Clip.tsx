import { Text, type TextProps } from '@mantine/core';

/** A line of text of any length and script: what does not fit is cut off, and stands in the title. */
export function Clip({ text, maw = 260, ...rest }: { text: string } & TextProps) {
  return (
    <Text size="sm" maw={maw} truncate="end" dir="auto" ta="start" title={text} {...rest}>
      {text}
    </Text>
  );
}
