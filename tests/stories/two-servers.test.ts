import { tmpdir } from 'node:os'
import { startAppleSim } from '@apportion/apple-sim/apple-sim'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../packages/server/test/support/test-database.ts'
import { Administrator } from '../support/administrator.ts'
import { expectSameBooks, until } from '../support/books.ts'
import { freePort } from '../support/free-port.ts'
import { startServerProcess } from '../support/server-process.ts'
import { ada } from '../support/story.ts'

test('two servers on one database send no request twice, keep Apple’s pace together, and one follows the other within 30 seconds', async () => {
  await using apple = await startAppleSim({ knobs: { limits: { maxSerialNumbers: 20 } } })
  await using database = await createTestDatabase()
  const location = apple.world.addLocation({
    uId: '300',
    name: 'Utrecht',
    organizationName: 'Meridian College',
  })
  location.own({ adamId: '900001', total: 2000 })
  const environment = {
    DATABASE_URL: database.url,
    APPORTION_DATA: tmpdir(),
    APPORTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    APPORTION_APPLE_URL: apple.serviceConfigUrl,
    APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true',
  }
  const first = await startServerProcess({ ...environment, PORT: String(await freePort()) })
  let second = first
  try {
    const setupCode = /\/setup#(\S+)/.exec(first.output())?.[1] ?? null
    const admin = await Administrator.setUp({ url: first.url, setupCode }, ada)
    await admin.addToken(location.mintToken().file)
    await until(() => admin.isQuiet(), 60, 'the first sync')
    // The first holds the location's lease when the second comes.
    second = await startServerProcess({ ...environment, PORT: String(await freePort()) })
    const adminOfSecond = admin.at(second)
    const serials = Array.from({ length: 2000 }, (_, i) => `DEV${String(i).padStart(5, '0')}`)
    await admin.importCsv('groups', 'name,kind\nPupils,device\n')
    await admin.importCsv(
      'devices',
      ['serial_number,groups', ...serials.map((serial) => `${serial},Pupils`)].join('\n'),
    )
    apple.world.forgetRequests()
    await adminOfSecond.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    await until(
      async () => apple.world.countRequests({ path: '/assets/associate' }) >= 20,
      60,
      'the first requests',
    )

    await first.kill()
    const killedAt = Date.now()
    const sentBefore = apple.world.countRequests({ path: '/assets/associate' })
    await until(
      async () =>
        apple.world.countRequests({ path: '/assets/associate' }) > sentBefore ||
        (await adminOfSecond.isQuiet()),
      30,
      'the second server goes on',
    )
    expect(Date.now() - killedAt).toBeLessThan(30_000)
    // What the first had under way is given up before it is asked for anew, and nothing is open in between.
    const given = async () =>
      location.counts('900001').assigned === 2000 &&
      (await adminOfSecond.asset('900001')).counts.used === 2000
    await until(async () => (await given()) && (await adminOfSecond.isQuiet()), 120, 'all licenses given')

    await expectSameBooks(apple, adminOfSecond, { uId: '300', adamIds: ['900001'] })
    expect(location.counts('900001')).toMatchObject({ assigned: 2000 })
    // 100 full requests are the least; the one that was under way when the first died may be derived again.
    const associates = apple.world.requests.filter((each) => each.path.endsWith('/assets/associate'))
    expect(associates.length).toBeGreaterThanOrEqual(100)
    expect(associates.length).toBeLessThanOrEqual(101)
    expect(apple.world.requests.filter((each) => each.status === 429)).toEqual([])
    expect(mostInOneSecond(apple.world.requests.map((each) => each.at))).toBeLessThanOrEqual(15)
  } finally {
    await first.kill()
    await second.kill()
  }
}, 300_000)

/** The largest number of moments within any second. */
function mostInOneSecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b)
  return Math.max(
    ...sorted.map((start, index) => sorted.slice(index).filter((at) => at < start + 1000).length),
  )
}
