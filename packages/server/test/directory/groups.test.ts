/** A1: groups of devices and of users, and who is in them. */
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
  await scene.importFile('devices', 'serial\nDMQL1\nDMQL2\nDMQL3\n')
  await scene.importFile('users', 'user\nada@example.org\nbob@example.org\n')
})

describe('a group', () => {
  test('is made, read, renamed and deleted', async () => {
    const made = await scene.post('/groups', { kind: 'device', name: ' Carts ', description: 'Two' })
    expect(made).toMatchObject({
      status: 201,
      json: { name: 'Carts', kind: 'device', description: 'Two', builtIn: null, members: 0, assignments: 0 },
    })
    const path = `/groups/${made.json.id}`
    expect(await scene.get(path)).toEqual({ status: 200, json: made.json })
    expect(await scene.send('PATCH', path, { name: 'CARTS' })).toMatchObject({
      status: 200,
      json: { name: 'CARTS', description: 'Two' },
    })
    expect(await scene.send('DELETE', path)).toEqual({ status: 204, json: null })
    expect(await scene.get(path)).toMatchObject({ status: 404, json: { code: 'not_found' } })
    const actions = await scene.rows<{ action: string }>(
      `SELECT action FROM audit_entries WHERE subject_kind = 'group' AND subject_id = $1 ORDER BY seq`,
      [String(made.json.id)],
    )
    expect(actions.map(({ action }) => action)).toEqual(['group.created', 'group.changed', 'group.deleted'])
  })

  test('cannot take the name of another, in any case', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    const spare = await makeGroup(scene, 'device', 'Spare')
    const taken = {
      status: 409,
      json: {
        code: 'group.name_taken',
        detail: expect.stringContaining('"Carts"'),
        facts: { groupId: carts },
      },
    }
    expect(await scene.post('/groups', { kind: 'user', name: 'cARTS' })).toMatchObject(taken)
    expect(await scene.send('PATCH', `/groups/${spare}`, { name: 'carts' })).toMatchObject(taken)
    expect(await scene.post('/groups', { kind: 'user', name: 'all DEVICES' })).toMatchObject({ status: 409 })
  })

  test('that is assigned is not deleted, and the refusal names the assets', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    await assignAsset(scene, carts, 'Atlas')
    await assignAsset(scene, carts, 'Books')
    expect(await scene.send('DELETE', `/groups/${carts}`)).toMatchObject({
      status: 409,
      json: {
        code: 'group.in_use',
        detail: expect.stringContaining('Atlas (Main Street), Books (Main Street)'),
        facts: { total: 2 },
      },
    })
    expect((await scene.get(`/groups/${carts}`)).json).toMatchObject({ assignments: 2 })
  })

  test('that is built in refuses every change', async () => {
    const id = await builtIn(scene, 'all_devices')
    const refused = { status: 409, json: { code: 'group.built_in' } }
    expect(await scene.send('PATCH', `/groups/${id}`, { name: 'Mine' })).toMatchObject(refused)
    expect(await scene.send('DELETE', `/groups/${id}`)).toMatchObject(refused)
    expect(await scene.post(`/groups/${id}/members`, { remove: ['DMQL1'] })).toMatchObject(refused)
  })

  test('that does not exist is not found', async () => {
    for (const [method, path, body] of [
      ['GET', '/groups/999999', undefined],
      ['PATCH', '/groups/999999', { name: 'x' }],
      ['DELETE', '/groups/999999', undefined],
      ['POST', '/groups/999999/members', { add: ['DMQL1'] }],
    ] as const) {
      expect(await scene.send(method, path, body)).toMatchObject({ status: 404, json: { code: 'not_found' } })
    }
  })
})

describe('members', () => {
  test('of a device group are added and removed by serial number, those of a user group by user name', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    const staff = await makeGroup(scene, 'user', 'Staff')
    const change = async (id: number, body: object) => (await scene.post(`/groups/${id}/members`, body)).json
    const noGroups = { groupsAdded: 0, groupsRemoved: 0 }
    expect(await change(carts, { add: ['dmql1', ' DMQL2 ', 'DMQL2'] })).toEqual({
      ...noGroups,
      added: 2,
      removed: 0,
      members: 2,
    })
    expect(await change(carts, { add: ['DMQL2', 'DMQL3'], remove: ['DMQL1'] })).toEqual({
      ...noGroups,
      added: 1,
      removed: 1,
      members: 2,
    })
    expect(await change(staff, { add: ['ADA@example.org'] })).toEqual({
      ...noGroups,
      added: 1,
      removed: 0,
      members: 1,
    })
    expect(await change(staff, { remove: ['bob@example.org'] })).toEqual({
      ...noGroups,
      added: 0,
      removed: 0,
      members: 1,
    })
    expect(await change(staff, {})).toEqual({ ...noGroups, added: 0, removed: 0, members: 1 })
  })

  test('that are unknown change nothing, and are named, twenty at most', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    const unknown = Array.from({ length: 30 }, (_, i) => `GONE${i}`)
    const { status, json } = await scene.post(`/groups/${carts}/members`, { add: ['DMQL1', ...unknown] })
    expect({ status, code: json.code, facts: json.facts }).toEqual({
      status: 404,
      code: 'device.unknown',
      facts: { unknown: unknown.slice(0, 20), total: 30 },
    })
    expect(json.detail).toContain('"GONE19" and 10 more')
    expect((await scene.get(`/groups/${carts}`)).json).toMatchObject({ members: 0 })
    const staff = await makeGroup(scene, 'user', 'Staff')
    expect(await scene.post(`/groups/${staff}/members`, { remove: ['DMQL1'] })).toMatchObject({
      status: 422,
      json: { code: 'user.unknown' },
    })
  })

  test('cannot be added and removed at once', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    expect(await scene.post(`/groups/${carts}/members`, { add: ['DMQL1'], remove: ['dmql1'] })).toMatchObject(
      {
        status: 400,
        json: { code: 'request.invalid', detail: expect.stringContaining('"dmql1"') },
      },
    )
  })

  test('that change ask to look again at the assets of the group, and leave one audit entry', async () => {
    const carts = await makeGroup(scene, 'device', 'Carts')
    const asset = await assignAsset(scene, carts, 'Atlas')
    await scene.signals()
    await scene.post(`/groups/${carts}/members`, { add: ['DMQL1', 'DMQL2'] })
    expect(await scene.signals()).toEqual([asset])
    await scene.post(`/groups/${carts}/members`, { add: ['DMQL1'] })
    expect(await scene.signals()).toEqual([])
    await scene.post(`/groups/${carts}/members`, { remove: ['DMQL2'] })
    expect(await scene.signals()).toEqual([asset])
    const entries = await scene.rows(
      `SELECT details FROM audit_entries WHERE action = 'group.members_changed' AND subject_id = $1 ORDER BY seq`,
      [String(carts)],
    )
    expect(entries).toEqual([
      { details: { added: 2, removed: 0, add: ['DMQL1', 'DMQL2'], remove: [] } },
      { details: { added: 0, removed: 1, add: [], remove: ['DMQL2'] } },
    ])
  })
})

test('groups are listed by name in pages, by kind and by a part of their name', async () => {
  for (const name of ['beta', 'Alpha', 'Gamma cart', 'delta']) await makeGroup(scene, 'device', name)
  await makeGroup(scene, 'user', 'Carters')
  const names = async (query: string) =>
    (await scene.get(`/groups${query}`)).json.items.map(({ name }) => name)
  expect(await names('')).toEqual([
    'All devices',
    'All users',
    'Alpha',
    'beta',
    'Carters',
    'delta',
    'Gamma cart',
  ])
  expect(await names('?q=CART')).toEqual(['Carters', 'Gamma cart'])
  expect(await names('?q=cart&kind=user')).toEqual(['Carters'])
  expect(await names('?kind=user')).toEqual(['All users', 'Carters'])
  const first = await scene.get('/groups?limit=3')
  expect(first.json.items.map(({ name }) => name)).toEqual(['All devices', 'All users', 'Alpha'])
  expect(await names(`?limit=3&cursor=${first.json.nextCursor}`)).toEqual(['beta', 'Carters', 'delta'])
})
