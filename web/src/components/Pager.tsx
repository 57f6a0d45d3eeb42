import { Button, Group } from '@mantine/core';
import { graphql, readFragment, type FragmentType } from '../gql';
import { firstPage } from '../lib/search';

export const PageParts = graphql(/* GraphQL */ `
  fragment PageParts on PageInfo {
    hasNextPage
    hasPreviousPage
    startCursor
    endCursor
  }
`);

interface Props {
  /** What the pages are of. */
  label: string;
  page: FragmentType<typeof PageParts> | undefined;
  onPage: (page: { after: string | undefined; before: string | undefined }) => void;
}

/** Leads to the page before and to the next one. */
export function Pager({ label, page, onPage }: Props) {
  const p = readFragment(PageParts, page);
  const [before, after] = [p?.hasPreviousPage && p.startCursor, p?.hasNextPage && p.endCursor];
  // A button that is disabled in earnest would lose the focus of those who went to the last page with it.
  const to = (cursor: string | false | null | undefined, page: object) =>
    cursor ? { onClick: () => onPage({ ...firstPage, ...page }) } : { 'data-disabled': true, 'aria-disabled': true };
  return (
    <Group component="nav" aria-label={label} justify="end" gap="xs">
      <Button variant="default" {...to(before, { before })}>
        Previous
      </Button>
      <Button variant="default" {...to(after, { after })}>
        Next
      </Button>
    </Group>
  );
}
