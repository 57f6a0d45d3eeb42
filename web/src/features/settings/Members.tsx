import { Paper, Table, Text, Title } from '@mantine/core';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { Formats } from '../../lib/format';
import { roleWords } from './words';

export const MemberParts = graphql(/* GraphQL */ `
  fragment MemberParts on Membership {
    role
    joinedAt
    user { id name email }
  }
`);

/** Everybody who sees this store. */
export function Members({ members, format }: { members: readonly FragmentType<typeof MemberParts>[]; format: Formats }) {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="members">
      <Title order={2} size="h4" id="members" mb="sm">
        People
      </Title>
      <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-labelledby': 'members' } }}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Who</Table.Th>
              <Table.Th scope="col">Role</Table.Th>
              <Table.Th scope="col">Since</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {readFragment(MemberParts, members).map(({ user, role, joinedAt }) => (
              <Table.Tr key={user.id}>
                <Table.Th scope="row" fw={400} className="name">
                  {user.name ?? user.email}
                  {user.name && (
                    <Text size="xs" c="dimmed">
                      {user.email}
                    </Text>
                  )}
                </Table.Th>
                <Table.Td>{roleWords[role].name}</Table.Td>
                <Table.Td>{format.instant(joinedAt)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed" mt="xs">
        Others cannot be invited here yet.
      </Text>
    </Paper>
  );
}
