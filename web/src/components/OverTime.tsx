import { SegmentedControl, Table, Text } from '@mantine/core';
import { TimeChart } from './TimeChart';

/** A point of the chart and a row of the table. */
export interface Row {
  label: string;
  /** Where the point lies in the chart; null where there is nothing, such as an average of no orders. */
  current: number | null;
  previous: number | null;
  /** The same as exact text. */
  currentText: string;
  previousText: string;
  previousLabel: string;
  partial: boolean;
}

export type View = 'chart' | 'table';

interface Props {
  view: View;
  rows: Row[];
  /** What the numbers are. */
  name: string;
  compared: boolean;
  /** What the table holds. */
  caption: string;
  /** Writes a number at the axis. */
  tick: (value: number) => string;
}

/** A figure over time, as a chart or as a table. */
export function OverTime({ view, rows, name, compared, caption, tick }: Props) {
  if (view === 'table') return <TimeTable rows={rows} name={name} compared={compared} caption={caption} />;
  return <TimeChart rows={rows} name={name} compared={compared} tick={tick} />;
}

/** Chooses between the chart and its table; the chart is what an address says nothing about. */
export function ShowAs({ view, onChange }: { view: View; onChange: (view: 'table' | undefined) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Show as"
      value={view}
      onChange={(v) => onChange(v === 'table' ? v : undefined)}
      data={[
        { value: 'chart', label: 'Chart' },
        { value: 'table', label: 'Table' },
      ]}
    />
  );
}

function TimeTable({ rows, name, compared, caption }: Pick<Props, 'rows' | 'name' | 'compared' | 'caption'>) {
  return (
    <Table.ScrollContainer minWidth={compared ? 420 : 200} mah={420}>
      <Table striped stickyHeader>
        <Table.Caption>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">When</Table.Th>
            <Table.Th scope="col" ta="right">
              {name}
            </Table.Th>
            {compared && <Table.Th scope="col">Compared with</Table.Th>}
            {compared && (
              <Table.Th scope="col" ta="right">
                {name} then
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((r, i) => (
            <Table.Tr key={i}>
              <Table.Th scope="row" fw={400}>
                {r.label}
                {r.partial && (
                  <Text span size="xs" c="dimmed">
                    {' '}
                    so far
                  </Text>
                )}
              </Table.Th>
              <Table.Td ta="right">{r.currentText}</Table.Td>
              {compared && <Table.Td>{r.previousLabel}</Table.Td>}
              {compared && <Table.Td ta="right">{r.previousText}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
