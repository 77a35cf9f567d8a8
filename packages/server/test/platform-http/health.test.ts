import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createHealth, leastFreeBytes } from '../../src/platform/http/health.ts'
import { startServer } from '../../src/server.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { memoryLog, secretsFor, startTestServer } from '../support/test-server.ts'

const working = { ping: async () => {}, freeBytes: async () => null }

describe('What /health finds (M5)', () => {
  const check = (ports: Partial<Parameters<typeof createHealth>[0]>) => {
    const health = createHealth({ ...working, clock: new ManualClock(), ...ports })
    health.working()
    return health.check()
  }

  test('a database that answers: ok', async () => {
    expect(await check({})).toEqual({ status: 'ok', database: 'ok' })
  })

  test('a database that is gone', async () => {
    const report = await check({ ping: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.5')) })
    expect(report).toEqual({
      status: 'unavailable',
      reason: 'database.unavailable',
      detail: 'The database does not answer.',
    })
  })

  test('a database that hangs counts as gone after a second and a half', async () => {
    const clock = new ManualClock()
    const report = check({ clock, ping: () => new Promise(() => {}) })
    await clock.advance(1500)
    expect(await report).toMatchObject({ reason: 'database.unavailable' })
    expect(clock.sleeping).toBe(0)
  })

  const disks: [string, number | null, string][] = [
    ['too little space', leastFreeBytes - 1, 'unavailable'],
    ['just enough space', leastFreeBytes, 'ok'],
    ['a disk that is not ours to see', null, 'ok'],
  ]
  for (const [what, free, status] of disks) {
    test(`${what}: ${status}`, async () => {
      expect(await check({ freeBytes: async () => free })).toMatchObject({ status })
    })
  }

  test('until it works, the reason is the step of the start', async () => {
    const health = createHealth({ ...working, clock: new ManualClock() })
    expect(await health.check()).toMatchObject({ reason: 'starting' })
    health.notYet('migrating', 'The database is being brought to the present version.')
    expect(await health.check()).toMatchObject({ reason: 'migrating' })
  })

  test('a thousand probes at once ask the database once', async () => {
    let asked = 0
    const clock = new ManualClock()
    const health = createHealth({
      ...working,
      clock,
      ping: async () => {
        asked += 1
      },
    })
    health.working()
    await Promise.all(Array.from({ length: 1000 }, () => health.check()))
    expect(asked).toBe(1)
    await clock.advance(500)
    await health.check()
    expect(asked).toBe(2)
  })
})

describe('GET /health over the life of a server', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apportion-health-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('is 200 without sign-in when the server works', async () => {
    await using running = await startTestServer()
    const { status, json, headers } = await running.browser().get('/health')
    expect([status, json]).toEqual([200, { status: 'ok', database: 'ok' }])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('is 503 while the database cannot be reached, and 200 once it can', async () => {
    await using database = await createTestDatabase()
    await using proxy = await openGate(database.connection)
    proxy.close()
    const urls: string[] = []
    const starting = startServer(configFor(folder), secretsFor(proxy.url), {
      clock: systemClock,
      log: memoryLog([]),
      features: [],
      onListening: (url) => urls.push(url),
    })
    await expect.poll(() => urls.length, { timeout: 10_000 }).toBe(1)
    const [url = ''] = urls
    await expect.poll(() => healthOf(url), { timeout: 10_000 }).toEqual([503, 'database.unavailable'])
    const problem = await fetch(`${url}/api/v1/session`)
    expect([problem.status, problem.headers.get('content-type')]).toEqual([503, 'application/problem+json'])
    expect(await problem.json()).toMatchObject({ code: 'server.starting' })
    const page = await fetch(`${url}/`)
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('Apportion is starting')])
    proxy.open()
    await using server = await starting
    expect(await healthOf(server.url)).toEqual([200, undefined])
  })

  test('turns 503 when the database goes away under it, answers quickly, and recovers', async () => {
    await using database = await createTestDatabase()
    await using proxy = await openGate(database.connection)
    await using server = await startServer(configFor(folder), secretsFor(proxy.url), {
      log: memoryLog([]),
      features: [],
    })
    expect(await healthOf(server.url)).toEqual([200, undefined])
    proxy.freeze()
    await pause(600)
    const started = performance.now()
    expect(await healthOf(server.url)).toEqual([503, 'database.unavailable'])
    expect(performance.now() - started).toBeLessThan(5000)
    proxy.close()
    await pause(600)
    expect(await healthOf(server.url)).toEqual([503, 'database.unavailable'])
    const refused = await fetch(`${server.url}/api/v1/setup`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await refused.json()).toMatchObject({ code: 'database.unavailable' })
    proxy.open()
    await expect.poll(() => healthOf(server.url), { timeout: 15_000 }).toEqual([200, undefined])
    expect((await fetch(`${server.url}/api/v1/setup`)).status).toBe(200)
  })

  test('a stop while the database is awaited ends the start', async () => {
    const stopping = new AbortController()
    const starting = startServer(configFor(folder), secretsFor('postgresql://nobody@127.0.0.1:1/none'), {
      log: memoryLog([]),
      features: [],
      signal: stopping.signal,
      onListening: () => stopping.abort(new Error('told to stop')),
    })
    await expect(starting).rejects.toThrow('told to stop')
  })

  test('a port that is taken is said before the database is touched', async () => {
    await using running = await startTestServer()
    const config = parseConfig({ PORT: String(running.server.port), APPORTION_DATA: folder })
    await expect(startServer(config, { ...secretsFor(''), databaseUrl: null })).rejects.toMatchObject({
      code: 'listen.port_taken',
      message: expect.stringContaining('set PORT to another'),
    })
  })
})

test('main.ts prints the address and the setup link, and ends with 0 on SIGTERM', async () => {
  await using database = await createTestDatabase()
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_URL: database.url,
      APPORTION_KEY: Buffer.alloc(32).toString('base64'),
    },
  })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += String(chunk)
  })
  await expect
    .poll(() => printed, { timeout: 30_000 })
    .toMatch(/Make the first administrator at http:\/\/localhost:\d+\/setup#[\w-]{22}/)
  const [, url = ''] = /listens at (\S+)/.exec(printed) ?? []
  expect(await healthOf(url)).toEqual([200, undefined])
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('main.ts says what is wrong in one message without a stack and ends with 1', async () => {
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, PORT: 'http', LOG_LEVEL: 'loud' },
  })
  let printed = ''
  child.stderr.on('data', (chunk) => {
    printed += String(chunk)
  })
  expect(await once(child, 'close')).toEqual([1, null])
  expect(printed).toMatch(
    /^The configuration cannot be used:\n {2}PORT="http": .+\n {2}LOG_LEVEL="loud": .+\n$/,
  )
})

test('the embedded database comes back by itself after it was killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-embedded-'))
  const config = parseConfig({ PORT: '0', APPORTION_DATA: folder })
  const lines: string[] = []
  {
    await using server = await startServer(
      config,
      { ...secretsFor(''), databaseUrl: null },
      { log: memoryLog(lines), features: [] },
    )
    const pid = lines.map((line) => JSON.parse(line)).find(({ pid }) => typeof pid === 'number').pid
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(() => healthOf(server.url), { interval: 20, timeout: 5000 })
      .toEqual([503, 'database.unavailable'])
    await expect.poll(() => healthOf(server.url), { timeout: 20_000 }).toEqual([200, undefined])
    expect(await (await fetch(`${server.url}/api/v1/setup`)).json()).toEqual({ needed: true })
  }
  await rm(folder, { recursive: true })
})

async function healthOf(url: string): Promise<[number, string | undefined]> {
  const answer = await fetch(`${url}/health`)
  const { reason } = (await answer.json()) as { reason?: string }
  return [answer.status, reason]
}

function configFor(folder: string) {
  return parseConfig({ PORT: '0', DATABASE_URL: 'postgresql://given@apart/', APPORTION_DATA: folder })
}

interface Gate extends AsyncDisposable {
  readonly url: string
  /** Lets connections through. */
  open(): void
  /** Refuses connections and breaks those there are. */
  close(): void
  /** Keeps connections and passes nothing on, as a machine that hangs does. */
  freeze(): void
}

/** Stands between the server and PostgreSQL, so that the database can be taken away and given back. */
async function openGate(
  connection: Awaited<ReturnType<typeof createTestDatabase>>['connection'],
): Promise<Gate> {
  if (typeof connection === 'string') throw new Error('The gate needs a unix socket')
  const { connect } = await import('node:net')
  const path = `${connection.host}/.s.PGSQL.${connection.port ?? 5432}`
  const sockets = new Set<Socket>()
  let state: 'open' | 'closed' | 'frozen' = 'open'
  const server: Server = createServer((near) => {
    if (state === 'closed') return near.destroy()
    const far = connect(path)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => {
        if (state === 'open') to.write(chunk)
      })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
    return near
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `postgresql://${connection.user}@127.0.0.1:${port}/${connection.database}`,
    open: () => {
      state = 'open'
    },
    close: () => {
      state = 'closed'
      breakAll()
    },
    freeze: () => {
      state = 'frozen'
    },
    async [Symbol.asyncDispose]() {
      breakAll()
      server.close()
      await once(server, 'close')
    },
  }
}
