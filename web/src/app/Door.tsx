import { Button, Container } from '@mantine/core';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useDeferredValue, useMemo } from 'react';
import { Provider } from 'urql';
import { ErrorAlert } from '../components/ErrorAlert';
import { Starting } from '../components/Starting';
import { createClient } from '../lib/client';
import { retry, useSession } from '../lib/session';

const outside = ['/login', '/signup'];

/** Lets people in who are signed in, and shows others where to do it. */
export function Door() {
  // What is behind the door is much to render, and may take its time.
  const session = useDeferredValue(useSession());
  const location = useLocation();
  const who = session.status === 'in' ? `${session.viewer.user?.id} ${session.viewer.tenant.id}` : '';
  const client = useMemo(createClient, [who]);
  const atDoor = outside.includes(location.pathname);

  if (session.status === 'starting') return <Starting />;
  if (session.status === 'unreachable') {
    return (
      <Container component="main" py="xl">
        <ErrorAlert error={session.error} />
        <Button mt="md" onClick={retry}>
          Try again
        </Button>
      </Container>
    );
  }
  if (session.status === 'out' && !atDoor) {
    const next = location.href === '/' ? {} : { next: location.href };
    return <Navigate to="/login" search={next} replace />;
  }
  if (session.status === 'in' && atDoor) {
    return <Navigate to={(location.search as { next?: string }).next ?? '/'} replace />;
  }
  return (
    <Provider value={client}>
      <Outlet />
    </Provider>
  );
}
