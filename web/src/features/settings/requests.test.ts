import { expect, test } from 'vitest';
import { fileName } from '../../components/privacy';
import { reasonOf } from './arrival';
import { stateOf, subjectOf } from './requests';

const dueAt = '2026-12-01T00:00:00Z';
const before = Date.parse('2026-11-30T23:59:59Z');
const after = Date.parse('2026-12-01T00:00:01Z');

test('a request says whose turn it is, and when it is too late', () => {
  expect(stateOf({ kind: 'CUSTOMER_DATA', status: 'PENDING', dueAt }, before).name).toBe('To be handed over');
  expect(stateOf({ kind: 'CUSTOMER_REDACT', status: 'PENDING', dueAt }, before).name).toBe('Under way');
  expect(stateOf({ kind: 'CUSTOMER_DATA', status: 'PENDING', dueAt }, after).name).toBe('Overdue');
  expect(stateOf({ kind: 'CUSTOMER_DATA', status: 'DONE', dueAt }, after).name).toBe('Done');
});

test('a request says about whom it is', () => {
  const count = String;
  expect(subjectOf({ kind: 'CUSTOMER_REDACT', customerNumber: '7', orders: 0 }, count)).toBe('Customer 7');
  expect(subjectOf({ kind: 'CUSTOMER_DATA', customerNumber: '7', orders: 1 }, count)).toBe('Customer 7, one order');
  expect(subjectOf({ kind: 'CUSTOMER_DATA', customerNumber: '7', orders: 12 }, count)).toBe('Customer 7, 12 orders');
  expect(subjectOf({ kind: 'SHOP_REDACT', customerNumber: null, orders: 3 }, count)).toBe('The whole store');
});

test('the file of an export has the name of a number alone', () => {
  expect(fileName('gid://shopify/Customer/12')).toBe('customer-12.json');
  expect(fileName('../../etc')).toBe('customer-data.json');
  expect(fileName(null)).toBe('customer-data.json');
});

test('every reason for not being connected says what to do', () => {
  for (const code of ['expired', 'SCOPE_MISSING', 'unheard_of', 'constructor', 'toString']) expect(reasonOf(code), code).toMatch(/[Bb]egin again/);
  expect(reasonOf('scope_missing')).toBe(reasonOf('SCOPE_MISSING'));
});
