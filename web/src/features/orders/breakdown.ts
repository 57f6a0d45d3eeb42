import { graphql, readFragment, type FragmentType } from '../../gql';
import type { Formats } from '../../lib/format';

export const MoneyParts = graphql(/* GraphQL */ `
  fragment MoneyParts on Order {
    subtotal { amount }
    discounts { amount }
    shipping { amount }
    taxes { amount }
    duties { amount }
    fees { amount }
    tips { amount }
    total { shopMoney { amount } presentmentMoney { amount currencyCode } }
    refunded { amount }
    netSales { amount }
  }
`);

/** A line of what became of an order's money. */
export interface Line {
  name: string;
  note?: string;
  amount: string;
  /** What the lines above it come to. */
  sum?: true;
}

/**
 * Where the money of an order went, from the items to what the buyer paid, and to what is left of it as sales. Every amount
 * is one of the API's; what is zero is left out where nobody would miss it.
 */
export function breakdown(of: FragmentType<typeof MoneyParts>, format: Formats, shopCurrency: string): Line[] {
  const o = readFragment(MoneyParts, of);
  const some = (name: string, { amount }: { amount: string }, note?: string): Line[] =>
    isZero(amount) ? [] : [{ name, amount: format.money(amount), ...(note ? { note } : {}) }];
  const { shopMoney, presentmentMoney: seen } = o.total;
  const included = !isZero(o.taxes.amount) && taxesAreIncluded(o);
  const other = seen.currencyCode !== shopCurrency;
  return [
    {
      name: 'Items',
      amount: format.money(o.subtotal.amount),
      ...(isZero(o.discounts.amount) ? {} : { note: `after discounts of ${format.money(o.discounts.amount)}` }),
    },
    { name: 'Shipping', amount: format.money(o.shipping.amount) },
    ...(included ? [] : some('Taxes', o.taxes)),
    ...some('Duties', o.duties),
    ...some('Fees', o.fees),
    ...some('Tips', o.tips, 'no part of sales'),
    {
      name: 'Total',
      amount: format.money(shopMoney.amount),
      sum: true,
      ...(included ? { note: `with taxes of ${format.money(o.taxes.amount)} in it` } : {}),
    },
    ...(other ? [{ name: 'As the buyer saw it', amount: format.moneyIn(seen.currencyCode, seen.amount) }] : []),
    ...some('Refunded', o.refunded, 'goods, taxes, shipping, duties and fees'),
    {
      name: 'Net sales',
      amount: format.money(o.netSales.amount),
      note: 'gross sales less discounts and what was taken back, without taxes and shipping',
      sum: true,
    },
  ];
}

interface Amounts {
  subtotal: { amount: string };
  shipping: { amount: string };
  duties: { amount: string };
  fees: { amount: string };
  tips: { amount: string };
  total: { shopMoney: { amount: string } };
}

/** Whether prices include the taxes, which is so when the total is reached without them. */
export function taxesAreIncluded(o: Amounts): boolean {
  // All of them have the digits of one currency, so that without the point they are whole numbers of its smallest unit.
  const units = ({ amount }: { amount: string }) => BigInt(amount.replace('.', ''));
  return [o.subtotal, o.shipping, o.duties, o.fees, o.tips].reduce((sum, m) => sum + units(m), 0n) === units(o.total.shopMoney);
}

export const isZero = (amount: string) => /^-?[0.]+$/.test(amount);
