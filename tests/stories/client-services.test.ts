/** The client against the simulator, which was written without it: subscriptions, and the services that tell of titles. */
import { startAppleSim } from '@apportion/apple-sim/apple-sim'
import { manualClock } from '@apportion/apple-sim/clock'
import { createAppsBooksClient } from '@apportion/apps-books/client'
import type { Clock } from '@apportion/apps-books/clock'
import { contentLookupSource } from '@apportion/apps-books/content-source'
import { createDeveloperTokens, readDeveloperKey } from '@apportion/apps-books/developer-token'
import { AppleError } from '@apportion/apps-books/errors'
import { lookupUrlOf } from '@apportion/apps-books/metadata'
import { organizationSource } from '@apportion/apps-books/organization-source'
import { publicLookupSource } from '@apportion/apps-books/public-source'
import { titlesFrom } from '@apportion/apps-books/title-sources'
import { describe, expect, test } from 'vitest'

const reading = 7001
const app = 900_001

async function start(knobs: object = {}) {
  const apple = await startAppleSim({ clock: manualClock(Date.now()), knobs: { pageSize: 2, ...knobs } })
  const location = apple.world.addLocation({ name: 'Utrecht', organizationName: 'Meridian', country: 'NL' })
  const { file } = location.mintToken()
  const clock: Clock = {
    now: () => new Date(apple.clock.now()),
    async sleep(ms) {
      apple.clock.advance(ms)
      await apple.world.drain()
    },
  }
  const allowedHosts = [new URL(apple.origin).host]
  const wire = { allowedHosts, allowPlainHttpLoopback: true, clock }
  const client = createAppsBooksClient({ ...wire, serviceConfigUrl: apple.serviceConfigUrl, token: file })
  return { apple, location, file, client, clock, wire }
}

async function all<T>(pages: AsyncIterable<{ readonly records: readonly T[] }>): Promise<T[]> {
  const records: T[] = []
  for await (const page of pages) records.push(...page.records)
  return records
}

const refusalOf = async (work: Promise<unknown>) => {
  const error = await work.catch((thrown: unknown) => thrown)
  if (!(error instanceof AppleError)) throw new Error('Apple did not refuse')
  return { code: error.code, number: error.errorNumber }
}

describe.each([
  ['named by the service config', true],
  ['not named there', false],
])('subscriptions, their addresses %s', (_, subscriptionUrls) => {
  test('are enabled, given as seats, read by cursor, taken back and disabled', async () => {
    const { apple, location, client } = await start({ subscriptionUrls })
    await using _ = apple
    const { subscriptions } = client
    expect(await subscriptions.enable()).toMatchObject({ subscriptionManagement: true })
    location.subscriptions.buy({ adamId: reading, parentAdamId: app, renewing: 4, expiring: 1 })
    const people = ['ada', 'bob', 'cleo']
    for (const clientUserId of people) {
      location.addUser({ clientUserId })
      location.acceptInvitation(clientUserId)
    }
    const { eventId } = await subscriptions.associate({
      adamIds: [reading],
      clientUserIds: people,
      renewing: true,
    })
    await apple.world.settle()
    expect(await client.status(eventId)).toMatchObject({ eventStatus: 'COMPLETE', numCompleted: 3 })
    expect((await all(subscriptions.assignments())).map((seat) => seat.clientUserId)).toEqual(people)
    expect(await all(subscriptions.list())).toMatchObject([
      {
        adamId: reading,
        parentAdamId: app,
        counts: { assigned: { renewing: 3 }, available: { renewing: 1, expiring: 1 } },
      },
    ])
    await subscriptions.addAdmins({ adamIds: [reading], clientUserIds: ['ada'] })
    expect((await all(subscriptions.admins())).map((admin) => admin.clientUserId)).toEqual(['ada'])
    await subscriptions.removeAdmins({ adamIds: [reading], clientUserIds: ['ada'] })
    expect(await all(subscriptions.admins())).toEqual([])
    expect(await refusalOf(subscriptions.disable())).toMatchObject({ number: 9818 })
    await subscriptions.disassociate({ adamIds: [reading], clientUserIds: people })
    await apple.world.settle()
    expect(await all(subscriptions.assignments())).toEqual([])
    location.subscriptions.refund(reading, { renewing: 4, expiring: 1 })
    expect(await subscriptions.disable()).toMatchObject({ subscriptionManagement: false })
  })
})

test('titles come from the API for organizations, the content lookup and the public lookup in turn', async () => {
  const { apple, file, client, clock, wire } = await start()
  await using _ = apple
  const { world, origin } = apple
  world.addTitle({ adamId: '101', name: 'Fractal', kind: 'iosSoftware', publisher: 'Abacus', price: 4.99 })
  world.addTitle({ adamId: '103', name: 'Delft', kind: 'epubBook', publisher: 'Pers' })
  world.addTitle({
    adamId: '104',
    name: 'Forge',
    kind: 'desktopApp',
    publisher: 'Machine',
    deviceFamilies: ['mac'],
  })
  const { privateKey: pem, keyId } = world.makeDeveloperKey('TEAM000001')
  const key = readDeveloperKey({ pem, keyId, teamId: 'TEAM000001' })
  const organization = organizationSource({
    ...wire,
    catalogUrl: `${origin}/v1`,
    developerToken: createDeveloperTokens(key, clock),
    token: file,
    language: 'en',
  })
  const content = contentLookupSource({
    ...wire,
    lookupUrl: async () => lookupUrlOf(await client.serviceConfig()),
    query: { platform: 'enterprisestore', language: 'en', token: file },
  })
  const everybody = publicLookupSource({ ...wire, lookupUrl: `${origin}/lookup` })
  const ids = ['101', '103', '104', '999']
  for (const source of [organization, content, everybody]) {
    const { titles, unknown, failures } = await titlesFrom([source], { ids, country: 'NL' })
    expect(failures).toEqual([])
    const told = [...titles.values()].map(({ title }) => [title.adamId, title.name, title.platforms.join()])
    expect(
      told.toSorted(([one = ''], [other = '']) => one.localeCompare(other)),
      source.name,
    ).toEqual([
      ['101', 'Fractal', 'iOS'],
      ['103', 'Delft', ''],
      ['104', 'Forge', 'macOS'],
    ])
    expect(unknown).toEqual(['999'])
  }
  const foreign = readDeveloperKey({ pem, keyId, teamId: 'TEAM000002' })
  const refused = organizationSource({
    ...wire,
    catalogUrl: `${origin}/v1`,
    developerToken: createDeveloperTokens(foreign, clock),
    token: file,
    language: 'en',
  })
  const { failures, titles } = await titlesFrom([refused, content], { ids, country: 'NL' })
  expect(failures.map(({ source }) => source)).toEqual(['organization-api'])
  expect(titles.size).toBe(3)
})
