import { Anchor, Paper, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** Leads to the page about personal data. */
export function PrivacyLink() {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="privacy">
      <Title order={2} size="h4" id="privacy" mb="sm">
        Privacy
      </Title>
      <Text>
        Customers may ask for their data, and to be forgotten.{' '}
        <Anchor inherit underline="always" renderRoot={(props) => <Link to="/settings/privacy" {...props} />}>
          See their requests, and who was shown personal data
        </Anchor>
        .
      </Text>
    </Paper>
  );
}
