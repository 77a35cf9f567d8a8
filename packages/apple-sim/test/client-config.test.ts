import { expect, test } from 'vitest'
import { caller, registration, scene } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const text = (length: number): string => 'x'.repeat(length)
const info = { id: 'i', name: 'n', metadata: 'm' }

test('C09 an incomplete mdmInfo is 9723; id, name and metadata too long are 9724, 9725, 9713', async () => {
  await using at = await scene()
  const table: [unknown, number][] = [
    [{ id: 'i', name: 'n' }, 9723],
    [{ id: 'i', metadata: 'm' }, 9723],
    [{}, 9723],
    [{ ...info, id: text(101) }, 9724],
    [{ ...info, name: text(101) }, 9725],
    [{ ...info, metadata: text(256) }, 9713],
  ]
  for (const [mdmInfo, errorNumber] of table) {
    const reply = await at.post('/client/config', { mdmInfo })
    expect([reply.status, reply.body.errorNumber]).toEqual([400, errorNumber])
  }
  const longest = { id: text(100), name: text(100), metadata: text(255) }
  expect((await at.post('/client/config', { mdmInfo: longest })).body.mdmInfo).toEqual(longest)
})

test('C10 URL without token and token without URL are 9710, too long 9711, not HTTPS or garbage 9712', async () => {
  await using at = await scene({ allowPlainHttpNotifications: false })
  const url = 'https://mdm.example/hooks/a'
  const table: [Record<string, unknown>, number][] = [
    [{ notificationUrl: url }, 9710],
    [{ notificationAuthToken: 's' }, 9710],
    [{ notificationUrl: `https://mdm.example/${text(500)}`, notificationAuthToken: 's' }, 9711],
    [{ notificationUrl: url, notificationAuthToken: text(513) }, 9711],
    [{ notificationUrl: 'http://mdm.example/hooks/a', notificationAuthToken: 's' }, 9712],
    [{ notificationUrl: 'not a url', notificationAuthToken: 's' }, 9712],
    [{ notificationUrl: `${url}?key=1`, notificationAuthToken: 's' }, 9712],
    [{ notificationUrl: 'https://me:secret@mdm.example/a', notificationAuthToken: 's' }, 9712],
  ]
  for (const [body, errorNumber] of table) {
    const reply = await at.post('/client/config', body)
    expect([body, reply.body.errorNumber]).toEqual([body, errorNumber])
  }
})

test('C11 a URL is probed once, before the answer, with the new bearer token and an empty payload', async () => {
  await using at = await scene()
  await using webhook = await webhookReceiver()
  const reply = await at.post('/client/config', registration(webhook.url, 'fresh-secret'))
  expect(webhook.received).toHaveLength(1)
  expect(webhook.received[0]).toMatchObject({
    authorization: 'Bearer fresh-secret',
    contentType: 'application/json',
    body: { notificationType: 'TEST_NOTIFICATION', uId: '300', notification: {} },
  })
  expect(reply.body).toMatchObject({ notificationUrl: webhook.url, notificationAuthToken: 'fresh-secret' })
})

test('C11 a webhook that answers 500, 401 or nothing is 9728 and the old configuration stays', async () => {
  await using at = await scene()
  await using webhook = await webhookReceiver()
  await using other = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url))
  const before = (await at.get('/client/config')).body
  for (const answer of [500, 401, 'silence'] as const) {
    other.answerNext(answer)
    const request = {
      ...registration(other.url, 'other'),
      mdmInfo: { id: 'mdm-2', name: 'Two', metadata: 'v' },
    }
    const reply = await at.post('/client/config', request)
    expect([reply.status, reply.body.errorNumber]).toEqual([400, 9728])
    expect((await at.get('/client/config')).body).toEqual(before)
  }
})

test('C12 notificationTypes replaces the whole set and comes back without TEST_NOTIFICATION', async () => {
  await using at = await scene()
  const set = async (notificationTypes: unknown) =>
    (await at.post('/client/config', { notificationTypes })).body.subscribedNotificationTypes
  expect(await set(['TEST_NOTIFICATION', 'ASSET_COUNT', 'ASSET_MANAGEMENT'])).toEqual([
    'ASSET_MANAGEMENT',
    'ASSET_COUNT',
  ])
  expect(await set(['USER_ASSOCIATED'])).toEqual(['USER_ASSOCIATED'])
  expect(await set([])).toEqual([])
  expect((await at.post('/client/config', { notificationTypes: ['NEWS'] })).body.errorNumber).toBe(9602)
})

test('C13 after a second product claims the location, the first sees its id at once and hears nothing more', async () => {
  await using at = await scene()
  await using first = await webhookReceiver()
  await using second = await webhookReceiver()
  at.location.own({ adamId: '900001', total: 5 })
  await at.post('/client/config', registration(first.url))

  const rival = caller(at.apple, at.location.mintToken().file)
  const claim = {
    ...registration(second.url, 'secret-2'),
    mdmInfo: { id: 'mdm-2', name: 'Product two', metadata: 'v2' },
  }
  await rival.post('/client/config', claim)
  for (const path of ['/assets', '/assignments', '/users', '/client/config']) {
    expect((await at.get(path)).body.mdmInfo.id).toBe('mdm-2')
  }
  at.location.buy('900001', 2)
  await at.world.settle()
  expect(first.ofType('ASSET_COUNT')).toHaveLength(0)
  expect(second.ofType('ASSET_COUNT')).toHaveLength(1)
})

test('fields that are left out keep their value', async () => {
  await using at = await scene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url))
  const { body } = await at.post('/client/config', { mdmInfo: info })
  expect(body).toMatchObject({ mdmInfo: info, notificationUrl: webhook.url })
  expect(body.subscribedNotificationTypes).toHaveLength(4)
  expect(webhook.received).toHaveLength(1)
})

test('how a claim is released is a knob: by null, by empty texts, or only by another claim', async () => {
  const byNull = { mdmInfo: null, notificationUrl: null, notificationAuthToken: null }
  const byEmpty = {
    mdmInfo: { id: '', name: '', metadata: '' },
    notificationUrl: '',
    notificationAuthToken: '',
  }
  const cases: [Parameters<typeof scene>[0], object, object | undefined][] = [
    [{ claimRelease: 'by-null' }, byNull, undefined],
    [{ claimRelease: 'by-empty' }, byEmpty, undefined],
    [{ claimRelease: 'overwrite' }, byNull, info],
    [{ claimRelease: 'by-empty' }, byNull, info],
  ]
  for (const [knobs, body, left] of cases) {
    await using at = await scene(knobs)
    await using webhook = await webhookReceiver()
    await at.post('/client/config', { ...registration(webhook.url), mdmInfo: info })
    await at.post('/client/config', body)
    const after = (await at.get('/client/config')).body
    expect([after.mdmInfo, after.notificationUrl === undefined]).toEqual([left, left === undefined])
  }
  await using at = await scene()
  await at.post('/client/config', { mdmInfo: info })
  expect((await at.post('/client/config', byEmpty)).body.errorNumber).toBe(9723)
})

test('client config describes the location', async () => {
  await using at = await scene()
  const school = at.world.addLocation({
    name: 'PS01',
    organizationName: 'PS',
    country: 'DE',
    platform: 'volumestore',
  })
  const { body } = await caller(at.apple, school.mintToken().file).get('/client/config')
  expect(body).toMatchObject({
    countryISO2ACode: 'DE',
    defaultPlatform: 'volumestore',
    locationName: 'PS01',
    websiteURL: 'https://school.apple.com',
    uId: school.uId,
  })
})
