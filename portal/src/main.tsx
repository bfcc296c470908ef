import '@fontsource-variable/geist/wght.css';
import '@fontsource-variable/geist-mono/wght.css';
import './styles/mantine';
import './styles/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { problemOf } from './kit/problem';
import { patient } from './live/patient';
import { router } from './routes';
import { cssVariablesResolver, theme } from './theme';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
// Parts that write a style element of their own (scroll locks) ask here.
setNonce(nonce);

// Not needed for the first paint.
const Toasts = lazy(() => patient(() => import('./kit/Toasts')));

const client = new QueryClient({
  defaultOptions: {
    // What the browser believes of the network says nothing about a server on this machine or in this building.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      staleTime: 10_000,
      // A refusal stays one; only an absent server is asked again.
      retry: (tries, error) => problemOf(error).status === 0 && tries < 3,
    },
  },
});

const place = document.querySelector('#root');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={client}>
          <Suspense>
            <Toasts />
          </Suspense>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
