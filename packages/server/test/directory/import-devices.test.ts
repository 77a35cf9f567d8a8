/** P3: devices, users and groups come in from CSV. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DirectoryScene, openDirectory } from './directory-scene.ts'

let scene: DirectoryScene

beforeAll(async () => {
  scene = await openDirectory()
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await scene.rows('TRUNCATE imports, devices, users, group_devices, group_users, outbox CASCADE')
  await scene.rows('DELETE FROM groups WHERE built_in IS NULL')
})

const ok = (counts: object) => ({ status: 200, json: { kept: true, rejected: 0, rejections: [], ...counts } })

describe('a file of devices', () => {
  test('adds devices, and a second time changes nothing', async () => {
    await scene.post('/users', { userName: 'ada@example.org', name: 'Ada' })
    await scene.post('/groups', { kind: 'device', name: 'Carts' })
    const file = `serial_number,name,model,platform,os_version,ownership,supervised,user,groups
dmql1,Cart 1,"iPad14,8",ipad,26.2,company,yes,ADA@example.org,carts
DMQL2,"Cart ""two""",,,,,,,
`
    expect(await scene.importFile('devices', file, { fileName: 'carts.csv' })).toMatchObject(
      ok({ rows: 2, created: 2, updated: 0, unchanged: 0, fileName: 'carts.csv', actorName: 'Ada Byron' }),
    )
    const { json } = await scene.get('/devices')
    expect(json.items).toMatchObject([
      {
        serialNumber: 'DMQL1',
        name: 'Cart 1',
        model: 'iPad14,8',
        platform: 'iPadOS',
        osVersion: '26.2',
        ownership: 'corporate',
        supervised: true,
        user: { userName: 'ada@example.org', name: 'Ada' },
      },
      {
        serialNumber: 'DMQL2',
        name: 'Cart "two"',
        model: null,
        platform: null,
        supervised: false,
        user: null,
      },
    ])
    expect(await scene.importFile('devices', file)).toMatchObject(
      ok({ created: 0, updated: 0, unchanged: 2 }),
    )
  })
})
