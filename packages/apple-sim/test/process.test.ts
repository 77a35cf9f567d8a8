import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startAppleSim } from '../src/apple-sim.ts'
import { startControlPlane } from '../src/control-plane.ts'
import { CONTROLS } from '../src/controls.ts'
import { deviceControls } from '../src/devices/device-controls.ts'
import { startDevices } from '../src/devices/devices.ts'
import { caller } from './support/scene.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Addresses {
  readonly origin: string
  readonly controlUrl: string
  readonly locations: readonly { readonly uId: string; readonly name: string }[]
}

async function startProcess(...args: string[]): Promise<{ process: ChildProcess; addresses: Addresses }> {
  const child = spawn(process.execPath, [MAIN, '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const [line] = await once(lines, 'line')
  return { process: child, addresses: JSON.parse(String(line)) }
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = await ended
  return code
}

/** Sends JSON to a control port and gives the status and the parsed answer. */
async function control(url: string, method: string, body?: unknown) {
  const response = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const answer: Record<string, unknown> & {
    readonly tokens: readonly { readonly file: string }[]
    readonly file: string
    readonly error: string
  } = JSON.parse(await response.text())
  return { status: response.status, body: answer }
}

test('the process starts the demo organization, stops on SIGTERM, and goes on from its folder', async () => {
  const state = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    const first = await startProcess('--organization', 'demo', '--state', state)
    const { addresses } = first
    expect(addresses.locations.map(({ name }) => name)).toEqual(['Meridian College', 'Meridian Head Office'])
    const tokensUrl = (from: Addresses) =>
      `${from.controlUrl}/locations/${addresses.locations[0]?.uId}/tokens`
    const file = (await control(tokensUrl(addresses), 'GET')).body.tokens[0]?.file
    const before = (await caller(addresses, file).get('/assets')).body
    expect(before.assets).toHaveLength(34)
    expect(await stop(first.process)).toBe(0)
    expect((await stat(join(state, 'apple-sim.json'))).mode & 0o777).toBe(0o600)

    const second = await startProcess('--organization', 'demo', '--state', state)
    expect((await caller(second.addresses, file).get('/assets')).body).toEqual(before)
    expect((await control(tokensUrl(second.addresses), 'GET')).body.tokens).toHaveLength(1)
    expect(await stop(second.process)).toBe(0)
  } finally {
    await rm(state, { recursive: true })
  }
})

const wrongOptions: [string, string][] = [
  ['--organization=none', '--organization must be demo, school, company or empty, not none'],
  ['--devices=few', '--devices must be a whole number, not few'],
  ['--devices=0', '"devices" must be a whole number from 1 to 2000000, not 0'],
  ['--directory=/nowhere', '--directory needs an --organization that has one: demo, school or company'],
]
test('a wrong option is named and ends the process', async () => {
  const said = wrongOptions.map(async ([option]) => {
    const child = spawn(process.execPath, [MAIN, option], { stdio: ['ignore', 'ignore', 'pipe'] })
    const chunks: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    const [code] = await once(child, 'close')
    return [code, Buffer.concat(chunks).toString()]
  })
  expect(await Promise.all(said)).toEqual(wrongOptions.map(([, reason]) => [1, `apple-sim: ${reason}\n`]))
})

test('the process invents an organization by numbers, and writes its directory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    const flags = ['--devices=90', '--locations=2', '--seed=3', '--directory', folder]
    const { process: child, addresses } = await startProcess(...flags)
    expect(addresses.locations).toHaveLength(2)
    const devices = await readFile(join(folder, 'devices.csv'), 'utf8')
    expect(devices.trimEnd().split('\r\n')).toHaveLength(91)
    expect(await stop(child)).toBe(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a kill takes back nothing that a client or a control was told', async () => {
  const state = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    const first = await startProcess('--state', state)
    const control1 = (path: string, body: unknown) =>
      control(`${first.addresses.controlUrl}${path}`, 'POST', body)
    await control1('/locations', { uId: '7', name: 'Harbor school', organizationName: 'HARBOR' })
    await control1('/locations/7/own', { adamId: '1', total: 50 })
    const { file } = (await control1('/locations/7/tokens', {})).body
    await control1('/locations/7/fill', { adamId: '1', count: 20 })
    const serialNumbers = Array.from({ length: 30 }, (_, index) => `D${index}`)
    const write = { assets: [{ adamId: '1' }], serialNumbers }
    const { eventId } = (await caller(first.addresses, file).post('/assets/associate', write)).body
    const killed = once(first.process, 'exit')
    first.process.kill('SIGKILL')
    await killed

    const second = await startProcess('--state', state)
    const client = caller(second.addresses, file)
    expect((await client.get(`/status?eventId=${eventId}`)).body).toMatchObject({ numRequested: 30 })
    await control(`${second.addresses.controlUrl}/settle`, 'POST')
    expect((await client.get(`/status?eventId=${eventId}`)).body.eventStatus).toBe('COMPLETE')
    const [asset] = (await client.get('/assets')).body.assets
    expect(asset).toMatchObject({ assignedCount: 50, availableCount: 0 })
    expect(await stop(second.process)).toBe(0)
  } finally {
    await rm(state, { recursive: true })
  }
})

async function controlled() {
  const apple = await startAppleSim({ knobs: { processing: { minMs: 0, maxMs: 0 } } })
  const plane = await startControlPlane(apple, 0)
  return {
    apple,
    plane,
    post: (path: string, body: unknown) => control(`${plane.origin}${path}`, 'POST', body),
    get: (path: string) => control(`${plane.origin}${path}`, 'GET'),
    async [Symbol.asyncDispose]() {
      await plane[Symbol.asyncDispose]()
      await apple.close()
    },
  }
}

test('the control port sets up a location, changes it, breaks it, and shows what came of it', async () => {
  await using at = await controlled()
  await at.post('/locations', { uId: '7', name: 'Harbor school', organizationName: 'HARBOR' })
  const { file } = (await at.post('/locations/7/tokens', {})).body
  const client = caller(at.apple, file)
  await at.post('/titles', { adamId: '1', name: 'Fractal', publisher: 'Abacus', kind: 'iosSoftware' })
  await at.post('/locations/7/own', { adamId: '1', total: 5 })
  await at.post('/locations/7/buy', { adamId: '1', count: 5 })
  await at.post('/locations/7/assign-outside', { adamId: '1', serialNumbers: ['D1', 'D2'] })
  await at.post('/locations/7/refund', { adamId: '1', count: 3 })
  expect((await at.get('/locations/7')).body).toMatchObject({
    heldCount: 2,
    assets: [{ adamId: '1', total: 7, assigned: 2, available: 5, retired: 0 }],
  })
  expect((await at.get('/locations/7/assignments')).body.assignments).toHaveLength(2)

  await at.post('/faults', { fault: '503', retryAfter: 1, match: '/assets' })
  expect((await client.get('/assets')).status).toBe(503)
  await control(`${at.plane.origin}/faults`, 'DELETE')
  expect((await client.get('/assets')).status).toBe(200)
  await at.post('/locations/7/take-over', { id: 'x', name: 'Another', metadata: 'm' })
  expect((await client.get('/assets')).body.mdmInfo.name).toBe('Another')
  await at.post('/knobs', { pageSize: 1, processing: { tasksPerSecond: null } })
  expect((await client.get('/assignments')).body.totalPages).toBe(2)
  await at.post('/clock/advance', { ms: 366 * 24 * 3_600_000 })
  expect((await client.get('/assets')).body.errorNumber).toBe(9621)
  expect((await at.get('/requests')).body).toMatchObject({ total: 5 })
})

test('a malformed control is 400 with the reason, an impossible one 409, an unknown one 404 with the list', async () => {
  await using at = await controlled()
  await at.post('/locations', { uId: '7', name: 'Harbor school', organizationName: 'HARBOR' })
  const table: [string, unknown, number, RegExp][] = [
    ['/locations', { name: 'x' }, 400, /"organizationName" must be a text/],
    ['/locations/7/buy', { adamId: '1', count: 'many' }, 400, /"count" must be a number/],
    ['/locations/7/refund', { adamId: '1', count: 1 }, 409, /does not own 1/],
    ['/locations/8/buy', { adamId: '1', count: 1 }, 409, /no location 8; known are 7/],
    ['/knobs', { pagesize: 3 }, 400, /no knob pagesize/],
    ['/faults', { fault: 'flood' }, 400, /"fault" must be one of 429, 500/],
    ['/nothing', {}, 404, /no control POST \/nothing/],
  ]
  for (const [path, body, status, reason] of table) {
    const reply = await at.post(path, body)
    expect([path, reply.status]).toEqual([path, status])
    expect(reply.body.error).toMatch(reason)
  }
})

test('the control port refuses a request that names another host, as a rebinding web page would', async () => {
  await using at = await controlled()
  const call = request(`${at.plane.origin}/state`, { headers: { host: 'evil.example' } }).end()
  const [response] = await once(call, 'response')
  expect(response.statusCode).toBe(403)
})

test('the control port invents an organization, writes its directory, and plays scenarios', async () => {
  await using at = await controlled()
  const folder = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    expect((await at.post('/directory', { folder })).status).toBe(400)
    const made = (await at.post('/organization', { preset: 'company', devices: 60, locations: 2, seed: 9 }))
      .body
    expect(made).toMatchObject({
      size: { devices: 60 },
      locations: [{ name: 'Rotterdam' }, { name: 'Antwerp' }],
    })
    expect((await at.post('/directory', { folder })).body.paths).toHaveLength(3)
    expect((await readFile(join(folder, 'devices.csv'), 'utf8')).trimEnd().split('\r\n')).toHaveLength(61)

    const run = (await at.post('/scenarios', { name: 'x', steps: [{ at: '1h', fault: '500' }] })).body
    expect(run).toMatchObject({ id: 1, state: 'playing', steps: [{ state: 'waiting' }] })
    expect((await control(`${at.plane.origin}/scenarios/1`, 'DELETE')).body).toMatchObject({
      state: 'stopped',
    })
    const made2 = (await at.post('/scenarios/random', { seed: 4, steps: 3, print: true })).body
    expect(made2).toMatchObject({ scenario: { name: 'random-4', seed: 4 } })
    expect((await at.get('/scenarios')).body.scenarios).toHaveLength(1)
    await at.post('/faults', { fault: 'lose', times: 2, chance: 0.5 })
    expect((await at.get('/faults')).body.active).toEqual([
      { fault: 'lose', times: 2, chance: 0.5, left: 2, hits: 0 },
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what is malformed in an organization, a scenario or a list is 400 with the place and the value', async () => {
  await using at = await controlled()
  await at.post('/locations', { uId: '7', name: 'Harbor school', organizationName: 'HARBOR' })
  const table: [string, unknown, RegExp][] = [
    ['/organization', { devices: 0 }, /"devices" must be a whole number from 1/],
    ['/organization', { preset: 'army' }, /"preset" must be one of school, company/],
    ['/organization', { device: 5 }, /There is no device; known are preset, devices/],
    ['/scenarios', { steps: [{ fault: '500', chance: 2 }] }, /^steps\[0\]\.chance must be .* not 2$/],
    ['/scenarios/random', { seed: 1, steps: 1e9 }, /^steps must be a whole number from 1 to 10000/],
    ['/scenarios/random', { seed: 1, harsh: 'yes' }, /"harsh" must be true or false/],
  ]
  for (const [path, body, reason] of table) {
    const reply = await at.post(path, body)
    expect([path, reply.status]).toEqual([path, 400])
    expect(reply.body.error).toMatch(reason)
  }
  expect((await at.get('/locations/7/assignments?limit=5000')).status).toBe(400)
})

test('the guide names every control with its fields, and no other', async () => {
  const guide = await readFile(new URL('../../../docs/guide/simulator.md', import.meta.url), 'utf8')
  const named = [...guide.matchAll(/^\| `((?:GET|POST|DELETE) [^`]+)` \| (.+) \|$/gm)].map(
    ([, key, purpose]) => `${key}  ${purpose}`,
  )
  await using apple = await startAppleSim()
  await using devices = await startDevices(apple)
  const all = [...CONTROLS, ...deviceControls(devices)]
  expect(named).toEqual(all.map(({ usage }) => usage))
})

test('no address that a web page makes up ends the process, and no page of another site is answered', async () => {
  await using apple = await startAppleSim()
  await using plane = await startControlPlane(apple, 0)
  const { port } = new URL(plane.origin)
  const raw = (target: string, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: target, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })
  expect(await raw('//')).toBeLessThan(500)
  expect(await raw('/state', { 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await raw('/state')).toBe(200)
})
