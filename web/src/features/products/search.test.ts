import { expect, test } from 'vitest';
import { noFilter, question, validateProductsSearch } from './search';

const full = {
  search: 'tea',
  status: ['ACTIVE', 'DRAFT'],
  vendor: ['Hillside Tea Co.'],
  type: ['Tea'],
  tag: ['organic'],
  stock: -1,
  sort: '-stock',
  before: 'AbC_-',
};

test('the address keeps what says something', () => {
  expect(validateProductsSearch(full)).toEqual(full);
  expect(validateProductsSearch({})).toEqual({});
  expect(validateProductsSearch({ status: 'ACTIVE', stock: '0' })).toEqual({ status: ['ACTIVE'], stock: 0 });
});

test.each([{ status: ['SOLD'] }, { status: 'toString' }, { stock: 'x' }, { stock: 0.5 }, { stock: -(2 ** 31) - 1 }, { sort: 'title' }, { sort: 'price' }, { vendor: [] }])(
  'the address leaves nonsense out: %j',
  (raw) => {
    expect(validateProductsSearch(raw)).toEqual({});
  },
);

test('the question has the names of the API', () => {
  expect(question(validateProductsSearch(full))).toEqual({
    filter: {
      search: 'tea',
      status: ['ACTIVE', 'DRAFT'],
      vendor: ['Hillside Tea Co.'],
      productType: ['Tea'],
      tags: ['organic'],
      maxInventory: -1,
    },
    sort: { key: 'INVENTORY', direction: 'DESC' },
    last: 25,
    before: 'AbC_-',
  });
  expect(question({})).toEqual({ filter: {}, sort: { key: 'TITLE', direction: 'ASC' }, first: 25 });
});

test('without filters nothing of one is left', () => {
  expect(validateProductsSearch({ ...full, ...noFilter })).toEqual({ sort: '-stock', before: 'AbC_-' });
});
