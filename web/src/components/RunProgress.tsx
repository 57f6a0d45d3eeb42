import { Group, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { formats } from '../lib/format';
import { useViewer } from '../lib/session';
import { type Sight, sighted, timeLeft } from './pace';
import { active, resourceWords, type Run, statusWords } from './runs';

const waiting = 'waiting for the first records';

/** How far a run is, a bar for each kind of record, and why it waits if it does. With another run it needs another key. */
export function RunProgress({ run }: { run: Run }) {
  const id = useId();
  const format = formats(useViewer().tenant);
  const left = useTimeLeft(run);
  // Kinds are read one after the other, or several at once where the store writes them into files first. One that is read
  // stands as waiting until its first records are in.
  const next = run.status === 'RUNNING' ? run.progress.find((p) => active(p.status)) : undefined;
  return (
    <Stack gap="xs">
      {run.progress.map((p) => {
        const total = p.expectedTotal ?? 0;
        const done = p.status === 'SUCCEEDED' ? 100 : total > 0 ? Math.min((p.fetched / total) * 100, 100) : 0;
        const waits = (p === next || p.status === 'RUNNING') && p.fetched === 0 && total > 0 && !p.throttledUntil;
        const more = waits ? waiting : p.status === 'RUNNING' ? left(p) : statusWords[p.status].name.toLowerCase();
        return (
          <div key={p.resource}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" id={`${id}${p.resource}`}>
                {resourceWords[p.resource]}
              </Text>
              <Text size="sm" c="dimmed">
                {format.count(p.fetched)}
                {total > 0 && ` of ${format.count(Math.max(total, p.fetched))}`}
                {p.failed > 0 && `, ${format.count(p.failed)} refused`}
                {more && ` · ${more}`}
              </Text>
            </Group>
            <Progress.Root mt={4}>
              <Progress.Section
                value={done}
                aria-labelledby={`${id}${p.resource}`}
                aria-valuetext={waits ? waiting : `${Math.round(done)}%`}
              />
            </Progress.Root>
            {p.throttledUntil && (
              <Text size="xs" c="dimmed">
                Shopify asks us to wait until {format.second(p.throttledUntil)}; it goes on by itself then.
              </Text>
            )}
          </div>
        );
      })}
      {run.error && (
        <Text size="sm" c="error" className="name">
          {run.error.message}
        </Text>
      )}
    </Stack>
  );
}

/** Watches a run, and tells how much time each kind of record will take. */
function useTimeLeft(run: Run): (p: Run['progress'][number]) => string {
  const [seen, see] = useState<Record<string, readonly Sight[]>>({});
  const [now, setNow] = useState(0);
  useEffect(() => {
    const at = Date.now();
    setNow(at);
    see((before) => Object.fromEntries(run.progress.map((p) => [p.resource, sighted(before[p.resource] ?? [], p.fetched, at)])));
  }, [run]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return (p) => (p.throttledUntil ? '' : timeLeft(seen[p.resource] ?? [], p.expectedTotal, now));
}
