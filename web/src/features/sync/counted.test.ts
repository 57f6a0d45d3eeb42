import { expect, test } from 'vitest';
import { any, counted, mixed } from './counted';

const format = { count: (n: number) => new Intl.NumberFormat('en').format(n) };
const none = { orders: 0, orderItems: 0, customers: 0, products: 0 };

test('says what there is', () => {
  expect(counted({ orders: 1200, orderItems: 1, customers: 1, products: 40 }, format)).toBe('1,200 orders with 1 line, 1 customer and 40 products');
  expect(counted({ ...none, customers: 2, products: 1 }, format)).toBe('2 customers and 1 product');
  expect(counted({ ...none, products: 3 }, format)).toBe('3 products');
  expect(counted(none, format)).toBe('no records');
  expect([any(none), any({ ...none, products: 1 })]).toEqual([false, true]);
});

test('there is a choice where some records are of a kind', () => {
  const all = { orders: 3, orderItems: 4, customers: 1, products: 1 };
  expect([mixed(all, none), mixed(all, all), mixed(all, { ...none, customers: 1 })]).toEqual([false, false, true]);
});
