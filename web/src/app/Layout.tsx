import {
  Anchor,
  AppShell,
  Burger,
  Button,
  Group,
  NativeSelect,
  NavLink,
  Stack,
  Text,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Brand } from '../components/Brand';
import { ErrorAlert } from '../components/ErrorAlert';
import { Picture } from '../components/Picture';
import { Starting } from '../components/Starting';
import { logOut, useSession, useViewer } from '../lib/session';
import { title } from '../lib/title';

const pages = [
  { to: '/', name: 'Overview' },
  { to: '/orders', name: 'Orders' },
  { to: '/customers', name: 'Customers', scope: 'READ_CUSTOMERS' },
  { to: '/products', name: 'Products' },
  { to: '/sync', name: 'Sync' },
  { to: '/settings', name: 'Settings' },
  { to: '/playground', name: 'Playground' },
] as const;

/** Whether an address is that of a page, or of something in it. */
const within = (pathname: string, page: string) => pathname === page || (page !== '/' && pathname.startsWith(`${page}/`));

/** Keeps what needs a viewer away from the moment between the end of a session and the page to log in. */
export function Inside() {
  const inside = useSession().status === 'in';
  // The router renders in one go: what comes after its turn is rendered in slices.
  const turn = useDeferredValue(true, false);
  if (!inside) return null;
  return turn ? <Layout /> : <Starting />;
}

/** What is around every page: where one is, where one can go, and who one is. */
function Layout() {
  const viewer = useViewer();
  const [open, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const page = pages.find((p) => within(pathname, p.to))?.name ?? 'Not found';

  // Before the effects of the page, which may know a better name.
  useLayoutEffect(() => {
    document.title = title(page, viewer.tenant.name);
  }, [pathname, page, viewer.tenant.name]);
  // Who reads by ear or goes by keyboard starts at the top of the new page, but not when the first one is there.
  useEffect(() => {
    close();
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [pathname]);

  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !open } }} padding="md">
      <Anchor className="skip" href="#main" onClick={() => main.current?.focus()}>
        Skip to the page
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" aria-expanded={open} />
            <Brand />
            <Group gap="sm" wrap="nowrap" miw={0} visibleFrom="xs">
              {viewer.tenant.logoUrl && (
                <Picture id={viewer.tenant.id} url={viewer.tenant.logoUrl} name={viewer.tenant.name} size={28} />
              )}
              <Text className="name" truncate c="dimmed">
                {viewer.tenant.name}
              </Text>
            </Group>
          </Group>
          <Leave />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <Stack justify="space-between" h="100%">
          <div>
            {pages
              .filter((p) => !('scope' in p) || viewer.can(p.scope))
              .map((p) => (
                <NavLink
                  key={p.to}
                  label={p.name}
                  active={within(pathname, p.to)}
                  aria-current={p.to === pathname ? 'page' : within(pathname, p.to) ? 'true' : undefined}
                  renderRoot={(props) => <Link to={p.to} {...props} />}
                />
              ))}
          </div>
          <div>
            <Text size="sm" className="name" mb="xs">
              {viewer.user?.name ?? viewer.user?.email}
            </Text>
            <Appearance />
          </div>
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main ref={main} id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <NativeSelect
      size="xs"
      label="Appearance"
      value={colorScheme}
      onChange={(e) => setColorScheme(e.currentTarget.value as MantineColorScheme)}
      data={[
        { value: 'auto', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}

function Leave() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const leave = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await logOut();
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };
  return (
    <Group gap="xs" wrap="nowrap">
      {error !== undefined && <ErrorAlert error={error} />}
      <Button variant="default" size="xs" loading={busy} onClick={leave}>
        Log out
      </Button>
    </Group>
  );
}
