import { MultiSelect, TagsInput } from '@mantine/core';
import { type Chip, CountInput, Filters } from '../../components/Filters';
import { SearchBox } from '../../components/SearchBox';
import type { ProductStatus } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import { type FilterSearch, leastStock, noFilter, type ProductsChange } from './search';
import { statusWords } from './words';

interface Props {
  search: FilterSearch;
  format: Formats;
  onChange: (change: ProductsChange, replace?: boolean) => void;
}

const statuses = Object.entries(statusWords).map(([value, { name }]) => ({ value, label: name }));

export function ProductFilters({ search, format, onChange }: Props) {
  const words = (label: string, key: 'vendor' | 'type' | 'tag') => (
    <TagsInput
      label={label}
      placeholder={search[key] ? '' : 'Any'}
      value={search[key] ?? []}
      maxTags={100}
      maxLength={255}
      onChange={(list) => onChange({ [key]: list.length > 0 ? list : undefined })}
    />
  );
  return (
    <Filters
      chips={chips(search, format, onChange)}
      onClear={() => onChange(noFilter)}
      more={
        <>
          <MultiSelect
            label="Status"
            placeholder={search.status ? '' : 'Any'}
            data={statuses}
            value={search.status ?? []}
            onChange={(list) => onChange({ status: list.length > 0 ? (list as ProductStatus[]) : undefined })}
          />
          {words('Vendor', 'vendor')}
          {words('Product type', 'type')}
          {words('Tag', 'tag')}
          <CountInput label="In stock, up to" value={search.stock ?? ''} least={leastStock} onChange={(stock) => onChange({ stock })} />
        </>
      }
    >
      <SearchBox
        label="Search"
        placeholder="Title"
        value={search.search ?? ''}
        // One way back leads out of a search, however many words it took.
        onSearch={(text) => onChange({ search: text || undefined }, search.search !== undefined && text !== '')}
      />
    </Filters>
  );
}

/** The filters that are set, in words. */
function chips(s: FilterSearch, format: Formats, onChange: Props['onChange']): Chip[] {
  const all: [keyof FilterSearch, string, string | undefined][] = [
    ['search', 'Search', s.search],
    ['status', 'Status', s.status?.map((v) => statusWords[v].name).join(', ')],
    ['vendor', 'Vendor', s.vendor?.join(', ')],
    ['type', 'Product type', s.type?.join(', ')],
    ['tag', 'Tag', s.tag?.join(', ')],
    ['stock', 'In stock, up to', s.stock === undefined ? undefined : format.count(s.stock)],
  ];
  return all.flatMap(([key, name, value]) => (value ? [{ name, value, onRemove: () => onChange({ [key]: undefined }) }] : []));
}
