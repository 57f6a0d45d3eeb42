import { Anchor, Box, Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { ExportButton } from '../../components/ExportButton';
import { requestWords } from '../../components/privacy';
import { Refused } from '../../components/Refused';
import { StateBadge } from '../../components/StateBadge';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { PrivacyRequestPartsFragment } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { Onward } from './Onward';
import { stateOf, subjectOf } from './requests';
import type { PrivacyChange, PrivacySearch } from './search';

const PrivacyRequestParts = graphql(/* GraphQL */ `
  fragment PrivacyRequestParts on PrivacyRequest {
    id
    kind
    receivedAt
    dueAt
    status
    completedAt
    customerNumber
    customer { id }
    orders
    outcome
  }
`);

const PrivacyRequestList = graphql(/* GraphQL */ `
  fragment PrivacyRequestList on PrivacyRequestConnection {
    nodes { ...PrivacyRequestParts }
    pageInfo { hasNextPage endCursor }
  }
`);

const Complete = graphql(/* GraphQL */ `
  mutation CompletePrivacyRequest($id: ID!) {
    result: completePrivacyRequest(id: $id) { privacyRequest { ...PrivacyRequestParts } userErrors { message code } }
  }
`);

// What the service sees to by itself takes seconds.
const soon = 5_000;

interface Props {
  page: FragmentType<typeof PrivacyRequestList>;
  search: PrivacySearch;
  busy: boolean;
  format: Formats;
  onChange: (change: PrivacyChange) => void;
  onDone: () => void;
}

/** What people have asked for about their data, with what was done about it. */
export function PrivacyRequests({ page, search, busy, format, onChange, onDone }: Props) {
  const list = readFragment(PrivacyRequestList, page);
  const requests = readFragment(PrivacyRequestParts, list.nodes);
  const [said, say] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  const working = requests.some((r) => r.status === 'PENDING' && r.kind !== 'CUSTOMER_DATA');
  useEffect(() => {
    if (!working) return;
    const timer = setTimeout(onDone, soon);
    return () => clearTimeout(timer);
  }, [working, list]);
  // The button that was pressed is gone with what was done, and the focus with it.
  useEffect(() => {
    if (said && document.activeElement === document.body) status.current?.focus({ preventScroll: true });
  }, [said, list]);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="requests">
      <Group justify="space-between" align="end" mb="sm">
        <div>
          <Title order={2} size="h4" id="requests">
            Requests
          </Title>
          <Text size="sm" c="dimmed" maw={640}>
            Shopify passes on what customers ask for. People are forgotten by the service itself; their data are yours to hand over.
          </Text>
        </div>
        <NativeSelect
          label="Show"
          value={search.show ?? ''}
          onChange={(e) => onChange({ show: (e.currentTarget.value || undefined) as PrivacySearch['show'], after: undefined })}
          data={[
            { value: '', label: 'All requests' },
            { value: 'open', label: 'Open requests' },
            { value: 'done', label: 'Done requests' },
          ]}
        />
      </Group>
      <Text role="status" size="sm" ref={status} tabIndex={-1} {...(said ? { mb: 'sm' } : {})}>
        {said}
      </Text>
      {requests.length === 0 ? (
        <Text c="dimmed">{empty(search)}</Text>
      ) : (
        <Stack component="ul" className="plain" gap="md" aria-busy={busy}>
          {requests.map((r) => (
            <Request
              key={r.id}
              request={r}
              format={format}
              onDone={(what) => {
                say(what);
                onDone();
              }}
            />
          ))}
        </Stack>
      )}
      <Onward
        label="Pages of the requests"
        next={list.pageInfo.hasNextPage ? list.pageInfo.endCursor : null}
        within={search.after !== undefined}
        onPage={(after) => onChange({ after })}
      />
    </Paper>
  );
}

function empty(search: PrivacySearch): string {
  if (search.after) return 'There are no older ones.';
  if (search.show === 'open') return 'Nothing is left to do.';
  if (search.show === 'done') return 'Nothing was asked for and done yet.';
  return 'Nobody has asked for anything yet. A request that comes by letter can be begun on the page of the customer.';
}

interface RequestProps {
  request: PrivacyRequestPartsFragment;
  format: Formats;
  onDone: (what: string) => void;
}

function Request({ request: r, format, onDone }: RequestProps) {
  const id = useId();
  const viewer = useViewer();
  const [{ fetching, error, data }, complete] = useMutation(Complete);
  const failed = error ?? (data && !data.result ? new Error('The service gave no answer.') : undefined);
  const open = r.status === 'PENDING';
  const subject = subjectOf(r, format.count);
  const handedOver = async () => {
    const { data } = await complete({ id: r.id });
    if (data?.result?.userErrors.length === 0) onDone(`${subject}: marked as handed over.`);
  };
  return (
    <Box component="li">
      <Group justify="space-between" align="start" gap="xs">
        <div>
          <Group gap="xs">
            <Text fw={500}>{requestWords[r.kind]}</Text>
            <StateBadge word={stateOf(r, Date.now())} />
          </Group>
          <Text size="sm" id={id}>
            {r.customer ? (
              <Anchor inherit underline="always" renderRoot={(props) => <Link to="/customers/$id" params={{ id: r.customer?.id ?? '' }} {...props} />}>
                {subject}
              </Anchor>
            ) : (
              subject
            )}
          </Text>
          <Text size="sm" c="dimmed">
            Came {format.instant(r.receivedAt)}, {r.completedAt ? `done ${format.instant(r.completedAt)}` : `due by ${format.date(r.dueAt)}`}
          </Text>
        </div>
        {r.kind === 'CUSTOMER_DATA' && (
          <Group gap="xs">
            {r.customer && viewer.can('READ_CUSTOMER_PII') && <ExportButton request={r.id} describedBy={id} />}
            {open && (
              <Button
                size="xs"
                variant="default"
                aria-describedby={id}
                aria-busy={fetching}
                {...(fetching ? { 'data-disabled': true, 'aria-disabled': true } : { onClick: handedOver })}
              >
                Handed over
              </Button>
            )}
          </Group>
        )}
      </Group>
      {r.outcome && (
        <Text size="sm" mt={4} className="name">
          {r.outcome}
        </Text>
      )}
      {r.kind === 'CUSTOMER_DATA' && open && !r.customer && !r.outcome && (
        <Text size="sm" mt={4}>
          Nothing is held here about this customer. Tell them so, and mark it as handed over.
        </Text>
      )}
      <Refused problems={data?.result?.userErrors ?? []} />
      {failed && <ErrorAlert error={failed} />}
    </Box>
  );
}
