import './app/styles';
import './start';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router';
import { cssVariablesResolver, theme } from './app/theme';

// A page that was loaded before the service was replaced asks for files that are gone. It loads itself anew, once.
window.addEventListener('vite:preloadError', () => {
  const once = new URL(location.href);
  if (once.hash === '#reloaded') return;
  once.hash = 'reloaded';
  location.replace(once);
  location.reload();
});

const nonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// What keeps the page behind a dialog from scrolling writes a style of its own.
setNonce(nonce());
const root = createRoot(document.getElementById('root') as HTMLElement);
// In a transition React works in slices, between which a slow processor can do what is more urgent.
startTransition(() => {
  root.render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto" getStyleNonce={nonce}>
        <RouterProvider router={router} />
      </MantineProvider>
    </StrictMode>,
  );
});
