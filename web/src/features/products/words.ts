import type { Word } from '../../components/orders';
import type { ProductStatus } from '../../gql/graphql';

export const statusWords: Record<ProductStatus, Word> = {
  ACTIVE: { name: 'For sale', color: 'teal' },
  DRAFT: { name: 'Draft', color: 'yellow' },
  ARCHIVED: { name: 'Archived', color: 'gray' },
};
