import { Group, Progress, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { locale } from '../lib/format';
import { resourceWords, type Run, statusWords } from './runs';

const count = new Intl.NumberFormat(locale());

/** How far a run is, a bar for each kind of record, and why it waits if it does. */
export function RunProgress({ run }: { run: Run }) {
  const id = useId();
  return (
    <Stack gap="xs">
      {run.progress.map((p) => {
        const total = p.expectedTotal ?? 0;
        const done = p.status === 'SUCCEEDED' ? 100 : total > 0 ? Math.min((p.fetched / total) * 100, 100) : 0;
        return (
          <div key={p.resource}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" id={`${id}${p.resource}`}>
                {resourceWords[p.resource]}
              </Text>
              <Text size="sm" c="dimmed">
                {count.format(p.fetched)}
                {total > 0 && ` of ${count.format(Math.max(total, p.fetched))}`}
                {p.failed > 0 && `, ${count.format(p.failed)} refused`}
                {p.status !== 'RUNNING' && ` · ${statusWords[p.status].name.toLowerCase()}`}
              </Text>
            </Group>
            <Progress.Root mt={4}>
              <Progress.Section value={done} aria-labelledby={`${id}${p.resource}`} aria-valuetext={`${Math.round(done)}%`} />
            </Progress.Root>
            {p.throttledUntil && (
              <Text size="xs" c="dimmed">
                Shopify asks us to slow down; it goes on by itself.
              </Text>
            )}
          </div>
        );
      })}
      {run.error && (
        <Text size="sm" c="error">
          {run.error.message}
        </Text>
      )}
    </Stack>
  );
}
