import { MultiSelect, Stack, TagsInput } from '@mantine/core';
import { useMemo } from 'react';
import { AmountInput, type Chip, CountInput, Filters } from '../../components/Filters';
import { RangeInput } from '../../components/RangeInput';
import { SearchBox } from '../../components/SearchBox';
import { countries, countryName } from '../../lib/country';
import type { Formats } from '../../lib/format';
import { periodOf, periodWords, rangeOf } from '../../lib/period';
import { useViewer } from '../../lib/session';
import { type CustomersChange, type FilterSearch, noFilter } from './search';

interface Props {
  search: FilterSearch;
  /** The title of the product that was bought, once it is known. */
  product: string | undefined;
  currencyCode: string;
  format: Formats;
  onChange: (change: CustomersChange, replace?: boolean) => void;
}

export function CustomerFilters({ search, product, currencyCode, format, onChange }: Props) {
  const viewer = useViewer();
  const everywhere = useMemo(() => countries(), []);
  const period = (label: string, key: 'first' | 'last') => (
    <Stack gap="xs" role="group" aria-label={label}>
      <RangeInput label={label} range={rangeOf(search[key]) ?? { preset: 'ALL_TIME' }} onChange={(range) => onChange({ [key]: periodOf(range) })} />
    </Stack>
  );
  return (
    <Filters
      chips={chips(search, product, format, onChange)}
      onClear={() => onChange(noFilter)}
      more={
        <>
          <CountInput label="Orders from" value={search.minOrders ?? ''} onChange={(minOrders) => onChange({ minOrders })} />
          <CountInput label="Orders up to" value={search.maxOrders ?? ''} onChange={(maxOrders) => onChange({ maxOrders })} />
          <AmountInput label={`Spent from, ${currencyCode}`} value={search.minSpent ?? ''} onChange={(minSpent) => onChange({ minSpent })} />
          <AmountInput label={`Spent up to, ${currencyCode}`} value={search.maxSpent ?? ''} onChange={(maxSpent) => onChange({ maxSpent })} />
          {period('First order', 'first')}
          {period('Last order', 'last')}
          <MultiSelect
            label="Country"
            placeholder={search.country ? '' : 'Any country'}
            searchable
            data={everywhere}
            value={search.country ?? []}
            onChange={(list) => onChange({ country: list.length > 0 ? list : undefined })}
          />
          <TagsInput
            label="Tag"
            placeholder={search.tag ? '' : 'Any'}
            value={search.tag ?? []}
            maxTags={100}
            maxLength={255}
            onChange={(list) => onChange({ tag: list.length > 0 ? list : undefined })}
          />
        </>
      }
    >
      <SearchBox
        label="Search"
        placeholder={viewer.can('READ_CUSTOMER_PII') ? 'Name or email' : 'Number of the customer'}
        value={search.search ?? ''}
        // One way back leads out of a search, however many words it took.
        onSearch={(text) => onChange({ search: text || undefined }, search.search !== undefined && text !== '')}
      />
    </Filters>
  );
}

/** The filters that are set, in words. */
function chips(s: FilterSearch, product: string | undefined, format: Formats, onChange: Props['onChange']): Chip[] {
  const all: [keyof FilterSearch, string, string | undefined][] = [
    ['bought', 'Bought', s.bought && (product ?? 'one product')],
    ['search', 'Search', s.search],
    ['minOrders', 'Orders from', s.minOrders === undefined ? undefined : format.count(s.minOrders)],
    ['maxOrders', 'Orders up to', s.maxOrders === undefined ? undefined : format.count(s.maxOrders)],
    ['minSpent', 'Spent from', s.minSpent && format.money(s.minSpent)],
    ['maxSpent', 'Spent up to', s.maxSpent && format.money(s.maxSpent)],
    ['first', 'First order', s.first && periodWords(s.first, format)],
    ['last', 'Last order', s.last && periodWords(s.last, format)],
    ['country', 'Country', s.country?.map((v) => countryName(v)).join(', ')],
    ['tag', 'Tag', s.tag?.join(', ')],
  ];
  return all.flatMap(([key, name, value]) => (value ? [{ name, value, onRemove: () => onChange({ [key]: undefined }) }] : []));
}
