import { Badge, Group, Paper, Text, Title } from '@mantine/core';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { Formats } from '../../lib/format';
import { roleWords } from './words';

export const ProfileParts = graphql(/* GraphQL */ `
  fragment ProfileParts on Viewer {
    role
    user { name email emailVerified createdAt }
  }
`);

/** Who is signed in, and as what. */
export function Profile({ viewer, format }: { viewer: FragmentType<typeof ProfileParts>; format: Formats }) {
  const { role, user } = readFragment(ProfileParts, viewer);
  if (!user) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="profile">
      <Title order={2} size="h4" id="profile" mb="sm">
        You
      </Title>
      {user.name && (
        <Text className="name" fw={500}>
          {user.name}
        </Text>
      )}
      <Group gap="xs">
        <Text className="name">{user.email}</Text>
        {!user.emailVerified && (
          <Badge variant="light" color="gray">
            Not confirmed
          </Badge>
        )}
      </Group>
      <Text size="sm" mt="xs">
        {roleWords[role].name}: {roleWords[role].may}.
      </Text>
      <Text size="sm" c="dimmed" mt="xs">
        Here since {format.instant(user.createdAt)}. Name, email and password cannot be changed yet.
      </Text>
    </Paper>
  );
}
