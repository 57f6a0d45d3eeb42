import { Box, Paper, Skeleton, Table, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Sort } from '../lib/search';

export interface Column<Row, Key extends string> {
  name: string;
  cell: (row: Row) => ReactNode;
  /** By what a list is sorted when somebody sorts by the column; without it nobody can. */
  sort?: Key;
  /** In which direction it is sorted at first. */
  first?: 'ASC' | 'DESC';
  right?: boolean;
}

interface Props<Row, Key extends string> {
  /** What the table is about, for those who do not see the page. */
  label: string;
  columns: readonly Column<Row, Key>[];
  /** The rows; undefined while they are not there. */
  rows: readonly Row[] | undefined;
  /** How many rows there may be: as many stand in for them. */
  size: number;
  /** The rows are those of an earlier question. */
  busy: boolean;
  sort: Sort<Key>;
  onSort: (sort: Sort<Key>) => void;
  /** What stands there when there are no rows. */
  empty: ReactNode;
  minWidth: number;
}

/**
 * A list of records with their names in the first column. It scrolls sideways by itself, and can be focused for that. A
 * link of the class `row-link` in a row can be clicked anywhere in it.
 */
export function DataTable<Row extends { id: string }, Key extends string>(props: Props<Row, Key>) {
  const { label, columns, rows, size, busy, sort, onSort, empty, minWidth } = props;
  if (rows?.length === 0 && !busy) {
    return (
      <Paper withBorder p="xl" ta="center">
        {empty}
      </Paper>
    );
  }
  return (
    <Paper withBorder className="scroll-x" role="region" aria-label={label} tabIndex={0} aria-busy={busy}>
      <Table className="rows" miw={minWidth} highlightOnHover verticalSpacing={0} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((c) => (
              <Head key={c.name} column={c} sort={sort} onSort={onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows
            ? rows.map((row) => (
                <Table.Tr key={row.id} h={44} pos="relative">
                  {columns.map((c, i) =>
                    i === 0 ? (
                      <Table.Th scope="row" fw={500} key={c.name}>
                        {c.cell(row)}
                      </Table.Th>
                    ) : (
                      <Table.Td key={c.name} {...(c.right ? { ta: 'right' } : {})}>
                        {c.cell(row)}
                      </Table.Td>
                    ),
                  )}
                </Table.Tr>
              ))
            : Array.from({ length: size }, (_, i) => (
                <Table.Tr key={i} h={44}>
                  {columns.map((c) => (
                    <Table.Td key={c.name}>
                      <Skeleton h={14} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Head<Row, Key extends string>({ column, sort, onSort }: { column: Column<Row, Key> } & Pick<Props<Row, Key>, 'sort' | 'onSort'>) {
  const align = column.right ? ({ ta: 'right' } as const) : {};
  const { sort: key, first = 'DESC' } = column;
  if (key === undefined) {
    return (
      <Table.Th scope="col" {...align}>
        {column.name}
      </Table.Th>
    );
  }
  const now = sort.key === key ? sort.direction : undefined;
  const next = now === undefined ? first : now === 'ASC' ? 'DESC' : 'ASC';
  return (
    <Table.Th scope="col" {...align} aria-sort={now === undefined ? 'none' : now === 'ASC' ? 'ascending' : 'descending'}>
      <UnstyledButton fz="inherit" fw="inherit" mih={40} onClick={() => onSort({ key, direction: next })}>
        {column.name}{' '}
        <Box component="span" aria-hidden {...(now ? {} : { c: 'dimmed' })}>
          {now === undefined ? '↕' : now === 'ASC' ? '↑' : '↓'}
        </Box>
      </UnstyledButton>
    </Table.Th>
  );
}
