/** P3: devices come in from CSV. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assignAsset, builtIn, type DirectoryScene, makeGroup, openDirectory } from './directory-scene.ts'

let scene: DirectoryScene

beforeAll(async () => {
  scene = await openDirectory()
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await scene.clear()
})

const ok = (counts: object) => ({ status: 200, json: { kept: true, rejected: 0, rejections: [], ...counts } })
const csv = (...lines: string[]) => `${lines.join('\r\n')}\r\n`

async function device(serialNumber: string) {
  const { json } = await scene.get(`/devices?q=${serialNumber}`)
  return json.items[0]
}

describe('a file of devices', () => {
  test('adds devices, and a second time changes nothing', async () => {
    await scene.post('/users', { userName: 'ada@example.org', name: 'Ada' })
    await makeGroup(scene, 'device', 'Carts')
    const file = csv(
      'serial_number,name,model,platform,os_version,ownership,supervised,user,groups',
      'dmql1,Cart 1,"iPad14,8",ipad,26.2,company,yes,ADA@example.org,carts',
      'DMQL2,"Cart ""two""",,,,,,,',
    )
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

  test('changes only what it says: an empty cell keeps, a hyphen clears', async () => {
    await scene.post('/users', { userName: 'ada' })
    await scene.importFile(
      'devices',
      csv('serial,name,model,os,supervised,user', 'DMQL1,Cart,iPad,iPadOS,yes,ada'),
    )
    expect(await scene.importFile('devices', csv('serial,name,model,user', 'DMQL1,,-,-'))).toMatchObject(
      ok({ created: 0, updated: 1, unchanged: 0 }),
    )
    expect(await device('DMQL1')).toMatchObject({
      name: 'Cart',
      model: null,
      platform: 'iPadOS',
      supervised: true,
      user: null,
    })
  })

  test('joins the groups it names and leaves all with a hyphen', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    const spare = await makeGroup(scene, 'device', 'Spare')
    const members = async () => (await scene.rows('SELECT group_id FROM group_devices ORDER BY 1')).length
    await scene.importFile('devices', csv('serial,groups', 'DMQL1,Carts | spare', 'DMQL2,Carts'))
    expect(await members()).toBe(3)
    expect(await scene.importFile('devices', csv('serial,groups', 'DMQL1,Carts', 'DMQL2,'))).toMatchObject(
      ok({ created: 0, updated: 0, unchanged: 2 }),
    )
    expect(await scene.importFile('devices', csv('serial,groups', 'DMQL1,-', 'DMQL2,Spare'))).toMatchObject(
      ok({ created: 0, updated: 2, unchanged: 0 }),
    )
    expect(await scene.rows('SELECT group_id FROM group_devices ORDER BY 1')).toEqual([
      { group_id: carts },
      { group_id: spare },
    ])
  })
})

describe('bad rows', () => {
  const file = csv(
    'Serial Number;Name;Platform;User;Groups;IMEI',
    'DMQL1;Good;iOS;;;35',
    'DMQ L2;Space;;;;',
    'DMQL3;Platform;Android;;;',
    'DMQL4;User;;nobody@example.org;;',
    'DMQL5;Group;;;Carts|Nowhere|People|All devices;',
    'dmql1;Twice;;;;',
    'DMQL6;Two problems;Symbian;nobody;;',
    'DMQL3;Twice, after a bad row;;;;',
  )

  beforeEach(async () => {
    await makeGroup(scene, 'device', 'Carts')
    await makeGroup(scene, 'user', 'People')
  })

  const expected = [
    { line: 1, column: 'IMEI', value: null, reason: expect.stringContaining('no column of devices') },
    { line: 3, column: 'Serial Number', value: 'DMQ L2', reason: expect.stringContaining('4 to 32') },
    { line: 4, column: 'Platform', value: 'Android', reason: expect.stringContaining('none of iOS') },
    {
      line: 5,
      column: 'User',
      value: 'nobody@example.org',
      reason: expect.stringContaining('import users first'),
    },
    { line: 6, column: 'Groups', value: 'All devices', reason: expect.stringContaining('built in') },
    { line: 6, column: 'Groups', value: 'Nowhere', reason: expect.stringContaining('import groups first') },
    { line: 6, column: 'Groups', value: 'People', reason: expect.stringContaining('group of users') },
    { line: 7, column: 'Serial Number', value: 'DMQL1', reason: expect.stringContaining('line 2') },
    { line: 8, column: 'Platform', value: 'Symbian', reason: expect.stringContaining('none of iOS') },
    { line: 8, column: 'User', value: 'nobody', reason: expect.stringContaining('no user "nobody"') },
    { line: 9, column: 'Serial Number', value: 'DMQL3', reason: expect.stringContaining('line 4') },
  ]

  test('are told with line, column, value and reason, and nothing is kept', async () => {
    const { status, json } = await scene.importFile('devices', file)
    expect(status).toBe(200)
    expect(json).toMatchObject({ kept: false, rows: 8, created: 0, updated: 0, unchanged: 0, rejected: 7 })
    expect(json.rejections).toEqual(expected)
    expect(await scene.rows('SELECT 1 FROM devices')).toEqual([])
    const history = await scene.get('/imports')
    expect(history.json.items).toEqual([json])
  })

  test('are left out when the good ones are to be kept', async () => {
    const { json } = await scene.importFile('devices', file, { onError: 'keep_good_rows' })
    expect(json).toMatchObject({ kept: true, rows: 8, created: 1, rejected: 7, rejections: expected })
    expect(await scene.rows('SELECT serial_number, name FROM devices')).toEqual([
      { serial_number: 'DMQL1', name: 'Good' },
    ])
  })

  test('without any good row leave nothing to keep', async () => {
    const { json } = await scene.importFile('devices', csv('serial', '?'), { onError: 'keep_good_rows' })
    expect(json).toMatchObject({ kept: false, rows: 1, rejected: 1 })
  })

  test('past a thousand are counted and no longer listed', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => (i % 2 === 0 ? `BAD ${i}` : `GOOD${i},nobody`))
    const { json } = await scene.importFile('devices', csv('serial,user', ...rows))
    expect(json).toMatchObject({ rows: 2500, rejected: 2500, kept: false })
    expect(json.rejections).toHaveLength(1000)
    expect(json.rejections.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 2))
  })
})

describe('an import asks to look again at the assets of', () => {
  let assets: Record<'all' | 'allUsers' | 'carts' | 'spare' | 'staff', number>
  beforeEach(async () => {
    await scene.post('/users', { userName: 'ada' })
    const groups = {
      carts: await makeGroup(scene, 'device', 'Carts'),
      spare: await makeGroup(scene, 'device', 'Spare'),
      staff: await makeGroup(scene, 'user', 'Staff'),
    }
    await scene.post(`/groups/${groups.staff}/members`, { add: ['ada'] })
    await scene.importFile('devices', csv('serial,groups', 'DMQL1,Carts', 'DMQL2,'))
    assets = {
      all: await assignAsset(scene, await builtIn(scene, 'all_devices'), 'All'),
      allUsers: await assignAsset(scene, await builtIn(scene, 'all_users'), 'All users'),
      carts: await assignAsset(scene, groups.carts, 'Carts'),
      spare: await assignAsset(scene, groups.spare, 'Spare'),
      staff: await assignAsset(scene, groups.staff, 'Staff'),
    }
    await scene.signals()
  })

  const cases: [string, string, string, (keyof typeof assets)[]][] = [
    ['all devices, for a new device', 'serial', 'DMQL9', ['all']],
    [
      'all devices, the group and the user, for a new device of theirs',
      'serial,groups,user',
      'DMQL9,Spare,ada',
      ['all', 'allUsers', 'spare', 'staff'],
    ],
    ['the group joined', 'serial,groups', 'DMQL2,Spare', ['spare']],
    ['the group left', 'serial,groups', 'DMQL1,-', ['carts']],
    [
      'every group of the device and of the user, for a device that changes hands',
      'serial,user',
      'DMQL1,ada',
      ['all', 'allUsers', 'carts', 'staff'],
    ],
    ['every group of the device, for another platform', 'serial,platform', 'DMQL1,macOS', ['all', 'carts']],
    [
      'every group of the device, for another system version',
      'serial,os_version',
      'DMQL1,17.4',
      ['all', 'carts'],
    ],
    ['every group of the device, for another model', 'serial,model', 'DMQL1,iPad Air', ['all', 'carts']],
    ['every group of the device, for a kiosk', 'serial,kiosk', 'DMQL1,yes', ['all', 'carts']],
    ['none, for another name', 'serial,name', 'DMQL1,New name', []],
    ['none, when nothing changes', 'serial,groups', 'DMQL1,Carts', []],
  ]
  for (const [title, header, row, expected] of cases) {
    test(title, async () => {
      expect(await scene.importFile('devices', csv(header, row))).toMatchObject({ json: { kept: true } })
      expect(await scene.signals()).toEqual(expected.map((name) => assets[name]).sort((a, b) => a - b))
    })
  }

  test('nobody, when nothing is kept', async () => {
    await scene.importFile('devices', csv('serial', 'DMQL9', '?'))
    expect(await scene.signals()).toEqual([])
  })
})

test('an import that is kept is one audit entry with counts, one that is not leaves none', async () => {
  const entries = () =>
    scene.rows(
      `SELECT action, actor_name, subject_name, details FROM audit_entries WHERE subject_name IN ('a.csv', 'b.csv')`,
    )
  await scene.importFile('devices', csv('serial', '?', 'DMQL1'), { fileName: 'a.csv' })
  expect(await entries()).toEqual([])
  await scene.importFile('devices', csv('serial', '?', 'DMQL1'), {
    fileName: 'b.csv',
    onError: 'keep_good_rows',
  })
  expect(await entries()).toEqual([
    {
      action: 'devices.imported',
      actor_name: 'Ada Byron',
      subject_name: 'b.csv',
      details: { rows: 2, created: 1, updated: 0, unchanged: 0, rejected: 1 },
    },
  ])
})
