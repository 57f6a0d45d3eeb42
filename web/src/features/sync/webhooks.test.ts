import { expect, test } from 'vitest';
import { webhookWords } from './webhooks';

test('says what keeps changes from arriving, and what to do', () => {
  expect(webhookWords({ webhooks: 'ACTIVE', webhookProblem: null, connection: 'OAUTH' })).toMatchObject({ text: 'Changes arrive within seconds.', advice: '' });
  const broken = webhookWords({ webhooks: 'REPAIRING', webhookProblem: 'One topic is missing.', connection: 'OAUTH' });
  expect(broken.text).toBe('One topic is missing.');
  expect(broken.advice).toContain('next sync');
});

test('a custom app without its key is told of the key, unless the service knows better', () => {
  const closed = (webhookProblem: string | null, connection: 'OAUTH' | 'CUSTOM_APP') => webhookWords({ webhooks: 'NOT_AVAILABLE', webhookProblem, connection });
  expect(closed(null, 'CUSTOM_APP').advice).toContain('API secret key');
  expect(closed(null, 'OAUTH').advice).not.toContain('API secret key');
  expect(closed('The service has no public address.', 'CUSTOM_APP')).toMatchObject({ text: 'The service has no public address.' });
  expect(closed('The service has no public address.', 'CUSTOM_APP').advice).not.toContain('API secret key');
});
