import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getVariableValues, OperationTypeNode, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { examples } from './examples';

test('every example fits the contract, and so do its variables', () => {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../../../schema.graphql'), 'utf8'));
  const all = examples(new Date(), 'Europe/Berlin');
  for (const { query, variables } of all) {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const operation = document.definitions[0];
    if (operation?.kind !== 'OperationDefinition') throw new Error(query);
    expect(getVariableValues(schema, operation.variableDefinitions ?? [], JSON.parse(variables)).errors).toBeUndefined();
    expect(operation.name).toBeDefined();
  }
  expect(all.map((e) => parse(e.query).definitions[0]).map((d) => d && 'operation' in d && d.operation)).toContain(OperationTypeNode.SUBSCRIPTION);
});

test('days are those of the store, counted back over the end of a month', () => {
  expect(JSON.parse(examples(new Date('2026-02-28T23:30:00Z'), 'Europe/Berlin')[3]?.variables ?? '')).toEqual({ from: '2026-01-31', to: '2026-03-01', first: 5 });
});
