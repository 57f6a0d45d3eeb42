import { expect, test } from 'vitest';
import { validatePrivacySearch, validateSettingsSearch } from './search';

test('the address tells what became of connecting a store', () => {
  // The router reads what looks like a number as one.
  expect(validateSettingsSearch({ connected: 1 })).toEqual({ connected: true });
  expect(validateSettingsSearch({ connect_error: 'SCOPE_MISSING' })).toEqual({ connect_error: 'SCOPE_MISSING' });
  expect(validateSettingsSearch({ connect: 'tea.myshopify.com' })).toEqual({ connect: 'tea.myshopify.com' });
});

test('what makes no sense is left out', () => {
  expect(validateSettingsSearch({ connected: 'no', connect_error: '<b>no</b>', connect: 'tea.myshopify.com.evil.example', next: '//evil' })).toEqual({});
  expect(validatePrivacySearch({ show: 'all', after: 'a b', seen: {} })).toEqual({});
});

test('the lists of privacy are read', () => {
  expect(validatePrivacySearch({ show: 'open', after: 'abc', seen: 'def' })).toEqual({ show: 'open', after: 'abc', seen: 'def' });
});
