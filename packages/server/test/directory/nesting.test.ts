/** A1: groups in groups. */
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
})

const nest = (groupId: number, change: { addGroups?: number[]; removeGroups?: number[] }) =>
  scene.post(`/groups/${groupId}/members`, change)

async function makeGroups<Name extends string>(...names: Name[]): Promise<Record<Name, number>> {
  const made: [string, number][] = []
  for (const name of names) made.push([name, await makeGroup(scene, 'device', name)])
  return Object.fromEntries(made) as Record<Name, number>
}

/** Every group with every group in it, as the database would find by walking. */
async function expectClosed(): Promise<void> {
  const wrong = await scene.rows(`
    WITH RECURSIVE inside(group_id, member_group_id) AS (
      SELECT id, id FROM groups
      UNION SELECT i.group_id, n.member_group_id FROM inside i JOIN group_groups n ON n.group_id = i.member_group_id
    ) (TABLE inside EXCEPT TABLE group_closure) UNION ALL (TABLE group_closure EXCEPT TABLE inside)`)
  expect(wrong).toEqual([])
}

describe('a group in a group', () => {
  test('brings its devices, however deep, each counted once', async () => {
    const { school, floor, cart } = await makeGroups('school', 'floor', 'cart')
    await scene.post(`/groups/${cart}/members`, { add: ['DMQL1', 'DMQL2'] })
    await scene.post(`/groups/${school}/members`, { add: ['DMQL2', 'DMQL3'] })
    expect((await nest(floor, { addGroups: [cart] })).json).toMatchObject({ groupsAdded: 1, members: 2 })
    expect((await nest(school, { addGroups: [floor, cart, floor] })).json).toMatchObject({
      groupsAdded: 2,
      members: 3,
    })
    await expectClosed()
    expect((await scene.get(`/groups/${school}`)).json).toMatchObject({
      members: 3,
      memberGroups: [{ name: 'cart' }, { name: 'floor' }],
      isIn: [],
    })
    expect((await scene.get(`/groups/${cart}`)).json).toMatchObject({
      isIn: [{ name: 'floor' }, { name: 'school' }],
    })
    const serials = async (query: string) =>
      (await scene.get(`/devices?${query}`)).json.items.map(({ serialNumber }) => serialNumber)
    expect(await serials(`groupId=${school}`)).toEqual(['DMQL1', 'DMQL2', 'DMQL3'])
    expect(await serials(`groupId=${school}&direct=true`)).toEqual(['DMQL2', 'DMQL3'])
    expect((await nest(floor, { removeGroups: [cart] })).json).toMatchObject({ groupsRemoved: 1, members: 0 })
    await expectClosed()
    // The other way into the school remains.
    expect(await serials(`groupId=${school}`)).toEqual(['DMQL1', 'DMQL2', 'DMQL3'])
  })

  test('moves targets: the assets of every group around are looked at again', async () => {
    const { school, floor, cart } = await makeGroups('school', 'floor', 'cart')
    const asset = await assignAsset(scene, school, 'Atlas')
    await nest(school, { addGroups: [floor] })
    await scene.signals()
    await nest(floor, { addGroups: [cart] })
    expect(await scene.signals()).toEqual([asset])
    await scene.post(`/groups/${cart}/members`, { add: ['DMQL1'] })
    expect(await scene.signals()).toEqual([asset])
    await nest(floor, { addGroups: [cart] })
    expect(await scene.signals()).toEqual([])
  })

  test('cannot contain the group that it is in, and the refusal names the way', async () => {
    const { a, b, c } = await makeGroups('a', 'b', 'c')
    await nest(a, { addGroups: [b] })
    await nest(b, { addGroups: [c] })
    expect(await nest(c, { addGroups: [a] })).toMatchObject({
      status: 409,
      json: {
        code: 'group.cycle',
        detail: expect.stringContaining('"c" → "a" → "b" → "c"'),
        facts: { path: ['c', 'a', 'b', 'c'] },
      },
    })
    expect(await nest(a, { addGroups: [a] })).toMatchObject({ status: 409, json: { code: 'group.cycle' } })
    await expectClosed()
  })

  test('cannot make a circle with another that is made at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { a, b, c } = await makeGroups(`a${round}`, `b${round}`, `c${round}`).then((made) => {
        const [a = 0, b = 0, c = 0] = Object.values(made)
        return { a, b, c }
      })
      const answers = await Promise.all([
        nest(a, { addGroups: [b] }),
        nest(b, { addGroups: [c] }),
        nest(c, { addGroups: [a] }),
      ])
      expect(answers.map(({ status }) => status).sort((x, y) => x - y)).toEqual([200, 200, 409])
      await expectClosed()
    }
  })

  test('can be ten deep and no deeper, from whichever end', async () => {
    const names = Array.from({ length: 11 }, (_, i) => `level ${i}`)
    const ids = Object.values(await makeGroups(...names))
    for (let i = 0; i < 9; i++)
      expect((await nest(ids[i] ?? 0, { addGroups: [ids[i + 1] ?? 0] })).status).toBe(200)
    const tooDeep = { status: 409, json: { code: 'group.too_deep', facts: { deepest: 10 } } }
    expect(await nest(ids[9] ?? 0, { addGroups: [ids[10] ?? 0] })).toMatchObject(tooDeep)
    expect(await nest(ids[10] ?? 0, { addGroups: [ids[0] ?? 0] })).toMatchObject(tooDeep)
    await expectClosed()
  })

  test('is neither built in, nor of the other kind, nor unknown', async () => {
    const { carts } = await makeGroups('carts')
    const staff = await makeGroup(scene, 'user', 'Staff')
    const all = await builtIn(scene, 'all_devices')
    expect(await nest(carts, { addGroups: [all] })).toMatchObject({
      status: 409,
      json: { code: 'group.built_in' },
    })
    expect(await nest(all, { addGroups: [carts] })).toMatchObject({
      status: 409,
      json: { code: 'group.built_in' },
    })
    expect(await nest(carts, { addGroups: [staff] })).toMatchObject({
      status: 422,
      json: { code: 'group.wrong_kind', detail: expect.stringContaining('"Staff" is a group of users') },
    })
    expect(await nest(carts, { addGroups: [999_999] })).toMatchObject({
      status: 404,
      json: { code: 'not_found' },
    })
    expect(await nest(carts, { addGroups: [carts], removeGroups: [carts] })).toMatchObject({ status: 400 })
  })

  test('is not deleted while it is in one; one that contains others leaves them behind', async () => {
    const { outer, inner } = await makeGroups('outer', 'inner')
    await nest(outer, { addGroups: [inner] })
    expect(await scene.send('DELETE', `/groups/${inner}`)).toMatchObject({
      status: 409,
      json: {
        code: 'group.in_use',
        detail: expect.stringContaining('is in "outer"'),
        facts: { groups: ['outer'] },
      },
    })
    expect((await scene.send('DELETE', `/groups/${outer}`)).status).toBe(204)
    expect((await scene.get(`/groups/${inner}`)).json).toMatchObject({ isIn: [] })
    await expectClosed()
  })
})

test('people come through groups in groups, except who has left', async () => {
  await scene.importFile('users', 'user,active\nada,yes\nbob,no\n')
  await scene.post('/devices', { serialNumber: 'DMQL1', userName: 'ada' })
  await scene.post('/devices', { serialNumber: 'DMQL2', userName: 'bob' })
  const everybody = await makeGroup(scene, 'user', 'Everybody')
  const staff = await makeGroup(scene, 'user', 'Staff')
  await scene.post(`/groups/${staff}/members`, { add: ['ada', 'bob'] })
  expect((await nest(everybody, { addGroups: [staff] })).json).toMatchObject({ members: 1 })
  const { json } = await scene.get(`/users?groupId=${everybody}`)
  expect(json.items.map(({ userName }) => userName)).toEqual(['ada'])
  expect((await scene.get(`/devices?groupId=${everybody}`)).json.items).toMatchObject([
    { serialNumber: 'DMQL1' },
  ])
})
