import { defineConfig } from '@hey-api/openapi-ts';

// Hubs' and apps' own routes are not for people.
export default defineConfig({
  input: '../schemas/openapi.json',
  output: { path: 'src/api', clean: true },
  parser: { filters: { operations: { exclude: ['/ \\/(hub\\/v1|oauth)\\//', '/\\.well-known/'] } } },
  plugins: [
    { name: '@hey-api/client-fetch', runtimeConfigPath: './src/session/transport' },
    '@hey-api/typescript',
    '@hey-api/sdk',
    '@tanstack/react-query',
  ],
});
