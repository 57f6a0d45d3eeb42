import { expect, test } from 'vitest';
import { makeFragmentData } from '../../gql';
import { formats } from '../../lib/format';
import { breakdown, MoneyParts, taxesAreIncluded } from './breakdown';

const format = formats({ currencyCode: 'EUR', timezone: 'UTC' }, 'en');
const m = (amount: string) => ({ amount });
const order = {
  subtotal: m('90071992547409931.27'),
  discounts: m('10.00'),
  shipping: m('4.90'),
  taxes: m('19.00'),
  duties: m('0.00'),
  fees: m('0.00'),
  tips: m('0.00'),
  total: { shopMoney: m('90071992547409936.17'), presentmentMoney: { amount: '90071992547409936.17', currencyCode: 'EUR' } },
  refunded: m('0.00'),
  netSales: m('80.00'),
};
const lines = (o: typeof order) => breakdown(makeFragmentData(o, MoneyParts), format, 'EUR').map((l) => [l.name, l.amount, l.note ?? '']);

test('taxes are in the prices when the total is reached without them', () => {
  expect(taxesAreIncluded(order)).toBe(true);
  expect(taxesAreIncluded({ ...order, total: { shopMoney: m('90071992547409955.17') } })).toBe(false);
  const yen = { subtotal: m('100'), shipping: m('5'), duties: m('0'), fees: m('0'), tips: m('1'), total: { shopMoney: m('106') } };
  expect(taxesAreIncluded(yen)).toBe(true);
});

test('what is zero is left out, what is included is said to be so', () => {
  expect(lines(order)).toEqual([
    ['Items', '€90,071,992,547,409,931.27', 'after discounts of €10.00'],
    ['Shipping', '€4.90', ''],
    ['Total', '€90,071,992,547,409,936.17', 'with taxes of €19.00 in it'],
    ['Net sales', '€80.00', 'gross sales less discounts and what was taken back, without taxes and shipping'],
  ]);
});

test('every part has its line', () => {
  const o = {
    ...order,
    subtotal: m('90.00'),
    discounts: m('0.00'),
    duties: m('1.00'),
    fees: m('2.00'),
    tips: m('3.00'),
    refunded: m('12.00'),
    total: { shopMoney: m('119.90'), presentmentMoney: { amount: '20000', currencyCode: 'JPY' } },
  };
  expect(lines(o).map(([name, amount]) => [name, amount])).toEqual([
    ['Items', '€90.00'],
    ['Shipping', '€4.90'],
    ['Taxes', '€19.00'],
    ['Duties', '€1.00'],
    ['Fees', '€2.00'],
    ['Tips', '€3.00'],
    ['Total', '€119.90'],
    ['As the buyer saw it', '¥20,000'],
    ['Refunded', '€12.00'],
    ['Net sales', '€80.00'],
  ]);
});
