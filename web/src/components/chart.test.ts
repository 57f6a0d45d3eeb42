import { expect, test } from 'vitest';
import { labelled, path, ticks } from './chart';

test.each([
  [[], false, [0, 0.5]],
  [[0, 0], true, [0, 1]],
  [[3], true, [0, 1, 2, 3]],
  [[3_618.2, 5_590], false, [0, 2_000, 4_000, 6_000]],
  [[4_000], false, [0, 1_000, 2_000, 3_000, 4_000]],
  [[5_590, -900], false, [-2_000, 0, 2_000, 4_000, 6_000]],
  [[-3], true, [-3, -2, -1, 0]],
  [[0.02], false, [0, 0.005, 0.01, 0.015, 0.02]],
])('the axis of %j', (values, whole, want) => {
  const got = ticks(values, whole);
  expect(got).toHaveLength(want.length);
  got.forEach((tick, i) => expect(tick).toBeCloseTo(want[i] as number, 9));
});

test('every value lies between the ends of its axis, in few steps', () => {
  for (let n = 1; n < 1e9; n = n * 1.7 + 1) {
    for (const values of [[n], [-n], [n, -n / 3], [1 / n]]) {
      const got = ticks(values, false);
      expect(got.length).toBeLessThanOrEqual(8);
      expect(got[0]).toBeLessThanOrEqual(Math.min(0, ...values));
      expect(got.at(-1)).toBeGreaterThanOrEqual(Math.max(0, ...values) * (1 - 1e-9));
    }
  }
});

test('labels have room, and the last point has one', () => {
  expect(labelled(5, 100, 60)).toEqual([0, 1, 2, 3, 4]);
  expect(labelled(7, 30, 60)).toEqual([0, 2, 4, 6]);
  expect(labelled(8, 30, 60)).toEqual([1, 3, 5, 7]);
  expect(labelled(90, 1, 300)).toEqual([89]);
  expect(labelled(1, Infinity, 60)).toEqual([0]);
  expect(labelled(0, 0, 60)).toEqual([]);
});

test('a line stops where there is nothing', () => {
  expect(path([[0, 1], [2, 3.14159], null, [4, 5], null])).toBe('M0.0 1.0L2.0 3.1M4.0 5.0');
  expect(path([])).toBe('');
});
