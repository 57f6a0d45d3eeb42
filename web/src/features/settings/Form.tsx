import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { graphql } from '../../gql';
import type { UpdateTenantInput } from '../../gql/graphql';
import { useSend } from '../../lib/form';
import { changeTenant, useViewer } from '../../lib/session';

const Update = graphql(/* GraphQL */ `
  mutation UpdateTenant($input: UpdateTenantInput!) {
    updateTenant(input: $input) {
      tenant { id name slug logoUrl currencyCode timezone weekStartsOn }
      userErrors { field message code }
    }
  }
`);

interface Props {
  id: string;
  title: string;
  /** The names of the fields, which say themselves what is wrong with them. */
  fields: string[];
  /** Makes of the values what is to be changed. */
  input: (values: Record<string, string>) => UpdateTenantInput;
  /** Draws the fields; at tells what is wrong with one. */
  children: (at: (name: string) => string | null) => ReactNode;
}

/** A part of the tenant's settings, which is saved by itself. */
export function Form({ id, title, fields, input, children }: Props) {
  const viewer = useViewer();
  const admin = viewer.can('ADMIN');
  const [, update] = useMutation(Update);
  const [said, say] = useState('');
  const { submit, busy, error, at, rest } = useSend(async (values) => {
    say('');
    const change = input(values);
    const { data, error } = await update({ input: change });
    if (!data?.updateTenant) throw error ?? new Error('The service gave no answer.');
    const { tenant, userErrors } = data.updateTenant;
    if (tenant) {
      changeTenant(tenant);
      const under = change.timezone && change.timezone !== tenant.timezone;
      say(under ? 'Saved. The numbers are being worked out for the new timezone.' : 'Saved.');
    }
    return userErrors;
  });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="sm">
        {title}
      </Title>
      <form onSubmit={submit}>
        <fieldset className="plain" disabled={!admin}>
          <Stack>
            <Refused problems={rest(...fields)} />
            {error !== undefined && <ErrorAlert error={error} />}
            {children(at)}
            <Group>
              {admin ? (
                <Button type="submit" loading={busy}>
                  Save
                </Button>
              ) : (
                <Text size="sm">Ask an owner of the store to change it: your role only reads.</Text>
              )}
              <Text role="status" size="sm">
                {said}
              </Text>
            </Group>
          </Stack>
        </fieldset>
      </form>
    </Paper>
  );
}
