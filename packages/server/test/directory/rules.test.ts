/** A1: groups of devices by rule, and what keeps their members right. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assignAsset, type DirectoryScene, makeGroup, openDirectory } from './directory-scene.ts'

let scene: DirectoryScene

beforeAll(async () => {
  scene = await openDirectory()
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
})
async function fill(): Promise<void> {
  await scene.clear()
  await scene.importFile(
    'users',
    'user,name,email,department\nada,Ada,ada@example.org,Maths\nbob,Bob,,\ngone,Gone,,Maths\n',
  )
  await scene.importFile(
    'devices',
    [
      'serial,name,model,platform,os_version,ownership,supervised,kiosk,enrollment,country,site,tags,user',
      'PAD1,Cart 1,"iPad14,8",iPadOS,17.4.1,corporate,yes,no,device,NL,Main Street,cart|Loan,ada',
      'PAD2,Cart 2,"iPad13,1",iPadOS,9.3,corporate,yes,yes,shared,DE,Harbor,cart,',
      'PHONE1,100% mine,iPhone,iOS,17,personal,no,no,user,NL,,,bob',
      'MAC1,Desk,Mac15,macOS,macOS 26.0,corporate,no,no,device,,,,gone',
      'BARE1,,,,,,,,,,,,',
    ].join('\n'),
  )
  await scene.importFile('users', 'user,active\ngone,no\n')
}

const found = async (rule: unknown, more: object = {}) => {
  const { status, json } = await scene.post('/groups/preview-rule', { rule, ...more })
  expect({ status, code: json.code }).toMatchObject({ status: 200 })
  return json.items.map(({ serialNumber }) => serialNumber)
}

describe('a rule finds', () => {
  beforeAll(fill)

  const cases: [rule: { fact: string; op: string; value: unknown }, expected: string[]][] = [
    [{ fact: 'platform', op: 'is', value: 'iPadOS' }, ['PAD1', 'PAD2']],
    [{ fact: 'platform', op: 'is_not', value: 'iPadOS' }, ['BARE1', 'MAC1', 'PHONE1']],
    [{ fact: 'platform', op: 'one_of', value: ['iOS', 'macOS'] }, ['MAC1', 'PHONE1']],
    [{ fact: 'os_version', op: 'at_least', value: '17' }, ['MAC1', 'PAD1', 'PHONE1']],
    [{ fact: 'os_version', op: 'at_least', value: '17.0.0' }, ['MAC1', 'PAD1', 'PHONE1']],
    [{ fact: 'os_version', op: 'below', value: '17' }, ['PAD2']],
    [{ fact: 'os_version', op: 'below', value: '10' }, ['PAD2']],
    [{ fact: 'os_version', op: 'is', value: '17.0' }, ['PHONE1']],
    [{ fact: 'os_version', op: 'is_not', value: '17' }, ['BARE1', 'MAC1', 'PAD1', 'PAD2']],
    [{ fact: 'os_version', op: 'starts_with', value: '17' }, ['PAD1', 'PHONE1']],
    [{ fact: 'model', op: 'starts_with', value: 'ipad' }, ['PAD1', 'PAD2']],
    [{ fact: 'model', op: 'contains', value: '14,' }, ['PAD1']],
    [{ fact: 'name', op: 'contains', value: '%' }, ['PHONE1']],
    [{ fact: 'name', op: 'contains', value: "'; DROP TABLE devices; --" }, []],
    [{ fact: 'serial_number', op: 'one_of', value: ['mac1', 'nowhere'] }, ['MAC1']],
    [{ fact: 'ownership', op: 'is', value: 'personal' }, ['PHONE1']],
    [{ fact: 'supervised', op: 'is', value: true }, ['PAD1', 'PAD2']],
    [{ fact: 'kiosk', op: 'is', value: true }, ['PAD2']],
    [{ fact: 'enrollment_type', op: 'one_of', value: ['user', 'shared'] }, ['PAD2', 'PHONE1']],
    [{ fact: 'tag', op: 'has', value: 'LOAN' }, ['PAD1']],
    [{ fact: 'tag', op: 'one_of', value: ['loan', 'cart'] }, ['PAD1', 'PAD2']],
    [{ fact: 'country', op: 'is', value: 'nl' }, ['PAD1', 'PHONE1']],
    [{ fact: 'site', op: 'is', value: 'main street' }, ['PAD1']],
    [{ fact: 'site', op: 'is_not', value: 'main street' }, ['BARE1', 'MAC1', 'PAD2', 'PHONE1']],
    // Who has left is nobody's user.
    [{ fact: 'has_user', op: 'is', value: true }, ['PAD1', 'PHONE1']],
    [{ fact: 'has_user', op: 'is', value: false }, ['BARE1', 'MAC1', 'PAD2']],
    [{ fact: 'user_name', op: 'is', value: 'ADA' }, ['PAD1']],
    [{ fact: 'user_department', op: 'is', value: 'maths' }, ['PAD1']],
    [{ fact: 'user_email', op: 'contains', value: '@example' }, ['PAD1']],
  ]
  for (const [rule, expected] of cases) {
    test(`where ${rule.fact} ${rule.op} ${JSON.stringify(rule.value)}: ${expected.join(', ') || 'nothing'}`, async () => {
      expect(await found(rule)).toEqual(expected)
      const others = ['BARE1', 'MAC1', 'PAD1', 'PAD2', 'PHONE1'].filter(
        (serial) => !expected.includes(serial),
      )
      expect(await found({ not: rule })).toEqual(others)
    })
  }

  test('all, any and none, in pages that can be searched, with the count of all', async () => {
    const rule = {
      any: [
        {
          all: [{ fact: 'tag', op: 'has', value: 'cart' }, { not: { fact: 'kiosk', op: 'is', value: true } }],
        },
        { fact: 'ownership', op: 'is', value: 'personal' },
        { fact: 'serial_number', op: 'starts_with', value: 'mac' },
      ],
    }
    expect(await found(rule)).toEqual(['MAC1', 'PAD1', 'PHONE1'])
    const first = await scene.post('/groups/preview-rule', { rule, limit: 2 })
    expect(first.json).toMatchObject({
      total: 3,
      items: [{ serialNumber: 'MAC1' }, { serialNumber: 'PAD1' }],
    })
    expect(await found(rule, { limit: 2, cursor: first.json.nextCursor })).toEqual(['PHONE1'])
    expect(await found(rule, { q: 'pad' })).toEqual(['PAD1'])
  })

  test('nothing, when it is not sound: the refusal names the place', async () => {
    const rule = { all: [{ fact: 'platform', op: 'is', value: 'Android' }] }
    for (const answer of [
      await scene.post('/groups/preview-rule', { rule }),
      await scene.post('/groups', { kind: 'device', name: 'New', rule }),
    ]) {
      expect(answer).toMatchObject({
        status: 422,
        json: {
          code: 'group.rule_invalid',
          detail: expect.stringContaining('"Android"'),
          facts: { place: 'rule.all[0].value' },
        },
      })
    }
  })
})

describe('a group by rule', () => {
  beforeEach(fill)

  const carts = { fact: 'tag', op: 'has', value: 'cart' }
  const members = async (id: number) =>
    (await scene.get(`/devices?groupId=${id}`)).json.items.map(({ serialNumber }) => serialNumber)
  const make = async (rule: unknown, name = 'By rule') =>
    (await scene.post('/groups', { kind: 'device', name, rule })).json.id

  test('has the devices that it finds, and says so in a sentence', async () => {
    const { status, json } = await scene.post('/groups', { kind: 'device', name: 'Carts', rule: carts })
    expect({ status, json }).toMatchObject({
      status: 201,
      json: { rule: carts, ruleText: 'tag is cart', members: 2 },
    })
    expect(await members(json.id)).toEqual(['PAD1', 'PAD2'])
  })

  test('follows its devices: added, changed, removed', async () => {
    const id = await make(carts)
    await scene.post('/devices', { serialNumber: 'NEW1', tags: ['Cart'] })
    expect(await members(id)).toEqual(['NEW1', 'PAD1', 'PAD2'])
    await scene.post('/devices', { serialNumber: 'PAD1', tags: [] })
    await scene.post('/devices', { serialNumber: 'PAD2', name: 'Renamed' })
    expect(await members(id)).toEqual(['NEW1', 'PAD2'])
  })

  test('follows the users of its devices: changed, left, back, removed', async () => {
    const id = await make({ fact: 'user_department', op: 'is', value: 'Maths' })
    expect(await members(id)).toEqual(['PAD1'])
    await scene.post('/users', { userName: 'bob', department: 'maths' })
    expect(await members(id)).toEqual(['PAD1', 'PHONE1'])
    await scene.post('/users', { userName: 'gone', active: true })
    expect(await members(id)).toEqual(['MAC1', 'PAD1', 'PHONE1'])
    await scene.post('/users', { userName: 'bob', active: false })
    await scene.post('/devices', { serialNumber: 'PAD2', userName: 'ada' })
    expect(await members(id)).toEqual(['MAC1', 'PAD1', 'PAD2'])
    const ada = (await scene.get('/users?q=ada')).json.items[0]
    expect((await scene.send('DELETE', `/users/${ada?.id}`)).status).toBe(204)
    expect(await members(id)).toEqual(['MAC1'])
  })

  test('follows imports of devices and of users', async () => {
    const id = await make(carts)
    const maths = await make({ fact: 'user_department', op: 'is', value: 'Maths' }, 'Maths')
    await scene.importFile('devices', 'serial,tags\nPAD1,-\nPHONE1,cart\nNEW1,Cart|x\n')
    expect(await members(id)).toEqual(['NEW1', 'PAD2', 'PHONE1'])
    await scene.importFile('users', 'user,department,active\nada,Art,\nbob,Maths,\ngone,,yes\n')
    expect(await members(maths)).toEqual(['MAC1', 'PHONE1'])
  })

  const lastSeenAt = '2026-03-01T08:00:00Z'
  const changes: [string, boolean, () => Promise<unknown>][] = [
    ['a device was seen', false, () => scene.post('/devices', { serialNumber: 'PAD1', lastSeenAt })],
    ['a file says so', false, () => scene.importFile('devices', `serial,last_seen\nPAD1,${lastSeenAt}\n`)],
    ['a person’s name changes', false, () => scene.post('/users', { userName: 'ada', name: 'Ada L.' })],
    ['a file renames a person', false, () => scene.importFile('users', 'user,name\nada,Ada L.\n')],
    [
      'a person gets an account',
      false,
      () => scene.post('/users', { userName: 'ada', managedAppleAccount: 'ada@school.example' }),
    ],
    ['a device moves', true, () => scene.post('/devices', { serialNumber: 'PAD1', site: 'Harbor' })],
    ['a file moves a device', true, () => scene.importFile('devices', 'serial,site\nPAD1,Harbor\n')],
    ['a device changes hands', true, () => scene.post('/devices', { serialNumber: 'PAD1', userName: 'bob' })],
    [
      'a person’s address changes',
      true,
      () => scene.post('/users', { userName: 'ada', email: 'a@b.example' }),
    ],
    ['a file moves a person', true, () => scene.importFile('users', 'user,department\nada,Art\n')],
    ['a person leaves', true, () => scene.post('/users', { userName: 'ada', active: false })],
  ]
  test.each(changes)('when %s, the rules are worked out: %s', async (_title, expected, change) => {
    const id = await make({ fact: 'platform', op: 'is', value: 'macOS' })
    // A member whom the rule does not find shows whether anybody looked.
    await scene.rows(
      `INSERT INTO group_devices (group_id, device_id, added_at)
       SELECT $1, id, now() FROM devices WHERE serial_number = 'PAD1'`,
      [id],
    )
    const facts = 'SELECT to_jsonb(d) FROM devices d UNION ALL SELECT to_jsonb(u) FROM users u ORDER BY 1'
    const before = await scene.rows(facts)
    await change()
    expect(await scene.rows(facts)).not.toEqual(before)
    expect((await members(id)).includes('PAD1')).toBe(!expected)
  })

  test('takes its members from a new rule, and keeps them when they are picked by hand from then on', async () => {
    const id = await make(carts)
    const path = `/groups/${id}`
    await scene.send('PATCH', path, { rule: { fact: 'platform', op: 'is', value: 'macOS' } })
    expect(await members(id)).toEqual(['MAC1'])
    expect((await scene.send('PATCH', path, { rule: null })).json).toMatchObject({
      rule: null,
      ruleText: null,
      members: 1,
    })
    await scene.post('/devices', { serialNumber: 'MAC1', platform: null })
    expect(await members(id)).toEqual(['MAC1'])
    expect((await scene.post(`${path}/members`, { add: ['PAD1'] })).json).toMatchObject({ members: 2 })
    await scene.send('PATCH', path, { rule: carts })
    expect(await members(id)).toEqual(['PAD1', 'PAD2'])
  })

  test('has no members picked by hand and no groups, but can be in one', async () => {
    const id = await make(carts)
    const other = await makeGroup(scene, 'device', 'Other')
    const byRule = { status: 409, json: { code: 'group.by_rule' } }
    expect(await scene.post(`/groups/${id}/members`, { add: ['MAC1'] })).toMatchObject(byRule)
    expect(await scene.post(`/groups/${id}/members`, { addGroups: [other] })).toMatchObject(byRule)
    expect(await scene.post(`/groups/${other}/members`, { addGroups: [id] })).toMatchObject({
      json: { members: 2 },
    })
    expect(await scene.send('PATCH', `/groups/${other}`, { rule: carts })).toMatchObject(byRule)
    const { json } = await scene.importFile('devices', 'serial,groups\nMAC1,By rule\n')
    expect(json.rejections).toMatchObject([{ line: 2, reason: expect.stringContaining('members by a rule') }])
    const groups = await scene.importFile('groups', 'name,member\nBy rule,MAC1\n')
    expect(groups.json.rejections).toMatchObject([
      { line: 2, reason: expect.stringContaining('members by a rule') },
    ])
    // Leaving all groups leaves those picked by hand.
    await scene.importFile('devices', 'serial,groups\nPAD1,-\n')
    expect(await members(id)).toEqual(['PAD1', 'PAD2'])
  })

  test('is not for users', async () => {
    const staff = await makeGroup(scene, 'user', 'Staff')
    const wrong = { status: 422, json: { code: 'group.wrong_kind' } }
    expect(await scene.post('/groups', { kind: 'user', name: 'New', rule: carts })).toMatchObject(wrong)
    expect(await scene.send('PATCH', `/groups/${staff}`, { rule: carts })).toMatchObject(wrong)
  })

  test('is worked out for a device whose facts, user and rule change at one moment', async () => {
    const id = await make({ all: [carts, { fact: 'user_department', op: 'is', value: 'Art' }] })
    for (let round = 0; round < 8; round++) {
      const joins = round % 2 === 0
      await Promise.all([
        scene.post('/devices', { serialNumber: 'PHONE1', tags: joins ? ['cart'] : [] }),
        scene.post('/users', { userName: 'bob', department: joins ? 'Art' : null }),
        scene.send('PATCH', `/groups/${id}`, { description: `Round ${round}` }),
      ])
      expect(await members(id)).toEqual(joins ? ['PHONE1'] : [])
    }
  })

  test('moves targets at once: devices that join or leave are looked at again, and no others', async () => {
    const id = await make(carts)
    const outer = await makeGroup(scene, 'device', 'Outer')
    await scene.post(`/groups/${outer}/members`, { addGroups: [id] })
    const assets = [await assignAsset(scene, id, 'Atlas'), await assignAsset(scene, outer, 'Books')]
    const looks = async () => {
      const rows = await scene.rows<{ asset_id: number; serial_number: string }>(
        `WITH taken AS (DELETE FROM device_looks RETURNING *) SELECT t.asset_id, d.serial_number FROM taken t
         JOIN devices d ON d.id = t.device_id ORDER BY 1, 2`,
      )
      return rows.map(({ asset_id, serial_number }) => `${assets.indexOf(asset_id)} ${serial_number}`)
    }
    await looks()
    await scene.post('/devices', { serialNumber: 'MAC1', tags: ['cart'] })
    expect(await looks()).toEqual(['0 MAC1', '1 MAC1'])
    await scene.post('/devices', { serialNumber: 'MAC1', tags: ['cart', 'other'] })
    expect(await looks()).toEqual([])
    await scene.importFile('devices', 'serial,tags\nMAC1,-\nPHONE1,cart\n')
    expect(await looks()).toEqual(['0 MAC1', '0 PHONE1', '1 MAC1', '1 PHONE1'])
    await scene.send('PATCH', `/groups/${id}`, { rule: { fact: 'kiosk', op: 'is', value: true } })
    expect(await looks()).toEqual(['0 PAD1', '0 PHONE1', '1 PAD1', '1 PHONE1'])
  })
})
