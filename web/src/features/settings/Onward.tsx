import { Button, Group } from '@mantine/core';

interface Props {
  label: string;
  /** Where the page after this one begins; null when there is none. */
  next: string | null | undefined;
  /** Whether this is not the first page. */
  within: boolean;
  onPage: (cursor: string | undefined) => void;
}

/** Leads through a list that only goes on, and back to its beginning; nothing where it has one page. */
export function Onward({ label, next, within, onPage }: Props) {
  if (!next && !within) return null;
  // A button that is disabled in earnest would lose the focus of those who went to the last page with it.
  const at = (to: (() => void) | undefined) => (to ? { onClick: to } : { 'data-disabled': true, 'aria-disabled': true });
  return (
    <Group component="nav" aria-label={label} justify="end" gap="xs" mt="sm">
      <Button variant="default" size="xs" {...at(within ? () => onPage(undefined) : undefined)}>
        Newest
      </Button>
      <Button variant="default" size="xs" {...at(next ? () => onPage(next) : undefined)}>
        Older
      </Button>
    </Group>
  );
}
