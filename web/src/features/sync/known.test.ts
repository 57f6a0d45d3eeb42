import { expect, test } from 'vitest';
import type { Run } from '../../components/runs';
import { newest, unfinished } from './known';

const run = (id: string, more: Partial<Run> = {}): Run => ({
  id, status: 'RUNNING', mode: 'INCREMENTAL', trigger: 'MANUAL', queuedAt: `2026-01-0${id}T00:00:00Z`, startedAt: null, finishedAt: null,
  attempts: 1, deadLetter: false, progress: [], proof: [], error: null, ...more,
});
const told = (...runs: Run[]) => Object.fromEntries(runs.map((r) => [r.id, r]));

test('what was queued last stands in front', () => {
  expect(newest([run('1'), run('3')], told(run('2'))).map((r) => r.id)).toEqual(['3', '2', '1']);
});

test('what is told while a run goes on is newer', () => {
  const dead = run('1', { status: 'FAILED', deadLetter: true, finishedAt: '2026-01-01T01:00:00Z' });
  const done = run('1', { status: 'SUCCEEDED', finishedAt: '2026-01-01T02:00:00.5Z' });
  expect(newest([run('1')], told(done))).toEqual([done]);
  expect(newest([dead], told(run('1', { status: 'QUEUED' })))[0]?.status, 'when it is retried').toBe('QUEUED');
  expect(newest([dead], told(done)), 'when it has ended again').toEqual([done]);
});

test('what became of a run after its end is known by asking', () => {
  const dead = run('1', { status: 'FAILED', deadLetter: true, finishedAt: '2026-01-01T01:00:00Z' });
  expect(newest([{ ...dead, deadLetter: false }], told(dead))[0]?.deadLetter).toBe(false);
  expect(newest([], told(dead))[0]?.deadLetter).toBe(true);
});

test('names the kinds that are not finished', () => {
  const progress = (['PRODUCTS', 'CUSTOMERS', 'ORDERS'] as const).map((resource) => ({
    resource, status: 'FAILED' as const, fetched: 0, created: 0, updated: 0, unchanged: 0, failed: 0, expectedTotal: null, throttledUntil: null,
  }));
  const proof = (resource: 'PRODUCTS' | 'CUSTOMERS') => ({ resource, expected: 1, stored: 1, linesExpected: null, linesRead: null, matches: true });
  expect(unfinished({ progress, proof: [] })).toBe('Products, customers and orders');
  expect(unfinished({ progress, proof: [proof('PRODUCTS')] })).toBe('Customers and orders');
  expect(unfinished({ progress, proof: [proof('PRODUCTS'), proof('CUSTOMERS')] })).toBe('Orders');
});
