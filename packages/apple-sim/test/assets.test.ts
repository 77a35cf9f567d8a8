import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scene } from './support/scene.ts'

const step = fc.oneof(
  fc.record({ kind: fc.constant('buy' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('refund' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    kind: fc.constantFrom('associate', 'disassociate', 'revoke'),
    who: fc.integer({ min: 0, max: 7 }),
  }),
  fc.record({ kind: fc.constant('retire' as const), who: fc.integer({ min: 0, max: 3 }) }),
)

test('C19 available + assigned + retired = total after any sequence of operations, and none is negative', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, isBook) => {
      await using at = await scene()
      at.location.own({ adamId: '900001', total: 3, productType: isBook ? 'Book' : 'App' })
      for (const who of [0, 1, 2, 3]) at.location.addUser({ clientUserId: `u${who}` })
      for (const { kind, ...more } of steps) {
        const { count = 1, who = 0 } = more as { count?: number; who?: number }
        const body = {
          assets: [{ adamId: '900001' }],
          ...(who < 4 || isBook ? { clientUserIds: [`u${who % 4}`] } : { serialNumbers: [`D${who}`] }),
        }
        if (kind === 'buy') at.location.buy('900001', count)
        else if (kind === 'refund') {
          if (at.location.counts('900001').available >= count) at.location.refund('900001', count)
        } else if (kind === 'retire') await at.post('/users/retire', { users: [{ clientUserId: `u${who}` }] })
        else await at.post(`/assets/${kind}`, body)
        await at.world.settle()

        const [asset] = (await at.get('/assets')).body.assets
        if (!asset) throw new Error('The asset is gone')
        const { totalCount, availableCount, assignedCount, retiredCount } = asset
        expect(availableCount + assignedCount + retiredCount).toBe(totalCount)
        expect(Math.min(availableCount, assignedCount, retiredCount)).toBeGreaterThanOrEqual(0)
        expect([...at.location.assignments()]).toHaveLength(assignedCount + retiredCount)
      }
    }),
    { numRuns: 30, seed: 19 },
  )
})

test('C20 assets are filtered by type, pricing, properties and counts; an unknown adamId is an empty page', async () => {
  await using at = await scene()
  at.location.own({ adamId: '1', total: 10 })
  at.location.own({ adamId: '2', total: 5, productType: 'Book' })
  at.location.own({ adamId: '3', total: 7, deviceAssignable: false })
  at.location.own({ adamId: '1', pricingParam: 'PLUS', total: 1 })
  at.location.assignOutside('1', { serialNumbers: ['D1', 'D2', 'D3'] })
  const table: [string, string[]][] = [
    ['', ['1', '2', '3', '1']],
    ['adamId=1', ['1', '1']],
    ['adamId=1&pricingParam=STDQ', ['1']],
    ['adamId=99', []],
    ['productType=Book', ['2']],
    ['productType=App', ['1', '3', '1']],
    ['pricingParam=PLUS', ['1']],
    ['deviceAssignable=true', ['1', '1']],
    ['deviceAssignable=false', ['2', '3']],
    ['revocable=false', ['2']],
    ['minAvailableCount=7', ['1', '3']],
    ['maxAvailableCount=5', ['2', '1']],
    ['minAvailableCount=5&maxAvailableCount=7', ['1', '2', '3']],
    ['minAssignedCount=3', ['1']],
    ['maxAssignedCount=0', ['2', '3', '1']],
  ]
  for (const [query, adamIds] of table) {
    const { status, body } = await at.get(`/assets?${query}`)
    expect([query, status, body.assets.map((asset: { adamId: string }) => asset.adamId)]).toEqual([
      query,
      200,
      adamIds,
    ])
  }
  for (const query of ['revocable=yes', 'minAvailableCount=many', 'maxAssignedCount=99999999999']) {
    expect((await at.get(`/assets?${query}`)).body.errorNumber).toBe(9602)
  }
})

test('C21 an unlimited asset counts 2147483647, moves to unlimitedAssets on demand, and never runs out', async () => {
  await using at = await scene()
  at.location.own({ adamId: '1', total: 10 })
  at.location.own({ adamId: '2', unlimited: true })
  const status = await at.carryOut('/assets/associate', {
    assets: [{ adamId: '2' }],
    serialNumbers: Array.from({ length: 300 }, (_, index) => `D${index}`),
  })
  expect(status).toMatchObject({ eventStatus: 'COMPLETE', numCompleted: 300 })

  const all = (await at.get('/assets')).body
  expect(all.assets[1]).toMatchObject({
    totalCount: 2_147_483_647,
    assignedCount: 300,
    availableCount: 2_147_483_347,
  })
  const unlimited = (await at.get('/assets?unlimited=true')).body
  expect(unlimited.assets).toEqual([])
  expect(unlimited.unlimitedAssets).toHaveLength(1)
  for (const name of ['availableCount', 'totalCount', 'retiredCount']) {
    expect(unlimited.unlimitedAssets[0]).not.toHaveProperty(name)
  }
  expect((await at.get('/assets?unlimited=false')).body.assets).toHaveLength(1)
})

test('C22 the same adamId with STDQ and PLUS is two independent assets', async () => {
  await using at = await scene()
  at.location.own({ adamId: '1', total: 1 })
  at.location.own({ adamId: '1', pricingParam: 'PLUS', total: 1 })
  const status = await at.carryOut('/assets/associate', {
    assets: [{ adamId: '1', pricingParam: 'PLUS' }],
    serialNumbers: ['D1'],
  })
  expect(status.eventStatus).toBe('COMPLETE')
  expect(at.location.counts('1').assigned).toBe(0)
  expect(at.location.counts('1', 'PLUS').assigned).toBe(1)
})
