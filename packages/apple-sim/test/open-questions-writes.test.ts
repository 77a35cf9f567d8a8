import { expect, test } from 'vitest'
import type { KnobChoices } from '../src/knobs.ts'
import { caller, registration, scene, serials } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const APP = '900001'
const assets = [{ adamId: APP }]

async function stockedScene(knobs: KnobChoices) {
  const at = await scene(knobs)
  at.location.own({ adamId: APP, total: 10 })
  return at
}

test('Q05 giving what is held and taking what nobody holds succeed, or fail with the numbers of version 1', async () => {
  for (const [knobs, numbers] of [
    [{}, [undefined, undefined]],
    [{ alreadyAssigned: 9616, notAssigned: 9619 }, [9616, 9619]],
  ] as const) {
    await using at = await stockedScene(knobs)
    at.location.assignOutside(APP, { serialNumbers: ['D1'] })
    const again = await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1', 'D2'] })
    const nothing = await at.carryOut('/assets/disassociate', { assets, serialNumbers: ['D1', 'D3'] })
    expect([again, nothing].map(({ failures }) => failures?.[0]?.errorNumber)).toEqual(numbers)
    const completed = numbers[0] === undefined ? 2 : 1
    expect([again.numCompleted, nothing.numCompleted]).toEqual([completed, completed])
    expect(at.location.counts(APP).assigned).toBe(1)
  }
})

test('Q06 an asset that the location does not own fails as a task, or is refused at once', async () => {
  const body = { assets: [...assets, { adamId: '77' }], serialNumbers: ['D1'] }
  await using late = await stockedScene({ unownedAsset: 'async' })
  expect((await late.carryOut('/assets/associate', body)).failures).toMatchObject([
    { errorNumber: 9709, errorInfo: { assets: [{ adamId: '77' }] } },
  ])
  await using early = await stockedScene({ unownedAsset: 'sync' })
  for (const path of ['/assets/associate', '/assets/disassociate']) {
    const refused = await early.post(path, body)
    expect([refused.status, refused.body.errorNumber]).toEqual([400, 9602])
    expect(refused.body.errorInfo).toEqual({ assets: [{ adamId: '77', pricingParam: 'STDQ' }] })
  }
})

test('Q07 when licenses run short the first tasks succeed, or none of that asset does', async () => {
  for (const [shortage, assigned] of [
    ['partial', 10],
    ['whole-asset', 0],
  ] as const) {
    await using at = await stockedScene({ shortage })
    await at.carryOut('/assets/associate', { assets, serialNumbers: serials(11) })
    expect(at.location.counts(APP).assigned).toBe(assigned)
  }
})

test('Q08 with both lists wrong, the assets are named first, or the holders are', async () => {
  for (const [validationOrder, errorNumber] of [
    ['assets-first', 9718],
    ['targets-first', 9719],
  ] as const) {
    await using at = await stockedScene({ validationOrder })
    expect((await at.post('/assets/associate', {})).body.errorNumber).toBe(errorNumber)
  }
})

test('Q09 what a POST of client config leaves out is kept, or cleared', async () => {
  for (const omittedClientConfig of ['keep', 'clear'] as const) {
    await using at = await stockedScene({ omittedClientConfig })
    await using webhook = await webhookReceiver()
    await at.post('/client/config', registration(webhook.url))
    const { body } = await at.post('/client/config', { notificationTypes: ['ASSET_COUNT'] })
    const isKept = omittedClientConfig === 'keep'
    expect(['mdmInfo' in body, 'notificationUrl' in body]).toEqual([isKept, isKept])
    expect(body.subscribedNotificationTypes).toEqual(['ASSET_COUNT'])
    const claim = { id: 'i', name: 'n', metadata: 'm' }
    const claimed = (await at.post('/client/config', { mdmInfo: claim })).body
    expect([claimed.mdmInfo, claimed.subscribedNotificationTypes?.length]).toEqual([claim, isKept ? 1 : 0])
  }
})

test('Q09 a claim ends by another one only, by a null, or by three empty texts', async () => {
  const nothing = { mdmInfo: null }
  const empty = { mdmInfo: { id: '', name: '', metadata: '' } }
  for (const [claimRelease, byNull, byEmpty, emptyNumber] of [
    ['overwrite', false, false, 9723],
    ['by-null', true, false, 9723],
    ['by-empty', false, true, undefined],
  ] as const) {
    await using at = await stockedScene({ claimRelease })
    const isReleasedBy = async (body: object) => {
      await at.post('/client/config', { mdmInfo: { id: 'i', name: 'n', metadata: 'm' } })
      const { errorNumber } = (await at.post('/client/config', body)).body
      return [!('mdmInfo' in (await at.get('/assets')).body), errorNumber]
    }
    expect([claimRelease, await isReleasedBy(nothing)]).toEqual([claimRelease, [byNull, undefined]])
    expect([claimRelease, await isReleasedBy(empty)]).toEqual([claimRelease, [byEmpty, emptyNumber]])
  }
})

test('Q16 an address that does not change is probed again, or not; a new secret always is', async () => {
  for (const [probeUnchangedWebhook, probes] of [
    [true, 3],
    [false, 2],
  ] as const) {
    await using at = await stockedScene({ probeUnchangedWebhook })
    await using webhook = await webhookReceiver()
    await at.post('/client/config', registration(webhook.url))
    await at.post('/client/config', registration(webhook.url))
    await at.post('/client/config', registration(webhook.url, 'another secret'))
    expect(webhook.ofType('TEST_NOTIFICATION')).toHaveLength(probes)
  }
})

test('Q19 numRequested of a revoke counts the licenses taken back, or the users and devices named', async () => {
  for (const [revokeRequested, counted] of [
    ['assignments', 4],
    ['targets', 3],
  ] as const) {
    await using at = await stockedScene({ revokeRequested })
    at.location.own({ adamId: '900002', total: 10 })
    for (const adamId of [APP, '900002']) at.location.assignOutside(adamId, { serialNumbers: ['D1', 'D2'] })
    expect(await at.carryOut('/assets/revoke', { serialNumbers: ['D1', 'D2', 'D3'] })).toMatchObject({
      eventStatus: 'COMPLETE',
      numRequested: counted,
      numCompleted: counted,
    })
    expect(at.location.heldCount).toBe(0)
    at.location.assignOutside(APP, { serialNumbers: ['D1'] })
    at.world.faults.maintenance(true)
    const failed = await at.carryOut('/assets/revoke', { serialNumbers: ['D1', 'D3'] })
    const [requested, completed] = revokeRequested === 'targets' ? [2, 1] : [1, 0]
    expect(failed).toMatchObject({
      eventStatus: 'FAILED',
      numRequested: requested,
      numCompleted: completed,
    })
  }
})

test('C02 a token of a kind that the API does not accept is 403/9647, a facilitator account 403/9637', async () => {
  await using at = await stockedScene({})
  for (const [kind, errorNumber] of [
    ['legacy', 9647],
    ['facilitator', 9637],
  ] as const) {
    const client = caller(at.apple, at.location.mintToken({ kind }).file)
    const { status, body } = await client.get('/assets')
    expect([kind, status, body.errorNumber]).toEqual([kind, 403, errorNumber])
  }
})

test('an endpoint that Apple took away is 410/9634', async () => {
  await using at = await stockedScene({ removedEndpoints: ['/assets/revoke'] })
  const { status, body } = await at.post('/assets/revoke', { serialNumbers: ['D1'] })
  expect([status, body.errorNumber]).toEqual([410, 9634])
  expect((await at.get('/assets')).status).toBe(200)
})
