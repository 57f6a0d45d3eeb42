import { Anchor, Group, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import type { DataChangeKind } from '../gql/graphql';
import { useDataChanged } from '../lib/live';

interface Fresh {
  /** The answer that is shown. */
  data: unknown;
  /** Whether the list may change by itself. */
  follow: boolean;
  kinds: readonly DataChangeKind[];
  again: () => void;
  /** What else is asked again after every change, such as the record at the side. */
  always?: () => void;
}

/**
 * Keeps a list fresh. What stands at its beginning follows changes by itself; of a later page it is only said that there are
 * some, so that no row goes away while it is read. Returns whether they are waiting.
 */
export function useFresh({ data, follow, kinds, again, always }: Fresh): boolean {
  const [old, setOld] = useState<unknown>();
  useDataChanged(() => {
    always?.();
    if (follow) again();
    else setOld(data);
  }, kinds);
  return old !== undefined && old === data;
}

/** Says how many records there are, and offers to show what has changed. */
export function ListStatus({ text, stale, onReload }: { text: string | undefined; stale: boolean; onReload: () => void }) {
  return (
    <Group gap="xs" mih={25} role="status">
      {text === undefined ? <Skeleton h={18} w={120} /> : <Text c="dimmed">{text}</Text>}
      {stale && (
        <Text>
          There are new data.{' '}
          <Anchor component="button" type="button" onClick={onReload}>
            Show them
          </Anchor>
        </Text>
      )}
    </Group>
  );
}
