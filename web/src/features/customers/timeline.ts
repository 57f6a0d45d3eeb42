import type { Interval } from '../../gql/graphql';
import { sum } from '../../lib/decimal';

/** What a timeline is made of. */
export interface Placed {
  processedAt: string;
  netSales: { amount: string };
}

/** A part of time: how much was ordered in it. */
export interface Bucket {
  /** Its first local day. */
  label: string;
  orders: number;
  netSales: string;
  /** It is not over yet. */
  partial: boolean;
}

export interface Timeline {
  interval: Interval;
  buckets: Bucket[];
}

/**
 * Counts orders and adds their net sales by the store's days, months or years, whichever can be looked at: from the first
 * order to today, with the parts in which nothing was ordered. Orders may stand in any order; without any there is no part.
 */
export function timeline(orders: readonly Placed[], timezone: string, now: Date): Timeline {
  // As ISO days, so that text sorts as time does.
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const placed = orders.map((o) => ({ day: days.format(new Date(o.processedAt)), amount: o.netSales.amount }));
  const today = days.format(now);
  const first = placed.reduce((least, o) => (o.day < least ? o.day : least), today);
  const last = placed.reduce((most, o) => (o.day > most ? o.day : most), today);
  const interval = fitting(first, last);
  if (placed.length === 0) return { interval, buckets: [] };

  const inside = new Map<string, string[]>();
  for (let label = start(first, interval); label <= last; label = next(label, interval)) inside.set(label, []);
  for (const o of placed) inside.get(start(o.day, interval))?.push(o.amount);
  return {
    interval,
    buckets: [...inside].map(([label, amounts]) => ({
      label,
      orders: amounts.length,
      netSales: sum(['0', ...amounts]),
      partial: next(label, interval) > today,
    })),
  };
}

function fitting(first: string, last: string): Interval {
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000;
  return days <= 92 ? 'DAY' : days <= 5 * 366 ? 'MONTH' : 'YEAR';
}

/** Returns the first day of the part that a day lies in. */
function start(day: string, interval: Interval): string {
  return interval === 'YEAR' ? `${day.slice(0, 4)}-01-01` : interval === 'MONTH' ? `${day.slice(0, 7)}-01` : day;
}

/** Returns the first day of the part after the one that begins with a day. */
function next(label: string, interval: Interval): string {
  const at = new Date(`${label}T00:00:00Z`);
  if (interval === 'YEAR') at.setUTCFullYear(at.getUTCFullYear() + 1);
  else if (interval === 'MONTH') at.setUTCMonth(at.getUTCMonth() + 1);
  else at.setUTCDate(at.getUTCDate() + 1);
  return at.toISOString().slice(0, 10);
}
