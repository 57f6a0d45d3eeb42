import { Paper, Title } from '@mantine/core';
import { useState } from 'react';
import { readFragment } from '../gql';
import { useLive } from '../lib/live';
import { RunProgress } from './RunProgress';
import { active, type Run, RunChanged, RunParts } from './runs';

/** Shows the first import of a store while it runs, and nothing otherwise: later syncs are short, and disturb nobody. */
export function ImportProgress({ onEnd }: { onEnd: () => void }) {
  const [run, setRun] = useState<Run>();
  useLive(RunChanged, {
    onData: ({ syncProgress }) => {
      const next = readFragment(RunParts, syncProgress);
      if (next.trigger !== 'FIRST_CONNECT') return;
      if (run && active(run.status) && !active(next.status)) onEnd();
      setRun(next);
    },
  });
  if (!run || !active(run.status)) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="import">
      <Title order={2} size="h4" id="import" mb="sm">
        Your store is being imported
      </Title>
      <RunProgress key={run.id} run={run} />
    </Paper>
  );
}
