import { expect, test } from 'vitest';
import { readRequest, requestOf, streams } from './request';

test('variables are an object, or nothing', () => {
  const query = '{ a }';
  expect(readRequest({ query, variables: ' \n' })).toEqual({ query });
  expect(readRequest({ query: 'query A { a }', variables: '{"a": [1]}' })).toEqual({ query: 'query A { a }', variables: { a: [1] }, operationName: 'A' });
  for (const variables of ['{', '[]', 'null', '1', '"a"', "{'a': 1}"]) expect(readRequest({ query, variables })).toBeUndefined();
});

test('a name that the document does not have is left out', () => {
  const two = 'query A { a } subscription B { b }';
  expect(requestOf(two, undefined, 'B')).toEqual({ query: two, operationName: 'B' });
  expect(requestOf(two, undefined, 'C')).toEqual({ query: two });
  expect(requestOf('query A { a }', undefined, 'C').operationName).toBe('A');
  expect(requestOf('{ a', {}, 'C')).toEqual({ query: '{ a', variables: {} });
  expect([requestOf(two, undefined, 'A'), requestOf(two, undefined, 'B'), requestOf(two), requestOf('{ a')].map(streams)).toEqual([false, true, false, false]);
});
