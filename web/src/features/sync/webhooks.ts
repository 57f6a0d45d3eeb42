import type { WebhookPartsFragment } from '../../gql/graphql';

interface Words {
  /** The state, in a word and a colour. */
  badge: { name: string; color: string };
  /** What it means. */
  text: string;
  /** What there is to do about it; "" when nothing is. */
  advice: string;
}

/** Says whether changes arrive by themselves, and what to do when they do not. */
export function webhookWords({ webhooks, webhookProblem, connection }: Omit<WebhookPartsFragment, ' $fragmentName' | 'lastWebhookAt'>): Words {
  switch (webhooks) {
    case 'ACTIVE':
      return { badge: { name: 'Active', color: 'teal' }, text: 'Changes arrive within seconds.', advice: '' };
    case 'REPAIRING':
      return {
        badge: { name: 'Being repaired', color: 'yellow' },
        text: webhookProblem ?? 'The store is being asked to tell of changes.',
        advice: 'Until it is repaired, changes come with the next sync. It is tried again by itself.',
      };
    case 'NOT_AVAILABLE':
      return {
        badge: { name: 'Not available', color: 'gray' },
        text: webhookProblem ?? 'The store cannot tell us of changes.',
        advice:
          connection === 'CUSTOM_APP' && !webhookProblem
            ? 'Changes come with each sync. Replace the token, and give the API secret key of the app with it.'
            : 'Changes come with each sync, and nothing is lost.',
      };
  }
}
