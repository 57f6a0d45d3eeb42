import { Anchor, Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { SecretInput } from '../../components/SecretInput';
import { currencies, zones } from '../../lib/choices';
import { useSend } from '../../lib/form';
import { signUp } from '../../lib/session';
import { Card } from './Card';

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function SignUpPage() {
  const search = useSearch({ from: '/signup' });
  const { submit, busy, error, at, rest } = useSend((v) =>
    signUp({
      email: v.email ?? '',
      password: v.password ?? '',
      tenantName: v.tenantName ?? '',
      currencyCode: v.currencyCode ?? 'USD',
      timezone: v.timezone ?? 'UTC',
    }),
  );
  return (
    <Card title="Sign up">
      <form onSubmit={submit}>
        <Stack>
          <Refused problems={rest('email', 'password', 'tenantName', 'currencyCode', 'timezone')} />
          {error !== undefined && <ErrorAlert error={error} />}
          <TextInput name="email" type="email" label="Email" autoComplete="username" required withAsterisk={false} error={at('email')} />
          <SecretInput
            name="password"
            label="Password"
            description="At least 8 characters"
            autoComplete="new-password"
            required
            error={at('password')}
          />
          <TextInput
            name="tenantName"
            label="Name of the store"
            autoComplete="organization"
            required
            withAsterisk={false}
            error={at('tenantName')}
          />
          <NativeSelect
            name="currencyCode"
            label="Currency"
            description="Amounts are in this currency. A store that you connect brings its own."
            defaultValue="USD"
            data={currencies}
            error={at('currencyCode')}
          />
          <NativeSelect
            name="timezone"
            label="Timezone"
            description="Days begin and end by this clock."
            defaultValue={zones.includes(here) ? here : 'UTC'}
            data={zones}
            error={at('timezone')}
          />
          <Button type="submit" loading={busy}>
            Sign up
          </Button>
          <Text size="sm">
            Signed up already?{' '}
            <Anchor inherit underline="always" renderRoot={(props) => <Link to="/login" search={search} {...props} />}>
              Log in
            </Anchor>
          </Text>
        </Stack>
      </form>
    </Card>
  );
}
