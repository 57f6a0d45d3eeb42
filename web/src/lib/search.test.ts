import { describe, expect, test } from 'vitest';
import { compact, pageArguments, readAmount, readCount, readFlag, readId, readList, readPage, readSort, readText, sortOf, writeSort } from './search';

test('text is kept, a number too, and nothing else', () => {
  expect([' tea ', 1001, '#1001', ''].map((v) => readText(v))).toEqual(['tea', '1001', '#1001', undefined]);
  expect([null, undefined, {}, ['tea'], true, Number.NaN, 'x'.repeat(256)].map((v) => readText(v))).toEqual(Array(7).fill(undefined));
});

test('ids have the letters of ids', () => {
  expect(readId('T3JkZXI_-x')).toBe('T3JkZXI_-x');
  expect(['a b', 'a/b', '<script>', ''].map(readId)).toEqual(Array(4).fill(undefined));
});

test('amounts stay text', () => {
  expect(['19.90', 10, '-5', 10.5].map(readAmount)).toEqual(['19.90', '10', '-5', '10.5']);
  expect(['1e3', '1,5', '.5', '5.', '', 'NaN', Number.POSITIVE_INFINITY].map(readAmount)).toEqual(Array(7).fill(undefined));
});

test('counts are whole numbers that fit', () => {
  expect([0, '7', 2_147_483_647].map((v) => readCount(v))).toEqual([0, 7, 2_147_483_647]);
  expect([-1, 1.5, '', 'x', null, 2_147_483_648, true].map((v) => readCount(v))).toEqual(Array(7).fill(undefined));
  expect(readCount(-5, -10)).toBe(-5);
});

test('lists hold what is good, once', () => {
  const even = (t: string): t is string => Number(t) % 2 === 0;
  expect(readList(['2', 4, '3', '2', null], even)).toEqual(['2', '4']);
  expect(readList('one')).toEqual(['one']);
  expect(readList([], even)).toBeUndefined();
  expect(readList({})).toBeUndefined();
});

test('flags are true or false', () => {
  expect([true, false, 'true', 1, null].map(readFlag)).toEqual([true, false, undefined, undefined, undefined]);
  expect(compact({ a: 1, b: undefined, c: false })).toEqual({ a: 1, c: false });
});

describe('pages', () => {
  test('have one cursor', () => {
    expect(readPage({})).toEqual({});
    expect(readPage({ after: 'abc', before: 'def' })).toEqual({ after: 'abc' });
    expect(readPage({ before: 'def', after: 'a b' })).toEqual({ before: 'def' });
  });

  test('are asked for forward from the start and from a cursor, and backward', () => {
    expect(pageArguments({}, 25)).toEqual({ first: 25 });
    expect(pageArguments({ after: 'abc' }, 25)).toEqual({ first: 25, after: 'abc' });
    expect(pageArguments({ before: 'abc' }, 25)).toEqual({ last: 25, before: 'abc' });
  });
});

describe('a sort', () => {
  const keys = { placed: 'PROCESSED_AT', total: 'TOTAL' } as const;
  const normal = { key: 'PROCESSED_AT', direction: 'DESC' } as const;

  test('is a name with its direction', () => {
    expect(readSort('total', keys, normal)).toBe('total');
    expect(sortOf('total', keys, normal)).toEqual({ key: 'TOTAL', direction: 'ASC' });
    expect(sortOf('-total', keys, normal)).toEqual({ key: 'TOTAL', direction: 'DESC' });
    expect(writeSort({ key: 'TOTAL', direction: 'DESC' }, keys)).toBe('-total');
  });

  test('is left out when it is the normal one, or none', () => {
    expect(['-placed', '--total', 'toString', '', 5, ['total']].map((v) => readSort(v, keys, normal))).toEqual(Array(6).fill(undefined));
    expect(sortOf(undefined, keys, normal)).toEqual(normal);
  });
});
