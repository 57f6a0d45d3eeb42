/** How many records were read by when. */
export interface Sight {
  at: number;
  fetched: number;
}

// Older sights say little of what comes, and so does what was seen for a moment only.
const memory = 60_000;
const least = 5_000;
// When nothing has come for so long, nobody knows how fast it is.
const fresh = 30_000;

/** The sights of a kind of record with one more. Until the first record is there, time says nothing of the pace. */
export function sighted(before: readonly Sight[], fetched: number, at: number): readonly Sight[] {
  const last = before.at(-1)?.fetched;
  if (fetched === last) return before;
  if (fetched === 0) return [];
  return [...(last !== undefined && fetched < last ? [] : before.filter((s) => at - s.at <= memory)), { at, fetched }];
}

/** Says how much time is left by the pace that was seen, "" where the total or the pace is not known. */
export function timeLeft(seen: readonly Sight[], total: number | null | undefined, now: number): string {
  const [first, last] = [seen[0], seen.at(-1)];
  if (total == null || !first || !last || last.fetched >= total) return '';
  if (last.at - first.at < least || now - last.at > fresh) return '';
  const each = (last.at - first.at) / (last.fetched - first.fetched);
  const minutes = ((total - last.fetched) * each - (now - last.at)) / 60_000;
  if (minutes < 1) return 'less than a minute left';
  if (minutes < 90) return about(minutes, 'minute');
  return about(minutes / 60, 'hour');
}

const about = (n: number, what: string) => `about ${Math.round(n)} ${what}${Math.round(n) === 1 ? '' : 's'} left`;
