import { Badge, Paper, Table, Text, Title } from '@mantine/core';
import { resourceWords, type Run, statusWords } from '../../components/runs';
import type { Formats } from '../../lib/format';
import { triggerWords } from './words';

/** The last syncs, each with what proves that nothing is missing. */
export function History({ runs, format }: { runs: Run[]; format: Formats }) {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="history">
      <Title order={2} size="h4" id="history" mb="sm">
        History
      </Title>
      {runs.length === 0 ? (
        <Text c="dimmed">Nothing was synced yet. Each sync will stand here, with what proves that it is complete.</Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">When</Table.Th>
                <Table.Th scope="col">State</Table.Th>
                <Table.Th scope="col">Changes</Table.Th>
                <Table.Th scope="col">Proof</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.map((run) => (
                <Table.Tr key={run.id}>
                  <Table.Th scope="row" fw={400}>
                    {format.instant(run.queuedAt)}
                    <Text size="xs" c="dimmed">
                      {triggerWords[run.trigger]}
                      {run.mode === 'FULL' && ', everything'}
                    </Text>
                  </Table.Th>
                  <Table.Td>
                    <Badge variant="light" color={statusWords[run.status].color}>
                      {statusWords[run.status].name}
                    </Badge>
                    {run.deadLetter && (
                      <Text size="xs" fw={500}>
                        For good, and not made up for
                      </Text>
                    )}
                    {run.error && (
                      <Text size="xs" c="dimmed" maw={320} className="name">
                        {run.error.message}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{changes(run, format)}</Table.Td>
                  <Table.Td>
                    <Proof run={run} format={format} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}

function changes(run: Run, format: Formats): string {
  const sum = (of: 'created' | 'updated' | 'failed') => run.progress.reduce((n, p) => n + p[of], 0);
  const parts = [
    [sum('created'), 'new'],
    [sum('updated'), 'changed'],
    [sum('failed'), 'refused'],
  ].filter(([n]) => n !== 0);
  return parts.length === 0 ? 'none' : parts.map(([n, what]) => `${format.count(n as number)} ${what}`).join(', ');
}

function Proof({ run, format }: { run: Run; format: Formats }) {
  return run.proof.map((p) => (
    <Text size="sm" key={p.resource} {...(p.matches ? {} : { c: 'error' })}>
      {p.matches ? '✓ ' : '✗ '}
      {format.count(p.stored)}
      {p.expected != null && ` of ${format.count(p.expected)}`} {resourceWords[p.resource].toLowerCase()}
      {p.linesExpected != null && p.linesRead != null && `, ${format.count(p.linesRead)} of ${format.count(p.linesExpected)} pieces`}
    </Text>
  ));
}
