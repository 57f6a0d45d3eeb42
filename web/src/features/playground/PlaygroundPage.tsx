import 'graphiql/style.css';
import './playground.css';
import { useEditorContext } from '@graphiql/react';
import { Box, Button, Group, Kbd, Stack, Text, Title, useComputedColorScheme } from '@mantine/core';
import { GraphiQL } from 'graphiql';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { CopyAsCurl } from './CopyAsCurl';
import { examples } from './examples';
import { type Cost, createFetcher } from './fetcher';
import { memoryOf } from './memory';
import type { Written } from './request';

/** Asks the API anything, as the person who is signed in. */
export function PlaygroundPage() {
  const viewer = useViewer();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const [cost, setCost] = useState<Cost>();
  const [fetcher] = useState(() => createFetcher(setCost));
  const [tabs] = useState(() => examples(new Date(), viewer.tenant.timezone));
  const [storage] = useState(() => memoryOf(`${viewer.user?.id} ${viewer.tenant.id}`, tabs[0]));
  const [written, setWritten] = useState<Written>();
  const read = useRef<() => Written>(null);
  const { count } = formats(viewer.tenant);

  return (
    <Stack>
      <div>
        <Title order={1}>Playground</Title>
        <Text size="sm" c="dimmed">
          <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd> runs what is written, <Kbd>Ctrl</Kbd> <Kbd>Space</Kbd> completes it, and <Kbd>Tab</Kbd>{' '}
          leaves the editor. It runs on your data, with your rights.
        </Text>
      </div>
      <Group>
        <Button variant="default" size="xs" onClick={() => setWritten(read.current?.())}>
          Copy as curl
        </Button>
        <Text size="sm" role="status">
          {cost && `The last query cost ${count(cost.requested)} of at most ${count(cost.maximum)}`}
        </Text>
      </Group>
      <Box className="playground" role="region" aria-label="GraphQL editor">
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          defaultTabs={tabs}
          forcedTheme={scheme}
          shouldPersistHeaders={false}
          isHeadersEditorEnabled={false}
          defaultEditorToolsVisibility="variables"
        >
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
          <Editors read={read} />
        </GraphiQL>
      </Box>
      {written && <CopyAsCurl written={written} onClose={() => setWritten(undefined)} />}
    </Stack>
  );
}

/** Lets the keyboard leave the editors, in which Tab would indent, and reads what is in them. */
function Editors({ read }: { read: RefObject<(() => Written) | null> }) {
  const { queryEditor, variableEditor, responseEditor } = useEditorContext({ nonNull: true });
  useEffect(() => {
    const leave = { Tab: false, 'Shift-Tab': false } as const;
    const editors = [queryEditor, variableEditor, responseEditor];
    for (const editor of editors) editor?.addKeyMap(leave);
    return () => {
      for (const editor of editors) editor?.removeKeyMap(leave);
    };
  }, [queryEditor, variableEditor, responseEditor]);
  useEffect(() => {
    read.current = () => ({
      query: queryEditor?.getValue() ?? '',
      variables: variableEditor?.getValue() ?? '',
      operationName: queryEditor?.operationName ?? null,
    });
  }, [read, queryEditor, variableEditor]);
  return null;
}
