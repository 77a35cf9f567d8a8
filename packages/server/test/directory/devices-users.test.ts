/** Devices and users through the API: adding, changing, removing, listing and searching. */
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

describe('a device', () => {
  test('is added with what is said of it, then changed in what is said anew', async () => {
    await scene.post('/users', { userName: 'ada', name: 'Ada' })
    const added = await scene.post('/devices', { serialNumber: ' dmql1 ', name: 'Cart', platform: 'iPadOS' })
    expect(added).toMatchObject({
      status: 201,
      json: {
        serialNumber: 'DMQL1',
        name: 'Cart',
        platform: 'iPadOS',
        model: null,
        ownership: 'corporate',
        supervised: false,
        user: null,
      },
    })
    const changed = await scene.post('/devices', {
      serialNumber: 'DMQL1',
      userName: 'ADA',
      model: 'iPad',
      platform: null,
    })
    expect(changed).toMatchObject({
      status: 200,
      json: {
        id: added.json.id,
        name: 'Cart',
        model: 'iPad',
        platform: null,
        user: { userName: 'ada', name: 'Ada' },
      },
    })
  })

  test('that is put again as it is stays untouched', async () => {
    const { json } = await scene.post('/devices', { serialNumber: 'DMQL1', name: 'Cart' })
    await scene.server.clock.advance(60_000)
    expect(await scene.post('/devices', { serialNumber: 'DMQL1', name: 'Cart' })).toEqual({
      status: 200,
      json,
    })
    expect(await audited(json.id)).toEqual([['device.added', 'DMQL1']])
  })

  test.each([
    [{ serialNumber: 'DMQ L1' }, 'request.invalid', '4 to 32 letters'],
    [{ serialNumber: '1.23E+11' }, 'request.invalid', 'format the column as text'],
    [{ serialNumber: 'DMQL1', userName: 'nobody' }, 'user.unknown', 'no user "nobody"'],
    [{ serialNumber: 'DMQL1', platform: 'Android' }, 'request.invalid', 'platform'],
  ])('%j is refused', async (body, code, detail) => {
    const { status, json } = await scene.post('/devices', body)
    expect(status).toBe(code === 'user.unknown' ? 422 : 400)
    expect(json).toMatchObject({ code, detail: expect.stringContaining(detail) })
    expect(await scene.rows('SELECT 1 FROM devices')).toEqual([])
  })

  test('added by ten callers at once is one device', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        scene.post('/devices', { serialNumber: 'DMQL1', name: `Cart ${i}` }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9)
    expect(await scene.rows('SELECT serial_number FROM devices')).toEqual([{ serial_number: 'DMQL1' }])
  })

  test('asks to look again at the assets that reach it, before or after', async () => {
    await scene.post('/users', { userName: 'ada' })
    const staff = await makeGroup(scene, 'user', 'Staff')
    await scene.post(`/groups/${staff}/members`, { add: ['ada'] })
    const all = await assignAsset(scene, await builtIn(scene, 'all_devices'), 'For all')
    const theirs = await assignAsset(scene, staff, 'For staff')
    await scene.signals()
    await scene.post('/devices', { serialNumber: 'DMQL1' })
    expect(await scene.signals()).toEqual([all])
    await scene.post('/devices', { serialNumber: 'DMQL1', userName: 'ada' })
    expect(await scene.signals()).toEqual([all, theirs])
    await scene.post('/devices', { serialNumber: 'DMQL1', platform: 'iOS' })
    expect(await scene.signals()).toEqual([all, theirs])
    await scene.post('/devices', { serialNumber: 'DMQL1', osVersion: '17.4' })
    expect(await scene.signals()).toEqual([all, theirs])
    await scene.post('/devices', { serialNumber: 'DMQL1', name: 'Phone' })
    expect(await scene.signals()).toEqual([])
    await scene.post('/devices', { serialNumber: 'DMQL1', userName: null })
    expect(await scene.signals()).toEqual([all, theirs])
  })

  test('shows the groups that reach it and its licenses with the reason', async () => {
    await scene.post('/users', { userName: 'ada' })
    const { json: device } = await scene.post('/devices', { serialNumber: 'DMQL1', userName: 'ada' })
    const carts = await makeGroup(scene, 'device', 'Carts')
    const staff = await makeGroup(scene, 'user', 'Staff')
    await scene.post(`/groups/${carts}/members`, { add: ['DMQL1'] })
    await scene.post(`/groups/${staff}/members`, { add: ['ada'] })
    const assets = {
      held: await assignAsset(scene, carts, 'Atlas'),
      outside: await assignAsset(scene, staff, 'Books'),
      waiting: await assignAsset(scene, carts, 'Chess'),
      refused: await assignAsset(scene, staff, 'Draw'),
      releasing: await assignAsset(scene, staff, 'Easel'),
    }
    await scene.rows(
      `INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id)
       SELECT a.location_id, a.id, 'device', 'DMQL1', CASE WHEN a.id = $3 THEN 'releasing' ELSE 'held' END::license_state,
         a.id <> $2, '2026-03-01T07:00:00Z', s.id
       FROM assets a JOIN assignments s ON s.asset_id = a.id WHERE a.id IN ($1, $2, $3)`,
      [assets.held, assets.outside, assets.releasing],
    )
    await scene.rows(
      `INSERT INTO targets (location_id, asset_id, device_id, intent, assignment_id, entered_at, retry_at, refused_number,
         refused_detail)
       SELECT a.location_id, a.id, $1, 'required', s.id, '2026-03-01T07:00:00Z', CASE WHEN a.id = $4 THEN now() END,
         CASE WHEN a.id = $4 THEN 9610 END, CASE WHEN a.id = $4 THEN 'License not found' END
       FROM assets a JOIN assignments s ON s.asset_id = a.id WHERE a.id IN ($2, $3, $4)`,
      [device.id, assets.held, assets.waiting, assets.refused],
    )
    const { json } = await scene.get(`/devices/${device.id}`)
    expect(json.groups.map(({ name }) => name)).toEqual(['Carts', 'Staff', 'All devices', 'All users'])
    expect(json).toMatchObject({
      licenses: [
        {
          assetId: assets.held,
          name: 'Atlas',
          tokenName: 'Main Street',
          state: 'held',
          ours: true,
          since: '2026-03-01T07:00:00.000Z',
          why: 'Required by the group "Carts".',
          iconUrl: expect.stringContaining('/api/v1/icons/NL/'),
        },
        { name: 'Books', state: 'held', ours: false, why: expect.stringContaining('outside') },
        { name: 'Chess', state: 'waiting', why: expect.stringContaining('"Carts"; waits') },
        { name: 'Draw', state: 'refused', why: expect.stringContaining('License not found') },
        { name: 'Easel', state: 'releasing', why: expect.stringContaining('taken back') },
      ],
    })
  })

  test('that is removed is gone, and the assets it had are looked at again', async () => {
    const { json: device } = await scene.post('/devices', { serialNumber: 'DMQL1' })
    const unrelated = await makeGroup(scene, 'device', 'Others')
    const [held, target, other] = [
      await assignAsset(scene, unrelated, 'Held'),
      await assignAsset(scene, unrelated, 'Target'),
      await assignAsset(scene, unrelated, 'Other'),
    ]
    await scene.rows(
      `INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
       SELECT location_id, id, 'device', 'DMQL1', 'held', true, now() FROM assets WHERE id = $1`,
      [held],
    )
    await scene.rows(
      `INSERT INTO targets (location_id, asset_id, device_id, intent, assignment_id, entered_at)
       SELECT location_id, id, $2, 'required', 1, now() FROM assets WHERE id = $1`,
      [target, device.id],
    )
    await scene.signals()
    expect(await scene.send('DELETE', `/devices/${device.id}`)).toEqual({ status: 204, json: null })
    expect(await scene.signals()).toEqual([held, target].sort((a, b) => a - b))
    expect(other).toBeGreaterThan(0)
    expect(await scene.rows('SELECT 1 FROM targets')).toEqual([])
    expect(await scene.get(`/devices/${device.id}`)).toMatchObject({
      status: 404,
      json: { code: 'device.unknown' },
    })
    expect(await scene.send('DELETE', `/devices/${device.id}`)).toMatchObject({ status: 404 })
    expect(await audited(device.id)).toEqual([
      ['device.added', 'DMQL1'],
      ['device.removed', 'DMQL1'],
    ])
  })
})

describe('a user', () => {
  test('is added, changed by name in any case, and left alone when nothing changes', async () => {
    const added = await scene.post('/users', {
      userName: 'Ada@example.org',
      name: 'Ada',
      department: 'Maths',
    })
    expect(added).toMatchObject({
      status: 201,
      json: { userName: 'Ada@example.org', devices: 0, email: null },
    })
    await scene.post('/devices', { serialNumber: 'DMQL1', userName: 'ada@example.org' })
    const changed = await scene.post('/users', {
      userName: 'ada@EXAMPLE.org',
      email: 'ada@example.org',
      department: null,
    })
    expect(changed).toMatchObject({
      status: 200,
      json: {
        id: added.json.id,
        userName: 'Ada@example.org',
        name: 'Ada',
        email: 'ada@example.org',
        department: null,
        devices: 1,
      },
    })
    expect((await scene.post('/users', { userName: 'ada@example.org' })).json).toEqual(changed.json)
    const [entry] = await scene.rows<{ details: object }>(
      `SELECT details FROM audit_entries WHERE action = 'user.changed' ORDER BY seq DESC LIMIT 1`,
    )
    expect(entry?.details).toEqual({
      email: { from: null, to: 'ada@example.org' },
      department: { from: 'Maths', to: null },
    })
  })
})

describe('lists', () => {
  beforeEach(async () => {
    await scene.importFile(
      'users',
      'user,name\nada,Ada Byron\nbob,Bob 50%\ncarol,ada carol\nipad-admin,Zed\n',
    )
    const rows = Array.from({ length: 23 }, (_, i) => {
      const name = i % 2 === 0 ? 'iPad' : `Mac ${i}`
      return `D${String(i).padStart(3, '0')},${name},${i % 3 === 0 ? 'ada' : ''}`
    })
    const odd = [
      'IPAD-1,Named by serial,',
      'X100,100%,bob',
      'X1OO,100 percent,',
      'X-1A,a_b,',
      'XA1B,aab,ipad-admin',
    ]
    const file = ['serial,name,user', ...rows, ...odd].join('\n')
    expect(await scene.importFile('devices', file)).toMatchObject({ json: { created: 28 } })
  })

  async function all(path: string, limit: number): Promise<string[]> {
    const found: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { json } = await scene.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${after}`)
      expect(json.items.length).toBeLessThanOrEqual(limit)
      found.push(...json.items.map(({ serialNumber, userName }) => serialNumber ?? userName))
      cursor = json.nextCursor
    }
    return found
  }

  test('of devices are by serial number, the same on pages of any size', async () => {
    const once = await all('/devices', 500)
    expect(once).toHaveLength(28)
    expect(once).toEqual([...once].sort())
    for (const limit of [1, 7, 27, 28, 29]) expect(await all('/devices', limit)).toEqual(once)
  })

  const searches: [string, string[]][] = [
    ['d01', ['D010', 'D011', 'D012', 'D013', 'D014', 'D015', 'D016', 'D017', 'D018', 'D019']],
    // By serial number, then by name, then by user; each device once.
    [
      'IPAD',
      ['IPAD-1', ...Array.from({ length: 12 }, (_, i) => `D${String(i * 2).padStart(3, '0')}`), 'XA1B'],
    ],
    ['mac 1', ['D001', 'D011', 'D013', 'D015', 'D017', 'D019']],
    ['ada byron', ['D000', 'D003', 'D006', 'D009', 'D012', 'D015', 'D018', 'D021']],
    ['100%', ['X100']],
    ['a_b', ['X-1A']],
    ['x_1', []],
    ['\\', []],
    ['nothing', []],
  ]
  for (const [search, expected] of searches) {
    test(`of devices searched by "${search}" find the beginnings of serial numbers, names and users`, async () => {
      const q = `/devices?q=${encodeURIComponent(search)}`
      expect(await all(q, 500)).toEqual(expected)
      for (const limit of [1, 2, 5]) expect(await all(q, limit)).toEqual(expected)
    })
  }

  test('of devices can be those of a group, which may be one of users or built in', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    const staff = await makeGroup(scene, 'user', 'Staff')
    await scene.post(`/groups/${carts}/members`, { add: ['D004', 'D001', 'D002'] })
    await scene.post(`/groups/${staff}/members`, { add: ['bob', 'ipad-admin'] })
    expect(await all(`/devices?groupId=${carts}`, 2)).toEqual(['D001', 'D002', 'D004'])
    expect(await all(`/devices?groupId=${carts}&q=ipad`, 1)).toEqual(['D002', 'D004'])
    expect(await all(`/devices?groupId=${staff}`, 1)).toEqual(['X100', 'XA1B'])
    expect(await all(`/devices?groupId=${await builtIn(scene, 'all_devices')}`, 9)).toHaveLength(28)
    expect(await all(`/devices?groupId=${await builtIn(scene, 'all_users')}`, 9)).toHaveLength(10)
    expect(await scene.get('/devices?groupId=999999')).toMatchObject({
      status: 422,
      json: { code: 'group.unknown' },
    })
  })

  test('of users are by user name, searched by the beginning of the user name, then of the name', async () => {
    for (const limit of [1, 3, 500]) {
      expect(await all('/users', limit)).toEqual(['ada', 'bob', 'carol', 'ipad-admin'])
      expect(await all('/users?q=ADA', limit)).toEqual(['ada', 'carol'])
      expect(await all('/users?q=z', limit)).toEqual(['ipad-admin'])
    }
    const staff = await makeGroup(scene, 'user', 'Staff')
    const carts = await makeGroup(scene, 'device', 'Carts')
    await scene.post(`/groups/${staff}/members`, { add: ['carol'] })
    expect(await all(`/users?groupId=${staff}`, 5)).toEqual(['carol'])
    expect(await all(`/users?groupId=${await builtIn(scene, 'all_users')}`, 5)).toHaveLength(4)
    expect(await scene.get(`/users?groupId=${carts}`)).toMatchObject({
      status: 400,
      json: { code: 'request.invalid' },
    })
  })

  test('refuse a cursor of their own making', async () => {
    for (const path of ['/devices', '/users', '/groups']) {
      const { status, json } = await scene.get(`${path}?cursor=WyJ4Il0`)
      expect({ status, code: json.code }).toEqual({ status: 400, code: 'request.invalid' })
    }
  })
})

async function audited(deviceId: number): Promise<string[][]> {
  const entries = await scene.rows<{ action: string; subject_name: string }>(
    `SELECT action, subject_name FROM audit_entries WHERE subject_kind = 'device' AND subject_id = $1 ORDER BY seq`,
    [String(deviceId)],
  )
  return entries.map(({ action, subject_name }) => [action, subject_name])
}
