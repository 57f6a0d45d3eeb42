import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { ErrorAlert } from '../components/ErrorAlert';
import { LogInPage } from '../features/auth/LogInPage';
import { SignUpPage } from '../features/auth/SignUpPage';
import { validateCustomerSearch, validateCustomersSearch } from '../features/customers/search';
import { validateOrdersSearch } from '../features/orders/search';
import { validateOverviewSearch } from '../features/overview/search';
import { validateProductsSearch } from '../features/products/search';
import { validatePrivacySearch, validateSettingsSearch } from '../features/settings/search';
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
const orders = createRoute({
  getParentRoute: () => inside,
  path: 'orders',
  validateSearch: validateOrdersSearch,
  component: lazyRouteComponent(() => import('../features/orders/OrdersPage'), 'OrdersPage'),
});
const customers = createRoute({
  getParentRoute: () => inside,
  path: 'customers',
  validateSearch: validateCustomersSearch,
  component: lazyRouteComponent(() => import('../features/customers/CustomersPage'), 'CustomersPage'),
});
const customer = createRoute({
  getParentRoute: () => inside,
  path: 'customers/$id',
  validateSearch: validateCustomerSearch,
  component: lazyRouteComponent(() => import('../features/customers/CustomerPage'), 'CustomerPage'),
});
const products = createRoute({
  getParentRoute: () => inside,
  path: 'products',
  validateSearch: validateProductsSearch,
  component: lazyRouteComponent(() => import('../features/products/ProductsPage'), 'ProductsPage'),
});
const sync = createRoute({
  getParentRoute: () => inside,
  path: 'sync',
  component: lazyRouteComponent(() => import('../features/sync/SyncPage'), 'SyncPage'),
});
const settings = createRoute({
  getParentRoute: () => inside,
  path: 'settings',
  validateSearch: validateSettingsSearch,
  component: lazyRouteComponent(() => import('../features/settings/SettingsPage'), 'SettingsPage'),
});
const privacy = createRoute({
  getParentRoute: () => inside,
  path: 'settings/privacy',
  validateSearch: validatePrivacySearch,
  component: lazyRouteComponent(() => import('../features/settings/PrivacyPage'), 'PrivacyPage'),
});
const playground = createRoute({
  getParentRoute: () => inside,
  path: 'playground',
  component: lazyRouteComponent(() => import('../features/playground/PlaygroundPage'), 'PlaygroundPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([logIn, signUp, inside.addChildren([overview, orders, customers, customer, products, sync, settings, privacy, playground])]),
  defaultPreload: 'intent',
  defaultErrorComponent: ({ error }) => <ErrorAlert error={error} />,
  scrollRestoration: true,
  // What no page knows, or refuses, is not in its search.
  search: { strict: true },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
