import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseConfig } from '../../src/config/config.ts'
import type { BackgroundWorker, Feature } from '../../src/feature.ts'
import { defineContract, route } from '../../src/platform/http/routes.ts'
import { type ServerOverrides, startServer } from '../../src/server.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { memoryLog, secretsFor, startTestServer } from '../support/test-server.ts'

const slow = defineContract({
  method: 'GET',
  url: '/api/v1/test/slow',
  operationId: 'slow',
  summary: 'Answers when the test lets it',
  tags: ['test'],
  access: 'public',
  response: { 200: z.object({ done: z.boolean() }) },
})

/** A feature whose one route waits, and tells whether its caller has gone away. */
function slowFeature() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<AbortSignal>()
  const feature: Feature = {
    name: 'slow',
    open: () => ({
      routes: (app) =>
        route(app, slow, async ({ signal }) => {
          begun.resolve(signal)
          await released
          return { done: true }
        }),
    }),
  }
  return { feature, release, begun: begun.promise }
}

describe('A stop', () => {
  test('lets a request under way finish, and takes no new one', async () => {
    const { feature, release, begun } = slowFeature()
    const running = await startTestServer({ features: [feature] })
    const answer = running.browser().get('/api/v1/test/slow')
    await begun
    const stopped = running.server[Symbol.asyncDispose]()
    await expect
      .poll(() =>
        fetch(`${running.url}/health`).then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .toBe('refused')
    release()
    expect((await answer).text).toBe('{"done":true}')
    await stopped
    await running.database[Symbol.asyncDispose]()
  })

  test('cuts off what takes longer than ten seconds', async () => {
    const clock = new ManualClock()
    const { feature, release, begun } = slowFeature()
    const running = await startTestServer({ features: [feature], clock })
    const answer = running.browser().get('/api/v1/test/slow')
    answer.catch(() => {})
    await begun
    const stopped = running.server[Symbol.asyncDispose]()
    await expect.poll(() => clock.sleeping).toBeGreaterThan(0)
    await clock.advance(10_000)
    await expect(answer).rejects.toThrow('fetch failed')
    release()
    await stopped
    await running.database[Symbol.asyncDispose]()
  })

  test('does not wait for connections that are kept alive without a request', async () => {
    const running = await startTestServer()
    await running.browser().get('/health')
    const started = performance.now()
    await running[Symbol.asyncDispose]()
    expect(performance.now() - started).toBeLessThan(9000)
  })
})

test('a handler hears that its caller has gone away', async () => {
  const { feature, release, begun } = slowFeature()
  await using running = await startTestServer({ features: [feature] })
  const call = request(`${running.url}/api/v1/test/slow`)
  call.on('error', () => {})
  call.end()
  const signal = await begun
  expect(signal.aborted).toBe(false)
  call.destroy()
  await expect.poll(() => signal.aborted).toBe(true)
  release()
})

describe('Background workers', () => {
  const worker = (name: string, events: string[], fails = false): BackgroundWorker => ({
    name,
    start: async () => {
      if (fails) throw new Error(`${name} cannot start`)
      events.push(`${name} starts`)
      return {
        async [Symbol.asyncDispose]() {
          events.push(`${name} stops`)
        },
      }
    },
  })
  const start = async (workers: readonly BackgroundWorker[], overrides: ServerOverrides = {}) => {
    const database = await createTestDatabase()
    const config = parseConfig({ PORT: '0', DATABASE_URL: database.url })
    const feature: Feature = { name: 'test', open: () => ({ workers }) }
    const server = startServer(config, secretsFor(database.url), {
      log: memoryLog([]),
      features: [feature],
      ...overrides,
    })
    return { server, database }
  }

  test('start in their order and stop in the reverse', async () => {
    const events: string[] = []
    const { server, database } = await start([worker('sync', events), worker('send', events)])
    await (await server)[Symbol.asyncDispose]()
    expect(events).toEqual(['sync starts', 'send starts', 'send stops', 'sync stops'])
    await database[Symbol.asyncDispose]()
  })

  test('that have started are stopped when a later one cannot start, and the port is free again', async () => {
    const events: string[] = []
    const urls: string[] = []
    const { server, database } = await start([worker('sync', events), worker('send', events, true)], {
      onListening: (url) => urls.push(url),
    })
    await expect(server).rejects.toThrow('send cannot start')
    expect(events).toEqual(['sync starts', 'sync stops'])
    await expect(fetch(`${urls[0]}/health`)).rejects.toThrow('fetch failed')
    await database[Symbol.asyncDispose]()
  })
})
