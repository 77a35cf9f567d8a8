import { unwrap } from '@apportion/api-client/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

/** What is noticed of titles over the days (C4), and how one title is seen over two locations (C3). */

let story: Story
let school: ReturnType<Story['apple']['world']['addLocation']>
let tokenId: number

const atlas = {
  adamId: '1',
  name: 'Star Atlas',
  kind: 'iosSoftware',
  publisher: 'Northlight',
  price: 4.99,
} as const
const notes = { adamId: '2', name: 'Tally Notes', kind: 'iosSoftware', publisher: 'Paperwing' } as const
const fleet = { ...notes, adamId: '3', name: 'Fleet Forms', custom: true } as const

beforeEach(async () => {
  story = await startStory()
  const { world } = story.apple
  for (const title of [atlas, notes, fleet]) world.addTitle(title)
  school = world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian', country: 'NL' })
  school.own({ adamId: '1', total: 10 })
  school.own({ adamId: '2', unlimited: true })
  school.own({ adamId: '3', total: 5 })
  tokenId = await story.admin.addToken(school.mintToken().file)
  await story.settle()
})

afterEach(async () => {
  await story[Symbol.asyncDispose]()
})

/** Time passes, and then a sync is asked for and done. */
async function syncAfter(hours: number): Promise<void> {
  await story.pass({ minutes: hours * 60 })
  await story.settle()
  await story.admin.sync(tokenId)
  await story.settle()
}

async function changes(adamId: string): Promise<string[]> {
  const query = { adamId }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/title-changes', { params: { query } }))
  return items.map((item) => item.change)
}

const noticesOf = async (adamId: string) => (await story.admin.asset(adamId)).notices.map(({ code }) => code)

const shown = async (show: 'not_in_store' | 'not_licensed' | 'not_device_assignable' | 'changed') => {
  const query = { show }
  const assets = unwrap(await story.admin.api.GET('/api/v1/assets', { params: { query } }))
  const titles = unwrap(await story.admin.api.GET('/api/v1/titles', { params: { query } }))
  expect(titles.items.map(({ adamId }) => adamId)).toEqual(assets.items.map(({ adamId }) => adamId))
  return assets.items.map(({ adamId }) => adamId)
}

async function attention(): Promise<string[]> {
  const { attention: items } = unwrap(await story.admin.api.GET('/api/v1/overview'))
  return items.map(({ code, name }) => (name === null ? code : `${code} ${name}`))
}

test('C4 a title that left the store is said to after two looks at least a day apart, and again when it is back', async () => {
  const { world } = story.apple
  world.addTitle({ ...atlas, countries: [] })
  await syncAfter(25)
  expect(await noticesOf('1')).toEqual([])
  await syncAfter(3)
  expect(await noticesOf('1')).toEqual([])
  await syncAfter(24)
  expect(await noticesOf('1')).toEqual(['not_in_store'])
  expect(await shown('not_in_store')).toEqual(['1'])
  expect(await changes('1')).toEqual(['not_in_store'])
  expect((await story.admin.asset('1')).title.name).toBe('Star Atlas')
  world.addTitle(atlas)
  await syncAfter(1)
  expect(await noticesOf('1')).toEqual(['changed'])
  expect(await changes('1')).toEqual(['in_store_again', 'not_in_store'])
})

test('C4 a lookup that fails, or tells of nothing, never marks a title', async () => {
  const { world } = story.apple
  for (const title of [atlas, notes, fleet]) world.addTitle({ ...title, countries: [] })
  await syncAfter(25)
  world.faults.failNext({ fault: '500', match: '/lookup', times: 20 })
  await story.pass({ minutes: 25 * 60 })
  await story.settle()
  world.faults.clear()
  await syncAfter(25)
  await syncAfter(25)
  expect([await noticesOf('1'), await noticesOf('2'), await noticesOf('3')]).toEqual([[], [], []])
})

test('C4 where Apple answers for another country, nothing counts as gone, renamed or repriced', async () => {
  const { world } = story.apple
  // No storefront of the simulator: it answers for the United States, as Apple does.
  const island = world.addLocation({
    uId: '301',
    name: 'Island',
    organizationName: 'Meridian',
    country: 'XX',
  })
  island.own({ adamId: '1', total: 10 })
  island.own({ adamId: '2', total: 10 })
  tokenId = await story.admin.addToken(island.mintToken().file)
  await story.settle()
  world.addTitle({ ...atlas, countries: ['NL'], name: 'Sky Atlas' })
  await syncAfter(25)
  await syncAfter(25)
  await syncAfter(25)
  const query = { tokenId, show: 'not_in_store' } as const
  expect(unwrap(await story.admin.api.GET('/api/v1/assets', { params: { query } })).items).toEqual([])
  const { items } = unwrap(
    await story.admin.api.GET('/api/v1/title-changes', { params: { query: { adamId: '1' } } }),
  )
  expect(items.map(({ change, country }) => [change, country])).toEqual([['renamed', 'NL']])
})

test('C4 a custom app is not said to be gone because public titles are told of: the token may have been ignored', async () => {
  story.apple.world.addTitle({ ...fleet, countries: [] })
  await syncAfter(25)
  await syncAfter(25)
  await syncAfter(25)
  expect(await noticesOf('3')).toEqual([])
})

test('C4 new names and prices are noticed within a day, with what they were', async () => {
  story.apple.world.addTitle({ ...atlas, name: 'Star Atlas 2', price: 9.99 })
  await syncAfter(25)
  const query = { adamId: '1' }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/title-changes', { params: { query } }))
  expect(items.map(({ change, before, after }) => [change, before, after])).toEqual([
    ['renamed', 'Star Atlas', 'Star Atlas 2'],
    ['price_changed', '€\u00a04,99', '€\u00a09,99'],
  ])
  expect(await shown('changed')).toEqual(['1'])
  expect(await attention()).toContain('titles_changed')
  await syncAfter(24 * 31)
  expect(await shown('changed')).toEqual([])
})

test('C4 licenses that are gone are noticed, said on the overview while somebody needs them, and noticed when back', async () => {
  await story.admin.importCsv('groups', 'name,kind\nPupils,device\n')
  await story.admin.importCsv('devices', 'serial_number,platform,groups\nPAD1,iPadOS,Pupils\n')
  await story.admin.assign('3', [{ group: 'Pupils', intent: 'required' }])
  await story.settle()
  school.refund('1', 10)
  await story.settle()
  expect(await noticesOf('1')).toEqual(['not_licensed'])
  expect(await attention()).not.toContain('title_not_licensed Star Atlas')
  school.releaseOutside('3', { serialNumbers: ['PAD1'] })
  school.refund('3', 5)
  await story.settle()
  expect(await shown('not_licensed')).toEqual(['3', '1'])
  expect(await attention()).toContain('title_not_licensed Fleet Forms')
  school.buy('1', 4)
  await story.settle()
  expect(await noticesOf('1')).toEqual(['changed'])
  expect(await changes('1')).toEqual(['licensed_again', 'not_licensed'])
})

test('C4 a title that becomes limited or unlimited is noticed, and is never counted as billions (S7)', async () => {
  await story.admin.importCsv('groups', 'name,kind\nPupils,device\n')
  await story.admin.importCsv('devices', 'serial_number,platform,groups\nPAD1,iPadOS,Pupils\n')
  await story.admin.assign('2', [{ group: 'Pupils', intent: 'required' }])
  await story.settle()
  school.setUnlimited('2', false)
  school.buy('2', 3)
  await syncAfter(1)
  expect((await story.admin.asset('2')).counts.total).toBe(4)
  expect(await attention()).toContain('title_became_limited Tally Notes')
  school.setUnlimited('2', true)
  await syncAfter(1)
  expect(await changes('2')).toEqual(['became_unlimited', 'became_limited'])
  const overview = unwrap(await story.admin.api.GET('/api/v1/overview'))
  expect(overview.licenses.total).toBe(15)
  expect(await attention()).not.toContain('title_became_limited Tally Notes')
})

test('C3 a second location that owns the title adds its pool', async () => {
  const office = story.apple.world.addLocation({
    uId: '302',
    name: 'Antwerp',
    organizationName: 'Meridian',
    country: 'BE',
  })
  office.own({ adamId: '1', total: 7 })
  await story.admin.addToken(office.mintToken().file)
  await story.settle()
  const path = { adamId: '1' }
  const title = unwrap(await story.admin.api.GET('/api/v1/titles/{adamId}', { params: { path } }))
  expect(title).toMatchObject({ poolCount: 2, locations: 2, counts: { total: 17, available: 17 } })
  expect(title.pools.items.map(({ token, country }) => `${token.name} ${country}`)).toEqual([
    'Antwerp BE',
    'Utrecht NL',
  ])
})
