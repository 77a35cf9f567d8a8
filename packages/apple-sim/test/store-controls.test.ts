import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AppleSim, startAppleSim } from '../src/apple-sim.ts'
import { manualClock } from '../src/clock.ts'
import { startControlPlane } from '../src/control-plane.ts'
import { signed } from './support/developer-token.ts'
import { scene } from './support/scene.ts'
import { TITLES } from './support/store-titles.ts'

const TEAM = 'TEAM000001'
const DAY = 24 * 3_600_000

/** Sends JSON to a control port. */
async function post(origin: string, path: string, body: object) {
  const response = await fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const answer: Partial<Record<'keyId' | 'privateKey' | 'error' | 'teamId', string>> = JSON.parse(
    await response.text(),
  )
  return { status: response.status, answer }
}

async function lookup(apple: Pick<AppleSim, 'origin'>, query: string): Promise<readonly unknown[]> {
  const answer: { results: readonly { trackId: number; price: number }[] } = JSON.parse(
    await (await fetch(`${apple.origin}/lookup?${query}`)).text(),
  )
  return answer.results.map(({ trackId, price }) => [trackId, price])
}

/** The status that the metadata API gives to a token signed with the key. */
async function statusWith(apple: AppleSim, key: { keyId: string; privateKey: string }): Promise<number> {
  const now = Math.floor(apple.clock.now() / 1000)
  const jwt = signed(key.privateKey, { kid: key.keyId }, { iss: TEAM, iat: now, exp: now + 60 })
  const headers = { authorization: `Bearer ${jwt}` }
  return (await fetch(`${apple.origin}/v1/catalog/us/apps?ids=101`, { headers })).status
}

test('titles are delisted, relisted and priced by the control port', async () => {
  await using at = await scene()
  for (const title of TITLES) at.world.addTitle(title)
  await using control = await startControlPlane(at.apple, 0)
  expect(await post(control.origin, '/titles/101/price', { country: 'US', price: 1.5 })).toMatchObject({
    status: 200,
  })
  expect(await lookup(at.apple, 'id=101')).toEqual([[101, 1.5]])
  await post(control.origin, '/titles/101/delist', { countries: ['US'] })
  expect(await lookup(at.apple, 'id=101')).toEqual([])
  await post(control.origin, '/titles/101/relist', {})
  expect(await lookup(at.apple, 'id=101')).toEqual([[101, 1.5]])
  const unknown = await post(control.origin, '/titles/999/delist', {})
  expect([unknown.status, unknown.answer.error]).toEqual([409, 'The store has no title 999'])
})

test('the key of a developer is made or entered by the control port; a malformed one is named', async () => {
  await using at = await scene()
  await using control = await startControlPlane(at.apple, 0)
  const { keyId = '', privateKey = '' } = (await post(control.origin, '/developer-keys', { teamId: TEAM }))
    .answer
  expect(await statusWith(at.apple, { keyId, privateKey })).toBe(200)
  const wrong = await post(control.origin, '/developer-keys', {
    teamId: TEAM,
    keyId: 'short',
    publicKey: 'none',
  })
  expect([wrong.status, wrong.answer.error]).toEqual([409, expect.stringContaining('"short"')])
})

test('seats are bought and periods ended by the control port', async () => {
  await using at = await scene()
  await using control = await startControlPlane(at.apple, 0)
  const send = (path: string, body: object = {}) =>
    post(control.origin, `/locations/300/subscriptions/${path}`, body)
  const early = await send('buy', { adamId: 7, renewing: 1 })
  expect([early.status, early.answer.error]).toEqual([409, expect.stringContaining('not enabled')])
  await send('enable')
  await send('buy', { adamId: 7, renewing: 3, periodEndDate: '2026-03-01' })
  await send('cancel-renewal', { adamId: 7, count: 2 })
  await send('end-period', { adamId: 7 })
  await send('refund', { adamId: 7, renewing: 1 })
  await send('buy', { adamId: 7, renewing: 2 })
  await send('status', { adamId: 7, status: 'PAUSED' })
  const shown: unknown = await (await fetch(`${control.origin}/locations/300/subscriptions`)).json()
  expect(shown).toMatchObject({
    enabled: true,
    subscriptions: [
      {
        adamId: 7,
        status: 'PAUSED',
        periodEndDate: '2026-04-01',
        counts: { total: { renewing: 2, expiring: 0 } },
      },
    ],
    assignments: [],
  })
})

test('C44 a restart keeps keys of developers, delisted titles, prices, and when licenses were lost', async () => {
  const stateFolder = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    let key = { keyId: '', privateKey: '' }
    {
      await using at = await scene({}, { stateFolder })
      for (const title of TITLES) at.world.addTitle(title)
      key = at.world.makeDeveloperKey(TEAM)
      at.world.delist('102')
      at.world.setPrice('101', 'US', 2)
      at.location.own({ adamId: '101', total: 2 })
      at.location.assignOutside('101', { serialNumbers: ['D1'] })
      at.location.releaseOutside('101', { serialNumbers: ['D1'] })
    }
    const clock = manualClock()
    await using apple = await startAppleSim({ stateFolder, clock })
    expect(await statusWith(apple, key)).toBe(200)
    expect(await lookup(apple, 'id=101,102')).toEqual([[101, 2]])
    clock.advance(30 * DAY)
    expect(apple.world.canInstall({ serialNumber: 'D1' }, '101')).toBe('expired-30-days')
  } finally {
    await rm(stateFolder, { recursive: true })
  }
})
