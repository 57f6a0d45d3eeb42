import { expect, test } from 'vitest';
import { historyQuestion, noFilter, question, validateCustomerSearch, validateCustomersSearch } from './search';

const full = {
  search: 'ada',
  minOrders: 0,
  maxOrders: 9,
  minSpent: '10.00',
  maxSpent: '90',
  first: 'LAST_YEAR',
  last: '2026-01-01..2026-01-31',
  country: ['DE', 'FR'],
  tag: ['VIP'],
  bought: 'UHJvZHVjdA',
  sort: '-spent',
  after: 'AbC_-',
};

test('the address keeps what says something', () => {
  expect(validateCustomersSearch(full)).toEqual(full);
  expect(validateCustomersSearch({})).toEqual({});
  expect(validateCustomersSearch({ minOrders: '2', tag: 'VIP' })).toEqual({ minOrders: 2, tag: ['VIP'] });
});

test.each([
  { search: ' ' },
  { minOrders: -1 },
  { maxOrders: 1.5 },
  { minOrders: 2 ** 31 },
  { minSpent: '1e9' },
  { first: 'NEVER' },
  { last: '2026-02-01..2026-01-01' },
  { country: ['XX'] },
  { tag: [] },
  { bought: '<script>' },
  { sort: '-last' },
  { sort: 'email' },
  { after: '"' },
])('the address leaves nonsense out: %j', (raw) => {
  expect(validateCustomersSearch(raw)).toEqual({});
});

test('the question has the names of the API', () => {
  expect(question(validateCustomersSearch(full))).toEqual({
    filter: {
      search: 'ada',
      minOrders: 0,
      maxOrders: 9,
      minSpent: '10.00',
      maxSpent: '90',
      firstOrder: { preset: 'LAST_YEAR' },
      lastOrder: { from: '2026-01-01', to: '2026-01-31' },
      country: ['DE', 'FR'],
      tags: ['VIP'],
      boughtProductId: 'UHJvZHVjdA',
    },
    sort: { key: 'TOTAL_SPENT', direction: 'DESC' },
    first: 25,
    after: 'AbC_-',
  });
  expect(question({})).toEqual({ filter: {}, sort: { key: 'LAST_ORDER_AT', direction: 'DESC' }, first: 25 });
});

test('without filters nothing of one is left', () => {
  expect(validateCustomersSearch({ ...full, ...noFilter })).toEqual({ sort: '-spent', after: 'AbC_-' });
});

test('the address of a customer', () => {
  const search = { sort: '-total', figure: 'netSales', view: 'table', before: 'AbC' };
  expect(validateCustomerSearch(search)).toEqual(search);
  expect(validateCustomerSearch({ sort: '-placed', figure: 'orders', view: 'chart', before: 1.5 })).toEqual({});
  expect(historyQuestion(validateCustomerSearch(search))).toEqual({ sort: { key: 'TOTAL', direction: 'DESC' }, last: 20, before: 'AbC' });
});
