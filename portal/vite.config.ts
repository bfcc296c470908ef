import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: here('../src/handrail/_web'),
    emptyOutDir: true,
    target: 'es2023',
    // The polyfill is an inline script, which the policy refuses.
    modulePreload: { polyfill: false },
    // Data URLs would need an exception in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    manifest: true,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/healthz', '/readyz'].map((path) => [path, process.env['HANDRAIL_URL'] ?? 'http://127.0.0.1:8700']),
    ),
  },
});
