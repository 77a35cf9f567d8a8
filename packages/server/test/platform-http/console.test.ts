import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../support/test-server.ts'

const page = `<!doctype html><html><head><meta property="csp-nonce" nonce="__CSP_NONCE__">
<script type="module" nonce="__CSP_NONCE__" src="/assets/index-a1b2.js"></script></head><body></body></html>`

describe('The console', () => {
  let folder: string
  let running: TestServer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apportion-console-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), page)
    await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await writeFile(
      join(folder, 'assets', 'index-a1b2.js'),
      `console.log(${JSON.stringify('x'.repeat(4000))})`,
    )
    running = await startTestServer({ consoleFolder: folder })
  })
  afterAll(async () => {
    await running[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const pages = ['/', '/apps', '/apps/42/holders?q=maps', '/setup', '/index', '/assets/', '/assets']
  for (const path of pages) {
    test(`${path} is the console's page`, async () => {
      const { status, headers, text } = await running.browser().get(path)
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      expect(text).toContain('/assets/index-a1b2.js')
      expect(headers.get('cache-control')).toBe('no-store')
    })
  }

  test('each page has a nonce of its own, in its markup and in its policy', async () => {
    const answers = await Promise.all([running.browser().get('/'), running.browser().get('/')])
    const nonces = answers.map(({ text, headers }) => {
      const [, nonce = ''] = /csp-nonce" nonce="([^"]+)"/.exec(text) ?? []
      expect(text).not.toContain('__CSP_NONCE__')
      expect(headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`)
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
      return nonce
    })
    expect(nonces[0]).toMatch(/^[\w+/]{22}==$/)
    expect(nonces[0]).not.toBe(nonces[1])
  })

  test('files with a hash in their name are kept for a year, others are asked for again', async () => {
    const script = await running.browser().get('/assets/index-a1b2.js')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(script.headers.get('content-type')).toContain('javascript')
    expect(script.headers.get('content-encoding')).toBe('gzip')
    const icon = await running.browser().get('/favicon.svg')
    expect(icon.headers.get('cache-control')).toBe('no-cache')
  })

  const absent = [
    '/assets/gone.js',
    '/robots.txt',
    '/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/.env',
  ]
  for (const path of absent) {
    test(`${path} is not found, and is not the page either`, async () => {
      const { status, text } = await running.browser().get(path)
      expect([status, text.includes('assets/index')]).toEqual([404, false])
    })
  }

  test('without a built console the page says how to build it', async () => {
    await using bare = await startTestServer({ consoleFolder: join(folder, 'missing') })
    const { status, text, headers } = await bare.browser().get('/apps')
    expect([status, headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
    expect(text).toContain('<code>npm run build -w @apportion/web</code>')
  })
})
