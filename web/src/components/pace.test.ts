import { expect, test } from 'vitest';
import { type Sight, sighted, timeLeft } from './pace';

const after = (...seen: [seconds: number, fetched: number][]) =>
  seen.reduce<readonly Sight[]>((all, [s, fetched]) => sighted(all, fetched, s * 1000), []);

test('says how much time is left by what was seen in the last minute', () => {
  const seen = after([0, 100], [5, 200], [10, 300]);
  expect(timeLeft(seen, 900, 10_000)).toBe('less than a minute left');
  expect(timeLeft(seen, 1_500, 10_000)).toBe('about 1 minute left');
  expect(timeLeft(seen, 6_300, 10_000)).toBe('about 5 minutes left');
  expect(timeLeft(seen, 6_300, 39_000)).toBe('about 5 minutes left');
  expect(timeLeft(seen, 144_300, 10_000)).toBe('about 2 hours left');
  // The first hour was slow, and counts no longer.
  expect(timeLeft(after([0, 1], [3_600, 100], [3_605, 200], [3_610, 300]), 6_300, 3_610_000)).toBe('about 5 minutes left');
});

test('says nothing that it does not know', () => {
  const seen = after([0, 100], [10, 300]);
  expect(timeLeft(seen, null, 10_000), 'without a total').toBe('');
  expect(timeLeft(seen, undefined, 10_000)).toBe('');
  expect(timeLeft(seen, 300, 10_000), 'when all is there').toBe('');
  expect(timeLeft(seen, 6_300, 41_000), 'when nothing has come for long').toBe('');
  expect(timeLeft(after([0, 100], [1, 300]), 6_300, 1_000), 'after a moment').toBe('');
  expect(timeLeft([], 6_300, 0)).toBe('');
  // An export is prepared for minutes, and then read fast.
  expect(timeLeft(after([0, 0], [300, 0], [301, 500]), 6_300, 301_000)).toBe('');
  expect(timeLeft(after([0, 0], [300, 500], [310, 1_500]), 6_300, 310_000)).toBe('less than a minute left');
  // What is read anew begins anew.
  expect(timeLeft(after([0, 100], [10, 5_000], [11, 50]), 6_300, 11_000)).toBe('');
});
