import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiClient, unwrap } from '@apportion/api-client/client'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''
const running = new Set<ChildProcess>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'))
})

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  // What a killed demo started ends by itself.
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 })
})

/** Starts the demo and waits until it says that it is ready. */
async function startDemo() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'demo.ts'), '--state', folder], {
    env: { ...process.env, PORT: '0' },
  })
  running.add(child)
  const exited = once(child, 'close')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text
    })
  }
  const ready = new Promise<RegExpMatchArray>((resolve, reject) => {
    child.stdout.on('data', () => {
      const match = output.match(/Console +(\S+)\n +E-mail +(\S+)\n +Password +(\S+)\n/)
      if (match !== null) resolve(match)
    })
    child.once('close', () => reject(new Error(`The demo ended:\n${output}`)))
  })
  const [, url = '', email = '', password = ''] = await ready
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const [code] = await exited
    running.delete(child)
    return code
  }
  return { url, email, password, stop, output: () => output }
}

async function signIn(baseUrl: string, body: { email: string; password: string }) {
  const answer = await createApiClient({ baseUrl }).POST('/api/v1/session', { body })
  const cookie = answer.response.headers.getSetCookie().map((line) => line.split(';', 1)[0])
  return { status: answer.response.status, headers: { cookie: cookie.join('; ') } }
}

test('the first start enters the organization and prints a sign-in that works; the second goes on from there', async () => {
  const first = await startDemo()
  const session = await signIn(first.url, first)
  expect(session.status).toBe(201)
  const { headers } = session
  const overview = await createApiClient({ baseUrl: first.url }).GET('/api/v1/overview', { headers })
  const { licenses } = unwrap(overview)
  expect(licenses).toMatchObject({ granting: 0, waiting: expect.any(Number) })
  expect(licenses.used).toBeGreaterThan(1000)
  expect(licenses.waiting).toBeGreaterThan(0)
  expect(await (await fetch(first.url)).text()).toContain('<div id="root"')
  expect(await first.stop('SIGINT')).toBe(0)

  const second = await startDemo()
  expect(second.output()).not.toContain('Imported')
  expect((await signIn(second.url, first)).status).toBe(201)
  expect(await second.stop('SIGTERM')).toBe(0)
}, 240_000)

test('the password is for the owner of the folder alone', async () => {
  const file = join(folder, 'demo.json')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ seeded: true })
})
