import { Button, Code, Group, NativeSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useMutation } from 'urql';
import { Dialog } from '../../components/Dialog';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { graphql, readFragment } from '../../gql';
import { useSend } from '../../lib/form';
import type { Formats } from '../../lib/format';
import { any, counted, mixed } from './counted';
import { HeldParts } from './Held';

const Count = graphql(/* GraphQL */ `
  mutation CountData($slug: String!) {
    all: clearAllData(input: { confirmSlug: $slug, dryRun: true }) { deleted { ...HeldParts } }
    sample: clearAllData(input: { confirmSlug: $slug, dryRun: true, sampleOnly: true }) { deleted { ...HeldParts } }
  }
`);

const Clear = graphql(/* GraphQL */ `
  mutation ClearData($slug: String!, $sampleOnly: Boolean!) {
    result: clearAllData(input: { confirmSlug: $slug, sampleOnly: $sampleOnly }) {
      deleted { ...HeldParts }
      userErrors { field message code }
    }
  }
`);

interface Props {
  slug: string;
  connected: boolean;
  format: Formats;
  onClose: () => void;
  onDone: (what: string) => void;
}

/** Counts what would go, has the name typed, and clears it. */
export function ClearData({ slug, connected, format, onClose, onDone }: Props) {
  const [counting, count] = useMutation(Count);
  const [, clear] = useMutation(Clear);
  const [what, choose] = useState('sample');
  const [typed, type] = useState('');
  useEffect(() => void count({ slug }), [slug]);
  const all = readFragment(HeldParts, counting.data?.all?.deleted);
  const sample = readFragment(HeldParts, counting.data?.sample?.deleted);

  const { submit, busy, error, at, rest } = useSend(async () => {
    const sampleOnly = what === 'sample' && all != null && sample != null && mixed(all, sample);
    const { data, error } = await clear({ slug: typed.trim(), sampleOnly });
    if (!data?.result) throw error ?? new Error('The service gave no answer.');
    const gone = readFragment(HeldParts, data.result.deleted);
    if (gone && data.result.userErrors.length === 0) {
      onClose();
      onDone(`Deleted: ${counted(gone, format)}.`);
    }
    return data.result.userErrors;
  });

  return (
    <Dialog title="Clear data" onClose={onClose}>
      {counting.error && <ErrorAlert error={counting.error} onRetry={() => void count({ slug })} />}
      {!all && !counting.error && <Skeleton h={220} />}
      {all && sample && (
        <form onSubmit={submit}>
          <Stack>
            <Refused problems={rest('confirmSlug')} />
            {error !== undefined && <ErrorAlert error={error} />}
            {mixed(all, sample) ? (
              <NativeSelect
                label="What is to go"
                description={`That is ${counted(what === 'sample' ? sample : all, format)}.`}
                inputWrapperOrder={['label', 'input', 'description']}
                value={what}
                onChange={(e) => choose(e.currentTarget.value)}
                data={[
                  { value: 'sample', label: 'Sample data alone' },
                  { value: 'all', label: 'Everything' },
                ]}
              />
            ) : (
              <Text>
                This deletes everything{any(sample) ? ', which is sample data' : ''}: {counted(all, format)}.
              </Text>
            )}
            <Text size="sm">
              People, settings and the history of syncs stay. It cannot be undone.
              {connected && ' The store stays connected: its next sync imports everything again.'}
            </Text>
            <TextInput
              name="confirmSlug"
              label={
                <>
                  Type <Code>{slug}</Code> to confirm
                </>
              }
              value={typed}
              onChange={(e) => type(e.currentTarget.value)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              required
              withAsterisk={false}
              error={at('confirmSlug')}
            />
            <Group justify="end">
              <Button variant="default" onClick={onClose}>
                Keep it
              </Button>
              <Button type="submit" color="red" loading={busy}>
                Delete
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
