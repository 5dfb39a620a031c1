import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  build: {
    outDir: '../beffroi/api/page',
    // Not « assets »: that is where the pages of equipment are.
    assetsDir: 'static',
    emptyOutDir: true,
    // The page is served under `default-src 'self'`: no data: URL, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://localhost:8010' } },
})
