import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { endpoint } from '../../lib/api';
import { accessToken } from '../../lib/session';
import { curl } from './curl';
import { readRequest, type Written } from './request';

/** Shows the command that asks the same from a terminal. The token of the session is copied on request alone, and not shown. */
export function CopyAsCurl({ written, onClose }: { written: Written; onClose: () => void }) {
  const { copy, copied, error } = useClipboard({ timeout: 3_000 });
  const request = readRequest(written);
  const command = (token?: string) => (request ? curl(new URL(endpoint, location.href).href, request, token) : '');
  return (
    <Modal opened onClose={onClose} title="Copy as curl" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {request ? (
        <Stack>
          <Text size="sm">
            The command takes the access token from the variable TOKEN; <Code>login</Code> gives one. The token of this session is
            good for 15 minutes at most, and with it one can do whatever you can do.
          </Text>
          <Code block tabIndex={0} role="region" aria-label="Command" mah="40vh">
            {command()}
          </Code>
          <Group>
            <Button onClick={() => copy(command())}>Copy</Button>
            <Button variant="default" onClick={async () => copy(command(await accessToken()))}>
              Copy with the token of this session
            </Button>
            <Text size="sm" role="status">
              {error ? 'The browser does not let the page copy. Mark the text, and copy it.' : copied && 'Copied.'}
            </Text>
          </Group>
        </Stack>
      ) : (
        <Alert color="red" variant="light" role="alert">
          The variables are no JSON object. Correct them first.
        </Alert>
      )}
    </Modal>
  );
}
