import { active, resourceWords, type Run } from '../../components/runs';

/**
 * Of what was asked for and what was told of while it happened, the newer state of each run, the run that was queued last in
 * front. What is told of a run is newer until it has ended: what became of it then, such as that another has made up for it,
 * nobody tells.
 */
export function newest(asked: readonly Run[], told: Readonly<Record<string, Run>>): Run[] {
  const all = new Map(asked.map((run) => [run.id, run]));
  for (const run of Object.values(told)) {
    const other = all.get(run.id);
    if (!other || active(run.status) || active(other.status) || ended(run) > ended(other)) all.set(run.id, run);
  }
  return [...all.values()].sort((a, b) => Date.parse(b.queuedAt) - Date.parse(a.queuedAt));
}

const ended = (run: Run) => Date.parse(run.finishedAt ?? '') || 0;

/** Says which kinds of record a run has not finished: "Customers and orders". */
export function unfinished(run: Pick<Run, 'progress' | 'proof'>): string {
  const kinds = run.progress.filter((p) => !run.proof.some((proof) => proof.resource === p.resource));
  const names = kinds.map((p, i) => (i === 0 ? resourceWords[p.resource] : resourceWords[p.resource].toLowerCase()));
  const last = names.pop() ?? 'Nothing';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}
