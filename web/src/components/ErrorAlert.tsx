import { Alert, Button, Text } from '@mantine/core';
import { problemOf } from '../lib/problem';

/** Says what went wrong, what to do, and which request it was. */
export function ErrorAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { message, requestId } = problemOf(error);
  return (
    <Alert role="alert" color="red" variant="light" title="This did not work">
      <Text size="sm">{message}</Text>
      {requestId && (
        <Text size="xs" mt={4}>
          Request {requestId}
        </Text>
      )}
      {onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
