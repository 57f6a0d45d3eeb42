import { isShop } from '../../lib/shop';
import { compact, isKey, readId, readText } from '../../lib/search';

/** What the address says after Shopify has sent somebody here. */
export interface SettingsSearch {
  /** The store is connected. */
  connected?: true;
  /** Why it is not, as the service names it. */
  connect_error?: string;
  /** The store that is to be connected. */
  connect?: string;
}

export function validateSettingsSearch(raw: Record<string, unknown>): SettingsSearch {
  const shop = readText(raw.connect);
  const code = readText(raw.connect_error, 64);
  return compact({
    connected: readText(raw.connected) === '1' || raw.connected === true ? (true as const) : undefined,
    connect_error: code && /^[\w-]+$/.test(code) ? code : undefined,
    connect: shop && isShop(shop) ? shop : undefined,
  });
}

export const requestStates = { open: 'PENDING', done: 'DONE' } as const;

/** What the address says about the page of privacy: which requests are shown, and where both lists begin. */
export interface PrivacySearch {
  show?: keyof typeof requestStates;
  after?: string;
  seen?: string;
}

export type PrivacyChange = { [K in keyof PrivacySearch]?: PrivacySearch[K] | undefined };

export function validatePrivacySearch(raw: Record<string, unknown>): PrivacySearch {
  return compact({
    show: isKey(requestStates, raw.show) ? raw.show : undefined,
    after: readId(raw.after),
    seen: readId(raw.seen),
  });
}
