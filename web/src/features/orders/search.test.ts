import { expect, test } from 'vitest';
import { noFilter, question, validateOrdersSearch } from './search';

const full = {
  search: '#1001',
  period: 'LAST_MONTH',
  payment: ['PAID', 'REFUNDED'],
  delivery: ['FULFILLED'],
  country: ['DE'],
  channel: ['web'],
  code: ['TEA10'],
  tag: ['gift'],
  min: '10.00',
  max: '90',
  cancelled: false,
  test: true,
  customer: 'Q3VzdG9tZXI',
  product: 'UHJvZHVjdA',
  sort: '-total',
  after: 'AbC_-',
  order: 'T3JkZXI',
};

test('the address keeps what says something', () => {
  expect(validateOrdersSearch(full)).toEqual(full);
  expect(validateOrdersSearch({})).toEqual({});
});

test.each([
  { search: '   ' },
  { search: { a: 1 } },
  { period: 'NEVER' },
  { period: '2026-02-30..2026-03-01' },
  { payment: ['FREE'] },
  { payment: [] },
  { delivery: 'toString' },
  { country: ['XX', 'de'] },
  { min: '1e9' },
  { cancelled: 'yes' },
  { test: false },
  { customer: '<script>' },
  { sort: '-placed' },
  { sort: 'price' },
  { after: '"' },
  { order: ['a'] },
  { unknown: 'x' },
])('the address leaves nonsense out: %j', (raw) => {
  expect(validateOrdersSearch(raw)).toEqual({});
});

test('one of a list may stand alone, and what looks like a number is text', () => {
  expect(validateOrdersSearch({ payment: 'PAID', search: 1001, min: 5 })).toEqual({ payment: ['PAID'], search: '1001', min: '5' });
});

test('the question has the names of the API', () => {
  const search = validateOrdersSearch(full);
  expect(question(search)).toEqual({
    filter: {
      search: '#1001',
      range: { preset: 'LAST_MONTH' },
      financialStatus: ['PAID', 'REFUNDED'],
      fulfillmentStatus: ['FULFILLED'],
      country: ['DE'],
      channel: ['web'],
      discountCode: ['TEA10'],
      tags: ['gift'],
      minTotal: '10.00',
      maxTotal: '90',
      cancelled: false,
      includeTest: true,
      customerId: 'Q3VzdG9tZXI',
      productId: 'UHJvZHVjdA',
    },
    sort: { key: 'TOTAL', direction: 'DESC' },
    first: 25,
    after: 'AbC_-',
  });
  expect(question({})).toEqual({ filter: { includeTest: false }, sort: { key: 'PROCESSED_AT', direction: 'DESC' }, first: 25 });
});

test('clearing the filters leaves the sort and the order that is open', () => {
  const cleared = validateOrdersSearch({ ...full, ...noFilter });
  expect(cleared).toEqual({ sort: '-total', after: 'AbC_-', order: 'T3JkZXI' });
});
