import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Builds the console into `dist/console`, which the server serves. While developing, `npx vite`
 * serves it with the API of the server at APPORTION_URL.
 */
export default defineConfig(({ mode }) => {
  const server = mode === 'development' ? (process.env.APPORTION_URL ?? 'http://127.0.0.1:8080') : ''
  return {
    root: folder('./src/console'),
    base: '/',
    plugins: [react()],
    build: {
      outDir: folder('./dist/console'),
      emptyOutDir: true,
      target: 'es2022',
      // The content security policy allows no data: scripts or styles, so nothing is inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1500,
    },
    server: { proxy: server === '' ? {} : { '/api': { target: server, changeOrigin: false } } },
  }
})
