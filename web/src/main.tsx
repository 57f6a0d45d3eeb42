import './app/styles';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router';
import { cssVariablesResolver, theme } from './app/theme';
import { start } from './lib/session';

// A page that was loaded before the service was replaced asks for files that are gone. It loads itself anew, once.
window.addEventListener('vite:preloadError', () => {
  const once = new URL(location.href);
  if (once.hash === '#reloaded') return;
  once.hash = 'reloaded';
  location.replace(once);
  location.reload();
});

const nonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

start();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto" getStyleNonce={nonce}>
      <RouterProvider router={router} />
    </MantineProvider>
  </StrictMode>,
);
