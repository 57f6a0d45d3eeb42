import { Group, Text, TextInput } from '@mantine/core';
import { Picture } from '../../components/Picture';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { Form } from './Form';

export const CompanyParts = graphql(/* GraphQL */ `fragment CompanyParts on Tenant { id name slug logoUrl }`);

/** Name and logo, as people see them. */
export function Company({ tenant }: { tenant: FragmentType<typeof CompanyParts> }) {
  const t = readFragment(CompanyParts, tenant);
  return (
    <Form
      id="company"
      title="Company"
      fields={['name', 'logoUrl']}
      // An address that is left out stays as it is.
      input={({ name = '', logoUrl = '' }) => ({ name, logoUrl: logoUrl.trim() || null })}
    >
      {(at) => (
        <>
          <Group wrap="nowrap">
            <Picture id={t.id} url={t.logoUrl} name={t.name} size={64} />
            <div>
              <Text className="name">{t.name}</Text>
              <Text size="sm" c="dimmed" className="name">
                {t.slug} in addresses, which does not change
              </Text>
            </div>
          </Group>
          <TextInput name="name" label="Name" defaultValue={t.name} autoComplete="organization" required withAsterisk={false} error={at('name')} />
          <TextInput
            name="logoUrl"
            type="url"
            pattern="https://.+"
            title="An address that begins with https://"
            label="Address of the logo"
            description={
              t.logoUrl
                ? 'It can be replaced, but not taken away yet'
                : 'With https; PNG, JPEG or WebP of at most 1 MB. It is shown once it is saved'
            }
            placeholder="https://"
            defaultValue={t.logoUrl ?? ''}
            required={t.logoUrl != null}
            withAsterisk={false}
            error={at('logoUrl')}
          />
        </>
      )}
    </Form>
  );
}
