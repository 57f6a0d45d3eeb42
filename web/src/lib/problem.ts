import { CombinedError } from 'urql';
import { ApiError } from './api';

/** What to tell a person about an error: what happened, what to do, and the id by which the log knows the request. */
export interface Problem {
  message: string;
  requestId?: string;
}

const advice: Record<string, string> = {
  INVALID_CURSOR: 'The address names a place in another list. Begin again at its first page.',
  INTERNAL: 'Something went wrong on our side. Try again; if it stays, tell whoever runs the service the id of the request.',
  TIMEOUT: 'This took too long. Choose a shorter period, or try again.',
  UNAUTHENTICATED: 'The session has ended. Log in again.',
  FORBIDDEN: 'Your role does not let you see this. Ask an owner of the store.',
};

/** The code of an error of the API, "" where it has none. */
export function codeOf(error: CombinedError): string {
  const code = error.graphQLErrors[0]?.extensions.code;
  return typeof code === 'string' ? code : '';
}

export function problemOf(error: unknown): Problem {
  if (error instanceof CombinedError) {
    const first = error.graphQLErrors[0];
    const response = error.response as Response | undefined;
    const requestId = response?.headers?.get?.('X-Request-Id');
    const code = codeOf(error);
    const message = first
      ? (advice[code] ?? first.message)
      : 'The service does not answer. Check the connection, and try again.';
    return requestId ? { message, requestId } : { message };
  }
  if (error instanceof ApiError) {
    // Of a session, what the service says is more exact than what is said of a role.
    const message = error.code === 'INTERNAL' ? (advice.INTERNAL as string) : error.message;
    return error.requestId ? { message, requestId: error.requestId } : { message };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}
