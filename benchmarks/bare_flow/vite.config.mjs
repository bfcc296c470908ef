import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../portal/node_modules', import.meta.url));
const from = (name) => ({ find: new RegExp(`^${name}(?=/|$)`), replacement: `${modules}/${name}` });

// React Flow and React as the portal has them; the page stands outside of its folder.
export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  resolve: { alias: ['@xyflow/react', 'react-dom', 'react'].map(from) },
  build: { emptyOutDir: true, target: 'es2023' },
  logLevel: 'warn',
};
