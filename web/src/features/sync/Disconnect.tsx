import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { Dialog } from '../../components/Dialog';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { graphql } from '../../gql';
import { useSend } from '../../lib/form';

const Leave = graphql(/* GraphQL */ `
  mutation DisconnectStore($deleteData: Boolean!) {
    result: disconnectStore(input: { deleteData: $deleteData }) { store { status } userErrors { field message code } }
  }
`);

/** A button that leaves the store, after saying what this means. */
export function Disconnect({ name, onDone }: { name: string; onDone: (what: string) => void }) {
  const [asking, ask] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => ask(true)}>
        Disconnect
      </Button>
      {asking && <Ask name={name} onClose={() => ask(false)} onDone={onDone} />}
    </>
  );
}

function Ask({ name, onClose, onDone }: { name: string; onClose: () => void; onDone: (what: string) => void }) {
  const [, leave] = useMutation(Leave);
  const { submit, busy, error, rest } = useSend(async (values) => {
    const deleteData = values.records === 'go';
    const { data, error } = await leave({ deleteData });
    if (!data?.result) throw error ?? new Error('The service gave no answer.');
    if (data.result.userErrors.length === 0) {
      onClose();
      onDone(deleteData ? `${name} is disconnected, and its records are deleted.` : `${name} is disconnected. Its records are still here.`);
    }
    return data.result.userErrors;
  });
  return (
    <Dialog title={`Disconnect ${name}?`} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <Text>
            Its token is forgotten, and a sync that is running ends. The store itself does not change. You can connect it again.
          </Text>
          <Refused problems={rest()} />
          {error !== undefined && <ErrorAlert error={error} />}
          <NativeSelect
            name="records"
            label="What was imported from it"
            description="What is deleted is missing in every report. It cannot be undone here; connecting the store again imports what it still has."
            data={[
              { value: 'stay', label: 'Stays here' },
              { value: 'go', label: 'Is deleted' },
            ]}
          />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Keep it
            </Button>
            <Button type="submit" color="red" loading={busy}>
              Disconnect
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
