import type { GraphiQL } from 'graphiql';
import type { ComponentProps } from 'react';
import { endpoint } from '../../lib/api';
import { listen } from '../../lib/live';
import { authorizedFetch } from '../../lib/session';
import { requestOf, streams } from './request';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

/** What an operation cost, and what one may cost. */
export interface Cost {
  requested: number;
  maximum: number;
}

/** Makes what sends the requests of the playground, as the person who is signed in, and tells what each cost. */
export function createFetcher(onCost: (cost: Cost | undefined) => void): Fetcher {
  return async ({ query, variables, operationName }) => {
    const request = requestOf(query, variables, operationName);
    if (streams(request)) {
      onCost(undefined);
      return listen(request);
    }
    const response = await authorizedFetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    }).catch(() => undefined);
    if (!response) return { errors: [{ message: 'The service does not answer. Check the connection, and try again.' }] };
    const answer = await response.json();
    // GraphiQL asks for the schema by itself.
    if (operationName !== 'IntrospectionQuery') onCost(answer.extensions?.cost);
    return answer;
  };
}
