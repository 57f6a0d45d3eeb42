import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { ErrorAlert } from '../components/ErrorAlert';
import { LogInPage } from '../features/auth/LogInPage';
import { SignUpPage } from '../features/auth/SignUpPage';
import { validateOverviewSearch } from '../features/overview/search';
import { Door } from './Door';
import { Inside } from './Layout';
import { NotFound } from './NotFound';

const root = createRootRoute({ component: Door, notFoundComponent: NotFound });

/** Where to go after signing in: a path of this page, never another address. */
function validateNext(raw: Record<string, unknown>): { next?: string } {
  const next = raw.next;
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {};
}

const logIn = createRoute({ getParentRoute: () => root, path: 'login', component: LogInPage, validateSearch: validateNext });
const signUp = createRoute({ getParentRoute: () => root, path: 'signup', component: SignUpPage, validateSearch: validateNext });
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside });
const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: validateOverviewSearch,
  component: lazyRouteComponent(() => import('../features/overview/OverviewPage'), 'OverviewPage'),
});
const sync = createRoute({
  getParentRoute: () => inside,
  path: 'sync',
  component: lazyRouteComponent(() => import('../features/sync/SyncPage'), 'SyncPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([logIn, signUp, inside.addChildren([overview, sync])]),
  defaultPreload: 'intent',
  defaultErrorComponent: ({ error }) => <ErrorAlert error={error} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
