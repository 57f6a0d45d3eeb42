import { Anchor, Container, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <Container component="main" py="xl">
      <Title order={1}>Nothing is here</Title>
      <Text my="md">The address leads to no page.</Text>
      <Anchor renderRoot={(props) => <Link to="/" {...props} />}>To the overview</Anchor>
    </Container>
  );
}
