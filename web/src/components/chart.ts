/** Where a line goes, in pixels; null where there is nothing. */
export type Place = readonly [x: number, y: number] | null;

/** The numbers at an axis: round ones, from zero or what lies below it up to the highest, with about four steps. */
export function ticks(values: readonly number[], whole: boolean): number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const least = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(least));
  const round = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least * (1 - 1e-9)) as number;
  const step = whole ? Math.max(1, round) : round;
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Of so many points at a distance from each other, those that have room for a label: the last one, and others in equal steps. */
export function labelled(count: number, distance: number, room: number): number[] {
  const step = Math.max(1, Math.ceil(room / distance));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => count - 1 - i * step).reverse();
}

/** The path through places, which stops where there is nothing. */
export function path(places: readonly Place[]): string {
  return places.map((p, i) => (p ? `${places[i - 1] ? 'L' : 'M'}${p[0].toFixed(1)} ${p[1].toFixed(1)}` : '')).join('');
}
