import type { Interval } from '../gql/graphql';

/** The shop whose numbers are shown: amounts are in its currency, days are its days. */
export interface Shop {
  currencyCode: string;
  timezone: string;
}

/** The page is in English, so that its numbers and dates are too, in the reader's spelling of it. */
export function locale(languages: readonly string[] = globalThis.navigator?.languages ?? []): string {
  return languages.find((l) => l === 'en' || l.startsWith('en-')) ?? 'en';
}

/** Makes text of what the API answers. Amounts are exact decimals and are never turned into floating point. */
export function formats(shop: Shop, lang = locale()) {
  const money = new Intl.NumberFormat(lang, { style: 'currency', currency: shop.currencyCode });
  const short = new Intl.NumberFormat(lang, {
    style: 'currency',
    currency: shop.currencyCode,
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  const count = new Intl.NumberFormat(lang);
  const shortCount = new Intl.NumberFormat(lang, { notation: 'compact' });
  const percent = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const instant = new Intl.DateTimeFormat(lang, { timeZone: shop.timezone, dateStyle: 'medium', timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(lang, { timeZone: shop.timezone, dateStyle: 'medium' });
  const toSecond = new Intl.DateTimeFormat(lang, { timeZone: shop.timezone, timeStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(lang, { timeZone: shop.timezone, timeStyle: 'short' });
  // Labels of buckets are local days already: they are read as if they were UTC, and shown so.
  const label = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(lang, { timeZone: 'UTC', ...options });
  const day = label({ day: 'numeric', month: 'short', year: 'numeric' });
  const labels: Record<Interval, Intl.DateTimeFormat> = {
    HOUR: label({ day: 'numeric', month: 'short', hour: 'numeric' }),
    DAY: label({ day: 'numeric', month: 'short' }),
    WEEK: label({ day: 'numeric', month: 'short' }),
    MONTH: label({ month: 'short', year: 'numeric' }),
    QUARTER: label({ month: 'short', year: 'numeric' }),
    YEAR: label({ year: 'numeric' }),
  };

  return {
    money: (amount: string) => money.format(amount as Intl.StringNumericLiteral),
    /** In another currency than the shop's. */
    moneyIn: (currency: string, amount: string) =>
      new Intl.NumberFormat(lang, { style: 'currency', currency }).format(amount as Intl.StringNumericLiteral),
    /** For the axis of a chart, where there is no room and no need for every digit. */
    moneyShort: (amount: number) => short.format(amount),
    count: (n: number) => count.format(n),
    countShort: (n: number) => shortCount.format(n),
    /** Of a ratio: 0.25 is 25%. */
    percent: (ratio: number) => percent.format(ratio),
    /** Of a change in percent, with its sign: 12.5 is +12.5%. */
    change: (percentage: number) => signed.format(percentage / 100),
    /** Of an instant, in the shop's timezone. */
    instant: (at: string) => instant.format(new Date(at)),
    /** The day of an instant, in the shop's timezone. */
    date: (at: string) => date.format(new Date(at)),
    time: (at: string) => clock.format(new Date(at)),
    /** The time of an instant that is near, to the second. */
    second: (at: string) => toSecond.format(new Date(at)),
    /** Of a calendar day. */
    day: (date: string) => day.format(new Date(`${date}T00:00:00Z`)),
    days: (from: string, to: string) => day.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)),
    /** Of the label of a bucket: a local date, or a local hour with its offset. */
    bucket(text: string, interval: Interval): string {
      const local = interval === 'HOUR' ? `${text.slice(0, 16)}:00Z` : `${text.slice(0, 10)}T00:00:00Z`;
      const shown = labels[interval].format(new Date(local));
      return interval === 'WEEK' ? `Week of ${shown}` : interval === 'QUARTER' ? `Quarter from ${shown}` : shown;
    },
  };
}

export type Formats = ReturnType<typeof formats>;

/** Says how long ago an instant was, roughly. */
export function ago(at: string, now: number, lang = locale()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 45) return 'just now';
  if (size < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86400), 'day');
}
