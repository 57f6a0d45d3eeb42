import { cacheExchange, Client, fetchExchange } from 'urql';
import { endpoint } from './api';
import { authorizedFetch } from './session';

/** Makes the client of one session. Another person gets another, so that nothing of the first is left. */
export function createClient(): Client {
  return new Client({
    url: endpoint,
    exchanges: [cacheExchange, fetchExchange],
    // A query in a URL would end up in logs.
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetch: authorizedFetch as typeof fetch,
  });
}
