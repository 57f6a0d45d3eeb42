import { NativeSelect } from '@mantine/core';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { Weekday } from '../../gql/graphql';
import { currencies, including, zones } from '../../lib/choices';
import { Form } from './Form';
import { weekdays } from './words';

export const CalendarParts = graphql(/* GraphQL */ `
  fragment CalendarParts on Tenant {
    currencyCode
    timezone
    weekStartsOn
    dataSummary { orders }
  }
`);

/** In which currency amounts are, and by which clock and calendar days and weeks begin. */
export function Calendar({ tenant }: { tenant: FragmentType<typeof CalendarParts> }) {
  const t = readFragment(CalendarParts, tenant);
  const fixed = t.dataSummary.orders > 0;
  return (
    <Form
      id="calendar"
      title="Currency and calendar"
      fields={['currencyCode', 'timezone', 'weekStartsOn']}
      // A field that is fixed is not sent.
      input={({ currencyCode = null, timezone = null, weekStartsOn }) => ({
        currencyCode,
        timezone,
        weekStartsOn: (weekStartsOn ?? null) as Weekday | null,
      })}
    >
      {(at) => (
        <>
          <NativeSelect
            name="currencyCode"
            label="Currency"
            description={
              fixed
                ? 'Fixed, as there are orders: their amounts are in it, and are never converted. Clear the data to change it.'
                : 'Amounts are in this currency, and are never converted: once there are orders or prices it is fixed. A store that you connect brings its own.'
            }
            defaultValue={t.currencyCode}
            data={including(currencies, t.currencyCode)}
            disabled={fixed}
            error={at('currencyCode')}
          />
          <NativeSelect
            name="timezone"
            label="Timezone"
            description="Days begin and end by this clock. After a change the numbers of every day are worked out anew, which may take a while; until then the old ones stay."
            defaultValue={t.timezone}
            data={including(zones, t.timezone)}
            error={at('timezone')}
          />
          <NativeSelect
            name="weekStartsOn"
            label="First day of the week"
            description="Weeks of reports begin on it."
            defaultValue={t.weekStartsOn}
            data={weekdays}
            error={at('weekStartsOn')}
          />
        </>
      )}
    </Form>
  );
}
