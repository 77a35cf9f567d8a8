/** P3: users and groups come in from CSV. */
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

const csv = (...lines: string[]) => `${lines.join('\n')}\n`
const counts = (created: number, updated: number, unchanged: number) => ({
  status: 200,
  json: { kept: true, created, updated, unchanged, rejected: 0, rejections: [] },
})

describe('a file of users', () => {
  test('adds users, and a second time changes nothing', async () => {
    await makeGroup(scene, 'user', 'Staff')
    const file = csv(
      'User principal name,Display name,Mail,Department,Groups',
      'Ada@Example.org,Ada Byron,ada@example.org,Mathematics,Staff',
      'zoe@example.org,Zoë,,,',
    )
    expect(await scene.importFile('users', file)).toMatchObject(counts(2, 0, 0))
    expect((await scene.get('/users')).json.items).toMatchObject([
      {
        userName: 'Ada@Example.org',
        name: 'Ada Byron',
        email: 'ada@example.org',
        department: 'Mathematics',
        devices: 0,
      },
      { userName: 'zoe@example.org', name: 'Zoë', email: null, department: null },
    ])
    expect(await scene.importFile('users', file)).toMatchObject(counts(0, 0, 2))
    expect(await scene.rows('SELECT 1 AS one FROM group_users')).toEqual([{ one: 1 }])
  })

  test('finds users in any case and keeps their spelling', async () => {
    await scene.importFile('users', csv('user,name,department', 'Ada,Ada,Maths'))
    expect(await scene.importFile('users', csv('user,name,department', 'ADA,Ada Byron,-'))).toMatchObject(
      counts(0, 1, 0),
    )
    expect((await scene.get('/users')).json.items).toMatchObject([
      { userName: 'Ada', name: 'Ada Byron', department: null },
    ])
  })

  test('with the same user twice, a device group or a bad address is rejected', async () => {
    await makeGroup(scene, 'device', 'Carts')
    const { json } = await scene.importFile(
      'users',
      csv('user,email,groups', 'ada,,', 'ADA,,', 'bob,,Carts', 'eve,example.org,', ',a@b,'),
    )
    expect(json).toMatchObject({ kept: false, rejected: 4 })
    expect(json.rejections).toMatchObject([
      { line: 3, column: 'user', value: 'ADA', reason: expect.stringContaining('line 2') },
      { line: 4, column: 'groups', value: 'Carts', reason: expect.stringContaining('group of devices') },
      { line: 5, column: 'email', value: 'example.org', reason: expect.stringContaining('e-mail address') },
      { line: 6, column: 'user', value: '', reason: expect.stringContaining('missing') },
    ])
  })

  test('asks to look again at the assets of the groups joined', async () => {
    const staff = await makeGroup(scene, 'user', 'Staff')
    const asset = await assignAsset(scene, staff, 'Notes')
    const forAll = await assignAsset(scene, await builtIn(scene, 'all_users'), 'Mail')
    // A person without a device is reached with user licenses only.
    await scene.rows(`UPDATE assignments SET license_type = 'user'`)
    await scene.importFile('users', csv('user', 'ada'))
    expect(await scene.signals()).toEqual([forAll])
    await scene.importFile('users', csv('user,groups', 'ada,Staff'))
    expect(await scene.signals()).toEqual([asset, forAll])
    await scene.importFile('users', csv('user,department,groups', 'ada,Maths,Staff'))
    expect(await scene.signals()).toEqual([])
  })
})

describe('a file of groups', () => {
  beforeEach(async () => {
    await scene.importFile('devices', csv('serial', 'DMQL1', 'DMQL2', 'DMQL3'))
    await scene.importFile('users', csv('user', 'ada@example.org'))
  })

  const file = csv(
    'name,kind,description,member',
    'Carts,device,"In the corridor,',
    'two of them",dmql1',
    'carts,,,DMQL2',
    'Staff,user,,',
    'Staff,,,Ada@Example.org',
    'Empty,device,,',
  )

  test('makes groups and adds members, and a second time changes nothing', async () => {
    expect(await scene.importFile('groups', file)).toMatchObject(counts(3, 2, 0))
    const { json } = await scene.get('/groups')
    expect(json.items).toMatchObject([
      { name: 'All devices', builtIn: 'all_devices', members: 3 },
      { name: 'All users', builtIn: 'all_users', members: 1 },
      { name: 'Carts', kind: 'device', description: 'In the corridor,\ntwo of them', members: 2 },
      { name: 'Empty', kind: 'device', members: 0 },
      { name: 'Staff', kind: 'user', members: 1 },
    ])
    expect(await scene.importFile('groups', file)).toMatchObject(counts(0, 0, 5))
  })

  test('changes a description and asks to look again only where members came', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    const asset = await assignAsset(scene, carts, 'Notes')
    expect(await scene.importFile('groups', csv('name,description', 'Carts,Three'))).toMatchObject(
      counts(0, 1, 0),
    )
    expect(await scene.signals()).toEqual([])
    expect(await scene.importFile('groups', csv('name,member', 'Carts,DMQL1', 'Carts,DMQL2'))).toMatchObject(
      counts(0, 2, 0),
    )
    expect(await scene.signals()).toEqual([asset])
    expect((await scene.get(`/groups/${carts}`)).json).toMatchObject({ description: 'Three', members: 2 })
  })

  test('that contradicts itself or the directory is rejected row by row', async () => {
    await makeGroup(scene, 'device', 'Known')
    const { json } = await scene.importFile(
      'groups',
      csv(
        'name,kind,description,member',
        'All devices,,,DMQL1',
        'Unclear,,,DMQL1',
        'Known,user,,',
        'New,device,One,DMQL1',
        'New,user,,',
        'New,,Two,DMQL2',
        'New,,,NOWHERE1',
        'new,,,dmql1',
        'People,user,,nobody',
        'Printers,printer,,',
      ),
    )
    expect(json).toMatchObject({ kept: false, rows: 10, rejected: 9 })
    expect(json.rejections).toMatchObject([
      { line: 2, column: 'name', reason: expect.stringContaining('built in') },
      { line: 3, column: 'kind', reason: expect.stringContaining('is new') },
      { line: 4, column: 'kind', value: 'user', reason: expect.stringContaining('another kind') },
      { line: 6, column: 'kind', value: 'user', reason: expect.stringContaining('line 5') },
      { line: 7, column: 'description', value: 'Two', reason: expect.stringContaining('line 5') },
      { line: 8, column: 'member', value: 'NOWHERE1', reason: expect.stringContaining('no device') },
      { line: 9, column: 'member', value: 'dmql1', reason: expect.stringContaining('line 5') },
      { line: 10, column: 'member', value: 'nobody', reason: expect.stringContaining('no user') },
      { line: 11, column: 'kind', value: 'printer', reason: expect.stringContaining('device and user') },
      { line: 11, column: 'kind', value: 'Printers', reason: expect.stringContaining('is new') },
    ])
  })

  test('gives a new group what its good rows say', async () => {
    const { json } = await scene.importFile(
      'groups',
      csv(
        'name,kind,description,member',
        'New,device,Bad row,NOWHERE1',
        'New,,,DMQL1',
        'Other,device,,NOWHERE1',
      ),
      { onError: 'keep_good_rows' },
    )
    expect(json).toMatchObject({ kept: true, created: 1, updated: 0, unchanged: 0, rejected: 2 })
    expect((await scene.get('/groups?q=New')).json.items).toMatchObject([{ description: '', members: 1 }])
    expect((await scene.get('/groups?q=Other')).json.items).toEqual([])
  })
})
