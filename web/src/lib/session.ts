import { useSyncExternalStore } from 'react';
import { graphql, readFragment } from '../gql';
import type { ApiScope, LoginInput, SessionFieldsFragment, SignupInput } from '../gql/graphql';
import { ApiError, sendForSession } from './api';

const SessionFields = graphql(/* GraphQL */ `
  fragment SessionFields on AuthPayload {
    accessToken
    accessTokenExpiresAt
    viewer {
      role
      scopes
      user { id email name }
      tenant { id name slug logoUrl currencyCode timezone }
    }
    userErrors { field message code }
  }
`);

const LogIn = graphql(/* GraphQL */ `mutation LogIn($input: LoginInput!) { auth: login(input: $input) { ...SessionFields } }`);
const SignUp = graphql(/* GraphQL */ `mutation SignUp($input: SignupInput!) { auth: signup(input: $input) { ...SessionFields } }`);
const Refresh = graphql(/* GraphQL */ `mutation Refresh { auth: refresh { ...SessionFields } }`);
const LogOut = graphql(/* GraphQL */ `mutation LogOut { logout { success } }`);

export type Viewer = NonNullable<SessionFieldsFragment['viewer']>;

/** Whether somebody is signed in. It is not known before the service has answered for the first time. */
export type Session =
  | { status: 'starting' }
  | { status: 'unreachable'; error: ApiError }
  | { status: 'out' }
  | { status: 'in'; viewer: Viewer };

/** What the service refuses about an input. */
export type Problems = SessionFieldsFragment['userErrors'];

// A token is renewed this long before it ends.
const early = 60_000;

let session: Session = { status: 'starting' };
// The access token lives here and nowhere else: not in storage, not in a cookie, not in the page.
let access: { token: string; until: number } | undefined;
let renewal: ReturnType<typeof setTimeout> | undefined;
let refreshing: Promise<void> | undefined;

const listeners = new Set<() => void>();
const tabs = new BroadcastChannel('shopsight-session');

function become(next: Session) {
  session = next;
  for (const tell of listeners) tell();
}

function leave() {
  access = undefined;
  clearTimeout(renewal);
  become({ status: 'out' });
}

function enter(fields: SessionFieldsFragment | null | undefined, now: number): boolean {
  if (!fields?.accessToken || !fields.accessTokenExpiresAt || !fields.viewer) return false;
  // By the clock of the service, as ours may be wrong.
  const life = Date.parse(fields.accessTokenExpiresAt) - now;
  access = { token: fields.accessToken, until: Date.now() + life };
  clearTimeout(renewal);
  renewal = setTimeout(() => void refresh(), Math.max(life - early, 5_000));
  become({ status: 'in', viewer: fields.viewer });
  return true;
}

/**
 * Exchanges the refresh token in the cookie for a new access token. The service ends a session whose refresh token is shown
 * twice, so that only one tab may do it at a time.
 */
function refresh(): Promise<void> {
  refreshing ??= navigator.locks
    .request('shopsight-refresh', async () => {
      try {
        const { data, now } = await sendForSession(Refresh, {});
        if (!enter(readFragment(SessionFields, data.auth), now)) leave();
      } catch (error) {
        if (session.status === 'in' && access && access.until > Date.now()) {
          renewal = setTimeout(() => void refresh(), 5_000);
        } else {
          access = undefined;
          become({ status: 'unreachable', error: error instanceof ApiError ? error : new ApiError(String(error)) });
        }
      }
    })
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

/** Finds out whether somebody is signed in, and stays in step with other tabs. */
export function start() {
  void refresh();
  tabs.onmessage = (event: MessageEvent<'in' | 'out'>) => {
    if (event.data === 'out') leave();
    else if (session.status !== 'in') void refresh();
  };
  // Timers rest while the machine sleeps.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && access && access.until - Date.now() < early) void refresh();
  });
}

/** Asks again after the service could not be reached. */
export function retry() {
  become({ status: 'starting' });
  void refresh();
}

export async function logIn(input: LoginInput): Promise<Problems> {
  const { data, now } = await sendForSession(LogIn, { input });
  return signedIn(readFragment(SessionFields, data.auth), now);
}

export async function signUp(input: SignupInput): Promise<Problems> {
  const { data, now } = await sendForSession(SignUp, { input });
  return signedIn(readFragment(SessionFields, data.auth), now);
}

function signedIn(fields: SessionFieldsFragment | null | undefined, now: number): Problems {
  if (enter(fields, now)) tabs.postMessage('in');
  return fields?.userErrors ?? [];
}

/** Shows everywhere what has changed about the tenant. */
export function changeTenant(tenant: Viewer['tenant']) {
  if (session.status === 'in') become({ status: 'in', viewer: { ...session.viewer, tenant } });
}

/** Ends the session here, in the other tabs and on the server. */
export async function logOut(): Promise<void> {
  const token = await accessToken();
  if (token) await sendForSession(LogOut, {}, token);
  leave();
  tabs.postMessage('out');
}

/** Returns an access token that is still good, "" when nobody is signed in. */
export async function accessToken(): Promise<string> {
  if (access && access.until - Date.now() < 10_000) await refresh();
  return access?.token ?? '';
}

/** Fetches with the access token, and once more with a new one when the service refuses it. */
export async function authorizedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const send = async () => {
    const headers = new Headers(init?.headers);
    const token = await accessToken();
    if (token) headers.set('Authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers, credentials: 'omit' });
  };
  const response = await send();
  if (response.status !== 401 || !access) return response;
  await refresh();
  return access ? send() : response;
}

export function useSession(): Session {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => session,
  );
}

/** The person who is signed in. It must be used where somebody is. */
export function useViewer(): Viewer & { can: (scope: ApiScope) => boolean } {
  const s = useSession();
  if (s.status !== 'in') throw new Error('nobody is signed in');
  return { ...s.viewer, can: (scope) => s.viewer.scopes.includes(scope) };
}
