import { expect, test, vi } from 'vitest'
import { GrowingArray } from '../src/growing-array.ts'
import { type AnswerBody, scene, serials } from './support/scene.ts'

const assets = [{ adamId: '900001' }]
const serialsOf = (page: AnswerBody): string[] => page.assignments.map(({ serialNumber }) => serialNumber)

async function filledScene(count: number, pageSize = 2) {
  const at = await scene({ pageSize })
  at.location.own({ adamId: '900001', total: 100 })
  at.location.assignOutside('900001', { serialNumbers: serials(count) })
  return at
}

test('C14 three pages: nextPageIndex 1, 2, absent; sizes add up; any other index is 400/9650', async () => {
  await using at = await filledScene(5)
  const pages = []
  for (const index of [0, 1, 2]) pages.push((await at.get(`/assignments?pageIndex=${index}`)).body)
  expect(pages.map((page) => page.nextPageIndex)).toEqual([1, 2, undefined])
  expect(pages.map((page) => page.currentPageIndex)).toEqual([0, 1, 2])
  expect(pages.map((page) => page.totalPages)).toEqual([3, 3, 3])
  expect(pages.reduce((sum, page) => sum + page.size, 0)).toBe(5)
  for (const index of ['3', '-1', 'abc', '1.5', '']) {
    const reply = await at.get(`/assignments?pageIndex=${index}`)
    expect([index, reply.status, reply.body.errorNumber]).toEqual([index, 400, 9650])
  }
})

test('C15 all pages asked for at once are disjoint and complete', async () => {
  await using at = await filledScene(41, 5)
  const pages = await Promise.all(
    Array.from({ length: 9 }, (_, index) => at.get(`/assignments?pageIndex=${index}`)),
  )
  expect(pages.flatMap((page) => serialsOf(page.body)).sort()).toEqual(serials(41).sort())
})

test('C16 a write changes the versionId of the endpoints that show it, and of no other', async () => {
  await using at = await filledScene(1)
  const versions = async () => {
    const ids = []
    for (const path of ['/assets', '/assignments', '/users']) ids.push((await at.get(path)).body.versionId)
    return ids
  }
  const before = await versions()
  expect(await versions()).toEqual(before)

  await at.carryOut('/assets/associate', { assets, serialNumbers: ['N1'] })
  const assigned = await versions()
  expect(assigned.map((id, index) => id === before[index])).toEqual([false, false, true])

  await at.carryOut('/users/create', { users: [{ clientUserId: 'u1' }] })
  const created = await versions()
  expect(created.map((id, index) => id === assigned[index])).toEqual([true, true, false])
})

test('C17 a delta has nothing, then exactly the changes; an unknown version is 400/9721; assets ignore it', async () => {
  await using at = await filledScene(3)
  const { versionId } = (await at.get('/assignments')).body
  const unchanged = await at.get(`/assignments?sinceVersionId=${versionId}`)
  expect(unchanged.body).toMatchObject({ assignments: [], size: 0, versionId, totalPages: 1 })

  await at.carryOut('/assets/associate', { assets, serialNumbers: ['N1', 'N2'] })
  const delta = (await at.get(`/assignments?sinceVersionId=${versionId}`)).body
  expect(serialsOf(delta)).toEqual(['N1', 'N2'])
  expect(delta.versionId).not.toBe(versionId)

  for (const path of ['/assignments', '/users']) {
    const reply = await at.get(`${path}?sinceVersionId=nothing-we-gave`)
    expect([reply.status, reply.body.errorNumber]).toEqual([400, 9721])
  }
  expect((await at.get('/assets?sinceVersionId=nothing-we-gave')).status).toBe(200)
})

test('C17 a delta of users has what was created, changed or retired since', async () => {
  await using at = await scene()
  for (const clientUserId of ['u1', 'u2', 'u3']) at.location.addUser({ clientUserId })
  const { versionId } = (await at.get('/users')).body
  at.location.retireUser('u2')
  at.location.addUser({ clientUserId: 'u4' })
  const { users } = (await at.get(`/users?sinceVersionId=${versionId}`)).body
  expect(
    users.map((user: { clientUserId: string; status: string }) => [user.clientUserId, user.status]),
  ).toEqual([
    ['u2', 'Retired'],
    ['u4', 'Registered'],
  ])
})

test('C17 a version is forgotten after its retention, or when the location forgets all', async () => {
  await using at = await scene({ versionRetentionMs: 1000 })
  const { versionId } = (await at.get('/assignments')).body
  at.location.fill('900001', 1)
  at.clock.advance(1001)
  expect((await at.get(`/assignments?sinceVersionId=${versionId}`)).body.errorNumber).toBe(9721)
  const fresh = (await at.get('/assignments')).body.versionId
  at.location.forgetVersions()
  expect((await at.get(`/assignments?sinceVersionId=${fresh}`)).body.errorNumber).toBe(9721)
})

test("C18 what is written during a walk is in the delta from the first page's version", async () => {
  await using at = await filledScene(5)
  const first = (await at.get('/assignments')).body
  at.location.assignOutside('900001', { serialNumbers: ['N1'] })
  at.location.releaseOutside('900001', { serialNumbers: ['D1'] })
  const rest = []
  for (let index = 1; index < 3; index++) rest.push((await at.get(`/assignments?pageIndex=${index}`)).body)
  const delta = (await at.get(`/assignments?sinceVersionId=${first.versionId}`)).body
  const seen = new Set([first, ...rest, delta].flatMap(serialsOf))
  for (const serialNumber of [...serials(5).slice(1), 'N1']) expect(seen).toContain(serialNumber)
  expect(delta.versionId).not.toBe(first.versionId)
})

test('a removal leaves the pages of a walk where they are; the next walk closes the gap', async () => {
  await using at = await filledScene(5)
  await at.get('/assignments')
  at.location.releaseOutside('900001', { serialNumbers: ['D1', 'D2'] })
  expect(serialsOf((await at.get('/assignments?pageIndex=1')).body)).toEqual(['D3', 'D4'])
  const again = (await at.get('/assignments')).body
  expect([serialsOf(again), again.totalPages]).toEqual([['D3', 'D4'], 2])
})

test('with the knob removalsShiftPages a removal moves later records to earlier pages', async () => {
  await using at = await filledScene(5)
  at.world.setKnobs({ removalsShiftPages: true })
  at.location.releaseOutside('900001', { serialNumbers: ['D1', 'D2'] })
  expect(serialsOf((await at.get('/assignments?pageIndex=1')).body)).toEqual(['D5'])
})

test('assignments are filtered by title, device, user and state', async () => {
  await using at = await filledScene(3)
  at.location.own({ adamId: '900002', total: 9 })
  at.location.own({ adamId: '900002', pricingParam: 'PLUS', total: 9 })
  at.location.addUser({ clientUserId: 'u1' })
  at.location.assignOutside('900002', { serialNumbers: ['D1'], clientUserIds: ['u1'] })
  at.location.assignOutside('900002', { serialNumbers: ['D1'], pricingParam: 'PLUS' })
  const table: [string, number][] = [
    ['adamId=900001', 2],
    ['adamId=900001&pageIndex=1', 1],
    ['adamId=900002', 2],
    ['adamId=900002&pageIndex=1', 1],
    ['adamId=900002&pricingParam=PLUS&pageIndex=1', 1],
    ['serialNumber=D1', 2],
    ['serialNumber=D1&adamId=900001', 1],
    ['clientUserId=u1', 1],
    ['serialNumber=unknown', 0],
    ['adamId=1', 0],
  ]
  for (const [query, size] of table)
    expect([query, (await at.get(`/assignments?${query}`)).body.size]).toEqual([query, size])

  const withState = (await at.get('/assignments?clientUserId=u1&includeUserState=true')).body.assignments
  expect(withState).toEqual([
    { adamId: '900002', pricingParam: 'STDQ', clientUserId: 'u1', userStatus: 'Registered' },
  ])
})

test('a serial number that needs escaping comes back as it was', async () => {
  await using at = await filledScene(0)
  const odd = 'a"b\\c\n\u00e9\u{1f600}'
  at.location.assignOutside('900001', { serialNumbers: [odd] })
  expect(serialsOf((await at.get('/assignments')).body)).toEqual([odd])
})

test('a page of a million licenses costs its own records, not the million', async () => {
  await using at = await scene({ pageSize: 1000 })
  for (let title = 0; title < 20; title++) at.location.fill(String(9_000_000 + title), 50_000)
  const { body } = await at.get('/assignments?pageIndex=999')
  expect([body.totalPages, body.size, body.nextPageIndex]).toEqual([1000, 1000, undefined])
  expect(body.assignments[999]?.adamId).toBe('9000019')
})

test('of a million licenses a page reads what it shows, whatever it is filtered by; a delta what changed', async () => {
  await using at = await scene({ pageSize: 500 })
  for (let title = 0; title < 20; title++) at.location.fill(String(9_000_000 + title), 50_000)
  at.location.own({ adamId: '9000007', total: 60_000 })
  const { versionId } = (await at.get('/assignments')).body
  at.location.releaseOutside('9000007', { serialNumbers: ['S00000000001'] })
  at.location.assignOutside('9000007', { serialNumbers: ['NEW1', 'NEW2', 'NEW3'] })

  const reads = vi.spyOn(GrowingArray.prototype, 'at')
  try {
    const asked: [string, number][] = [
      ['', 500],
      ['pageIndex=1500', 500],
      ['adamId=9000019&pageIndex=99', 500],
      ['adamId=9000007', 499],
      ['serialNumber=S0000000000A', 20],
      ['serialNumber=S0000000000A&adamId=9000003', 1],
      ['serialNumber=NOBODY', 0],
      [`sinceVersionId=${versionId}`, 3],
      [`sinceVersionId=${versionId}&adamId=9000007`, 3],
    ]
    for (const [query, size] of asked) {
      reads.mockClear()
      expect([query, (await at.get(`/assignments?${query}`)).body.size]).toEqual([query, size])
      expect(reads.mock.calls.length).toBeLessThan(10_000)
    }
  } finally {
    reads.mockRestore()
  }
})

test('versions can move during a walk without any change', async () => {
  await using at = await filledScene(3)
  const first = (await at.get('/assignments')).body
  at.location.bumpVersions()
  const second = (await at.get('/assignments?pageIndex=1')).body
  expect(second.versionId).not.toBe(first.versionId)
  expect((await at.get(`/assignments?sinceVersionId=${first.versionId}`)).body.size).toBe(0)
})
