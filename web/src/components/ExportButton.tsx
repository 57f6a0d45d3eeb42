import { Button } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { ErrorAlert } from './ErrorAlert';
import { saveExport } from './privacy';

/** Saves what is held about a customer as a file. */
export function ExportButton({ request, describedBy }: { request: string; describedBy?: string }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const go = async () => {
    setBusy(true);
    setError(undefined);
    await saveExport(client, request).catch(setError);
    setBusy(false);
  };
  return (
    <>
      {/* A button that is disabled in earnest would lose the focus of whoever pressed it. */}
      <Button
        size="xs"
        variant="default"
        aria-describedby={describedBy}
        aria-busy={busy}
        {...(busy ? { 'data-disabled': true, 'aria-disabled': true } : { onClick: go })}
      >
        Export as JSON
      </Button>
      {error !== undefined && <ErrorAlert error={error} />}
    </>
  );
}
