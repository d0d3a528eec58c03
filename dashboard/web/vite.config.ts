/** Builds the page into `dashboard/dist/web`; `npm run dev -w dashboard` serves it beside a server on port 8300. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { firstLoad } from './first-load.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), firstLoad(300)],
  // The workspace's root holds an older React, which the infrastructure's command line brings along.
  resolve: { dedupe: ['react', 'react-dom'] },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8300' } },
});
