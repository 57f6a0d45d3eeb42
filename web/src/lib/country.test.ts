import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countries, countryName, isCountry } from './country';

test('the countries are those of the service', () => {
  const go = readFileSync(join(import.meta.dirname, '../../../internal/country/country.go'), 'utf8');
  const codes = go.match(/const codes = `([^`]*)`/)?.[1]?.trim().split(/\s+/) ?? [];
  expect(codes.length).toBe(253);
  expect(countries('en').map((c) => c.value).sort()).toEqual(codes.sort());
});

test('countries have names', () => {
  expect(countryName('DE', 'en')).toBe('Germany');
  expect(isCountry('UK')).toBe(false);
});
