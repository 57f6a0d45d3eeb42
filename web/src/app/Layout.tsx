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
import { useEffect, useRef, useState } from 'react';
import { Brand } from '../components/Brand';
import { ErrorAlert } from '../components/ErrorAlert';
import { logOut, useSession, useViewer } from '../lib/session';

const pages = [
  { to: '/', name: 'Overview' },
  { to: '/sync', name: 'Sync' },
] as const;

/** Keeps what needs a viewer away from the moment between the end of a session and the page to log in. */
export function Inside() {
  return useSession().status === 'in' ? <Layout /> : null;
}

/** What is around every page: where one is, where one can go, and who one is. */
function Layout() {
  const viewer = useViewer();
  const [open, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const page = pages.find((p) => p.to === pathname)?.name ?? 'Not found';

  useEffect(() => {
    document.title = `${page} · ${viewer.tenant.name} · Shopsight`;
  }, [page, viewer.tenant.name]);
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
            <Text className="name" truncate c="dimmed" visibleFrom="xs">
              {viewer.tenant.name}
            </Text>
          </Group>
          <Leave />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <Stack justify="space-between" h="100%">
          <div>
            {pages.map((p) => (
              <NavLink
                key={p.to}
                label={p.name}
                active={p.to === pathname}
                aria-current={p.to === pathname ? 'page' : undefined}
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
