/**
 * Serves the console: its built files, and its page for every other address that is not the API's,
 * so that an address inside the console can be opened, reloaded and shared.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { plainPage } from './pages.ts'
import type { HttpApp } from './routes.ts'

/** What the built page holds wherever a nonce belongs (Vite: `html.cspNonce`). */
export const noncePlaceholder = '__CSP_NONCE__'

/** Serves the files in `folder`. Without the folder every page says that the console is not built. */
export async function serveConsoleFiles(app: HttpApp, folder: string): Promise<void> {
  if (!existsSync(folder)) return
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    index: false,
    // Everything else is the console's page, which sendConsolePage gives its nonce.
    allowedPath: (path) => isFileAddress(path) && path !== '/index.html',
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite puts a hash of the content into the names below assets/.
      const lasting = path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
      reply.header('cache-control', lasting)
    },
  })
}

/** Whether an address without a file of its own is one of the console's pages. */
export function isConsoleAddress(method: string, path: string): boolean {
  const isRead = method === 'GET' || method === 'HEAD'
  return isRead && !path.startsWith('/api/') && path !== '/api' && !isFileAddress(path)
}

function isFileAddress(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).includes('.')
}

/** Answers with the console's page, whose styles and scripts carry a nonce made for this one answer. */
export async function sendConsolePage(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const page = await readPage(folder)
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store')
  if (page === null) {
    const text = [
      'The server works, but its console has not been built.',
      'Build it with `npm run build -w @apportion/web`, then start the server again.',
    ]
    return reply.code(503).send(plainPage('The console is not built', text))
  }
  const nonce = randomBytes(16).toString('base64')
  return reply.header('content-security-policy', pagePolicy(nonce)).send(withNonce(page, nonce))
}

async function readPage(folder: string): Promise<string | null> {
  try {
    return await readFile(join(folder, 'index.html'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Fills in the nonce; a page built without a place for it gets one, so that its scripts can read it. */
function withNonce(page: string, nonce: string): string {
  const filled = page.replaceAll(noncePlaceholder, nonce)
  if (filled.includes('csp-nonce')) return filled
  return filled.replace('<head>', `<head><meta property="csp-nonce" nonce="${nonce}">`)
}

/**
 * Nothing from elsewhere, no inline script or style without this answer's nonce, in nobody's frame.
 * `styles` is for a page whose styles cannot carry a nonce.
 */
export function pagePolicy(nonce: string, styles = `'nonce-${nonce}'`): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' ${styles}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
