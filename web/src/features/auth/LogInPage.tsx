import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { SecretInput } from '../../components/SecretInput';
import { useSend } from '../../lib/form';
import { logIn } from '../../lib/session';
import { Card } from './Card';

export function LogInPage() {
  const search = useSearch({ from: '/login' });
  const { submit, busy, error, rest } = useSend((v) => logIn({ email: v.email ?? '', password: v.password ?? '' }));
  return (
    <Card title="Log in">
      <form onSubmit={submit}>
        <Stack>
          <Refused problems={rest()} />
          {error !== undefined && <ErrorAlert error={error} />}
          <TextInput name="email" type="email" label="Email" autoComplete="username" required withAsterisk={false} />
          <SecretInput name="password" label="Password" autoComplete="current-password" required />
          <Button type="submit" loading={busy}>
            Log in
          </Button>
          <Text size="sm">
            New here?{' '}
            <Anchor inherit underline="always" renderRoot={(props) => <Link to="/signup" search={search} {...props} />}>
              Sign up
            </Anchor>
          </Text>
        </Stack>
      </form>
    </Card>
  );
}
