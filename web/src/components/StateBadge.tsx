import { Badge } from '@mantine/core';
import type { Word } from './orders';

/** A state, in a word and a colour. */
export function StateBadge({ word }: { word: Word }) {
  return (
    <Badge variant="light" color={word.color} flex="none">
      {word.name}
    </Badge>
  );
}
