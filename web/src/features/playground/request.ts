import { getOperationAST, type OperationDefinitionNode, parse } from 'graphql';

/** A request to the API. */
export interface Request {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** What stands in the editors, and the operation that was last looked at, which may be one of another tab. */
export interface Written {
  query: string;
  variables: string;
  operationName?: string | null;
}

/** Returns the operation of that name, else the only one. What cannot be read is left to the service to refuse. */
export function operationOf(query: string, name?: string | null): OperationDefinitionNode | undefined {
  try {
    const document = parse(query);
    return getOperationAST(document, name) ?? getOperationAST(document) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether a request is answered by a stream of events. */
export const streams = ({ query, operationName }: Request) => operationOf(query, operationName)?.operation === 'subscription';

export function requestOf(query: string, variables?: Record<string, unknown>, operationName?: string | null): Request {
  const name = operationOf(query, operationName)?.name?.value;
  return { query, ...(variables && { variables }), ...(name && { operationName: name }) };
}

/** Returns the request that is written, nothing when the variables are no JSON object. */
export function readRequest({ query, variables, operationName }: Written): Request | undefined {
  if (!variables.trim()) return requestOf(query, undefined, operationName);
  try {
    const value: unknown = JSON.parse(variables);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return requestOf(query, value as Record<string, unknown>, operationName);
  } catch {
    return undefined;
  }
}
