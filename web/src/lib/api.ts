import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { stringifyDocument } from 'urql';

/** The origin of the service: the one that served the page, unless the build names another. */
const service = (import.meta.env.VITE_API_URL ?? '').replace(/\/+$/, '');

/** Where the API is. */
export const endpoint = `${service}/graphql`;

/** Where the picture of a record is. An address that changes makes another, since browsers keep pictures for a day. */
export function media(id: string, url: string): string {
  let sum = 0;
  for (const c of url) sum = (Math.imul(sum, 31) + (c.codePointAt(0) as number)) >>> 0;
  return `${service}/media/${id}?v=${sum.toString(36)}`;
}

/** What went wrong with a request, in words for people. */
export class ApiError extends Error {
  readonly code: string | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, code?: string, requestId?: string) {
    super(message);
    this.code = code;
    this.requestId = requestId;
  }
}

interface Answer<Data> {
  data?: Data;
  errors?: { message: string; extensions?: { code?: string; requestId?: string } }[];
}

/**
 * Sends an operation with which a session begins, goes on or ends, so that the server keeps the refresh token in a cookie
 * that no script can read. It goes on when the page is left: the cookie must not fall behind the server.
 */
export async function sendForSession<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  token?: string,
): Promise<{ data: Data; now: number }> {
  let response: Response;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      keepalive: true,
      // The cookie, also where the service is another origin of the same site.
      credentials: 'include',
      headers: {
        'Content-Type': 'application/json',
        'X-Token-Transport': 'cookie',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query: stringifyDocument(document), variables }),
    });
  } catch {
    throw new ApiError('The service does not answer. Check the connection, and try again.');
  }
  const requestId = response.headers.get('X-Request-Id') ?? undefined;
  const answer = (await response.json().catch(() => ({}))) as Answer<Data>;
  const problem = answer.errors?.[0];
  if (!answer.data || problem) {
    throw new ApiError(problem?.message ?? `The service answered with status ${response.status}.`, problem?.extensions?.code, requestId);
  }
  return { data: answer.data, now: Date.parse(response.headers.get('Date') ?? '') || Date.now() };
}
