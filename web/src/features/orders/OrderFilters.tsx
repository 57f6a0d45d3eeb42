import { MultiSelect, NativeSelect, TagsInput } from '@mantine/core';
import { useMemo } from 'react';
import { AmountInput, type Chip, Filters } from '../../components/Filters';
import { financialWords, fulfillmentWords, type Word } from '../../components/orders';
import { RangeInput } from '../../components/RangeInput';
import { SearchBox } from '../../components/SearchBox';
import type { FinancialStatus, FulfillmentStatus } from '../../gql/graphql';
import { countries, countryName } from '../../lib/country';
import type { Formats } from '../../lib/format';
import { periodOf, periodWords, rangeOf } from '../../lib/period';
import { noFilter, type FilterSearch, type SearchChange } from './search';

interface Props {
  search: FilterSearch;
  /** The names of the customer and the product whose orders these are, once they are known. */
  customer: string | undefined;
  product: string | undefined;
  currencyCode: string;
  format: Formats;
  onChange: (change: SearchChange, replace?: boolean) => void;
}

const options = (words: Record<string, Word>) => Object.entries(words).map(([value, { name }]) => ({ value, label: name }));
const some = <T,>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

export function OrderFilters({ search, customer, product, currencyCode, format, onChange }: Props) {
  const everywhere = useMemo(() => countries(), []);
  const words = (label: string, key: 'channel' | 'code' | 'tag') => (
    <TagsInput
      label={label}
      placeholder={search[key] ? '' : 'Any'}
      value={search[key] ?? []}
      maxTags={100}
      maxLength={255}
      onChange={(list) => onChange({ [key]: some(list) })}
    />
  );
  return (
    <Filters
      chips={chips(search, customer, product, format, onChange)}
      onClear={() => onChange(noFilter)}
      more={
        <>
          <MultiSelect
            label="Payment"
            placeholder={search.payment ? '' : 'Any'}
            data={options(financialWords)}
            value={search.payment ?? []}
            onChange={(list) => onChange({ payment: some(list as FinancialStatus[]) })}
          />
          <MultiSelect
            label="Delivery"
            placeholder={search.delivery ? '' : 'Any'}
            data={options(fulfillmentWords)}
            value={search.delivery ?? []}
            onChange={(list) => onChange({ delivery: some(list as FulfillmentStatus[]) })}
          />
          <MultiSelect
            label="Shipped to"
            placeholder={search.country ? '' : 'Any country'}
            searchable
            data={everywhere}
            value={search.country ?? []}
            onChange={(list) => onChange({ country: some(list) })}
          />
          {words('Channel', 'channel')}
          {words('Discount code', 'code')}
          {words('Tag', 'tag')}
          <AmountInput label={`Total from, ${currencyCode}`} value={search.min ?? ''} onChange={(min) => onChange({ min })} />
          <AmountInput label={`Total up to, ${currencyCode}`} value={search.max ?? ''} onChange={(max) => onChange({ max })} />
          <NativeSelect
            label="Cancelled orders"
            value={search.cancelled === undefined ? '' : String(search.cancelled)}
            onChange={(e) => onChange({ cancelled: e.currentTarget.value === '' ? undefined : e.currentTarget.value === 'true' })}
            data={[
              { value: '', label: 'With the others' },
              { value: 'true', label: 'Alone' },
              { value: 'false', label: 'Left out' },
            ]}
          />
          <NativeSelect
            label="Test orders"
            value={search.test ? 'true' : ''}
            onChange={(e) => onChange({ test: e.currentTarget.value ? true : undefined })}
            data={[
              { value: '', label: 'Left out' },
              { value: 'true', label: 'With the others' },
            ]}
          />
        </>
      }
    >
      <SearchBox
        label="Search"
        placeholder="Order, item, customer"
        value={search.search ?? ''}
        // One way back leads out of a search, however many words it took.
        onSearch={(text) => onChange({ search: text || undefined }, search.search !== undefined && text !== '')}
      />
      <RangeInput label="Placed" range={rangeOf(search.period) ?? { preset: 'ALL_TIME' }} onChange={(range) => onChange({ period: periodOf(range) })} />
    </Filters>
  );
}

/** The filters that are set, in words. */
function chips(s: FilterSearch, customer: string | undefined, product: string | undefined, format: Formats, onChange: Props['onChange']): Chip[] {
  const all: [keyof FilterSearch, string, string | undefined][] = [
    ['customer', 'Customer', s.customer && (customer ?? 'one')],
    ['product', 'Product', s.product && (product ?? 'one')],
    ['search', 'Search', s.search],
    ['period', 'Placed', s.period && periodWords(s.period, format)],
    ['payment', 'Payment', s.payment?.map((v) => financialWords[v].name).join(', ')],
    ['delivery', 'Delivery', s.delivery?.map((v) => fulfillmentWords[v].name).join(', ')],
    ['country', 'Shipped to', s.country?.map((v) => countryName(v)).join(', ')],
    ['channel', 'Channel', s.channel?.join(', ')],
    ['code', 'Discount code', s.code?.join(', ')],
    ['tag', 'Tag', s.tag?.join(', ')],
    ['min', 'Total from', s.min && format.money(s.min)],
    ['max', 'Total up to', s.max && format.money(s.max)],
    ['cancelled', 'Cancelled', s.cancelled === undefined ? undefined : s.cancelled ? 'alone' : 'left out'],
    ['test', 'Test orders', s.test && 'too'],
  ];
  return all.flatMap(([key, name, value]) => (value ? [{ name, value, onRemove: () => onChange({ [key]: undefined }) }] : []));
}
