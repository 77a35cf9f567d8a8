/** People with user licenses: asked to join on their devices, given an app and then a book (U1, U2; facts 10.1, 10.4). */
import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

const uId = '300'
const app = '900001'
const book = '900002'
const bundleId = 'example.reader'

let story: Story
let userId: number
beforeEach(async () => {
  story = await startStory({ devices: {}, apple: { clock: manualClock(Date.parse('2026-11-02T09:00:00Z')) } })
  const { apple, admin, fleet } = story
  const publisher = 'Harbor'
  apple.world.addTitle({ adamId: app, name: 'Reader', kind: 'iosSoftware', publisher, bundleId })
  apple.world.addTitle({ adamId: book, name: 'Tides', kind: 'epubBook', publisher })
  const location = apple.world.addLocation({ uId, name: 'Utrecht', organizationName: 'Meridian' })
  location.own({ adamId: app, total: 3 })
  location.own({ adamId: book, total: 3 })
  await admin.addToken(location.mintToken().file)
  await story.settle()
  await fleet.certify()
  await admin.importCsv('users', 'user_name,email\nmei,mei@meridian.example\n')
  const { items } = unwrap(await admin.api.GET('/api/v1/users', { params: { query: { q: 'mei' } } }))
  userId = items[0]?.id ?? 0
})
afterEach(() => story[Symbol.asyncDispose]())

/** A device of Mei's, supervised so that only accounts are asked for. */
async function deviceOfMei(): Promise<SimulatedDevice> {
  const address = await story.fleet.link({ ownership: 'corporate', userName: 'mei' })
  const device = await story.fleet.enroll({ kind: 'supervised' }, address)
  await story.pass({ seconds: 1 })
  return device
}

/** Assigned to everybody, with user licenses. */
async function assign(adamId: string): Promise<void> {
  const { api } = story.admin
  const [{ id: assetId }, groupId] = [await story.admin.asset(adamId), await story.admin.groupId('All users')]
  const wanted = [{ groupId, mode: 'include', intent: 'required', licenseType: 'user' } as const]
  const plan = unwrap(await api.POST('/api/v1/plans', { body: { assetId, wanted } }))
  await story.admin.apply(plan.id)
  await story.settle()
}

async function rowOf({ identity: { serialNumber } }: SimulatedDevice) {
  const query = { q: serialNumber }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/devices', { params: { query } }))
  const [device] = items
  if (device === undefined) throw new Error(`The directory does not know ${serialNumber}`)
  return device
}

async function why(device: SimulatedDevice, adamId: string): Promise<string> {
  const [{ id }, asset] = [await rowOf(device), await story.admin.asset(adamId)]
  const path = { id, assetId: asset.id }
  const { links, advice } = unwrap(
    await story.admin.api.GET('/api/v1/devices/{id}/why/{assetId}', { params: { path } }),
  )
  const last = links.at(-1)
  return `${last?.link} ${last?.state} ${last?.code}: ${advice.code}`
}

async function stateOf(device: SimulatedDevice, adamId: string): Promise<string> {
  const { id } = await rowOf(device)
  const { items } = unwrap(
    await story.admin.api.GET('/api/v1/devices/{id}/installs', { params: { path: { id } } }),
  )
  const install = items.find((each) => each.adamId === adamId)
  return install === undefined ? 'nothing' : `${install.state}: ${install.cause?.code ?? 'none'}`
}

/** How far Mei is, and what became of the last question on a device. */
async function joinOfMei() {
  const { joins } = unwrap(
    await story.admin.api.GET('/api/v1/users/{id}', { params: { path: { id: userId } } }),
  )
  const [join] = joins
  return join === undefined
    ? null
    : {
        state: join.state,
        asked: join.deviceInvitation?.state ?? null,
        result: join.deviceInvitation?.result ?? null,
      }
}

/** Lets a while pass, in small steps. */
async function pass(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 4; step += 1) await story.pass({ seconds: 15 })
}

async function passDays(days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    await story.pass({ minutes: 24 * 60 })
    await pass(2)
  }
}

const prompts = (device: SimulatedDevice) => device.person.promptsShown.join_program

describe('a person who is to get a user license', () => {
  test('is asked on the device, joins, and gets the app and then the book', async () => {
    const device = await deviceOfMei()
    await assign(app)
    await pass(4)
    expect(prompts(device)).toBe(1)
    expect(await joinOfMei()).toEqual({ state: 'joined', asked: 'shown', result: 'Acknowledged' })
    await pass(4)
    expect(device.app(bundleId)).toMatchObject({ installed: true, managed: true, license: 'user' })
    expect(await stateOf(device, app)).toBe('installed: verified')
    expect(await why(device, app)).toBe('device passed device_says: done')

    await assign(book)
    await pass(4)
    expect(device.books).toMatchObject([{ adamId: Number(book), state: 'Installed' }])
    expect(await stateOf(device, book)).toBe('installed: verified')
    expect(await why(device, book)).toBe('device passed device_says: done')
    const told = device.heard.filter(({ requestType }) => requestType === 'InstallMedia')
    expect(told).toHaveLength(1)
    expect(prompts(device)).toBe(1)
  })

  test('who declines is asked again after a week, and nothing is assumed meanwhile', async () => {
    const device = await deviceOfMei()
    device.person.behaves({ join_program: 'refuse' })
    await assign(book)
    await pass(4)
    expect(await joinOfMei()).toEqual({ state: 'waiting_to_join', asked: 'shown', result: 'Acknowledged' })
    expect(await why(device, book)).toBe('license ends person_not_joined: let_person_join')
    await passDays(5)
    expect(prompts(device)).toBe(1)
    expect(device.heard.filter(({ requestType }) => requestType === 'InstallMedia')).toEqual([])
    device.person.behaves({ join_program: 'accept' })
    await passDays(3)
    expect(prompts(device)).toBe(2)
    expect(await stateOf(device, book)).toBe('installed: verified')
  })

  test('with a Managed Apple Account is never asked', async () => {
    story.apple.world.location(uId).addManagedAppleAccount('mei@school.example')
    await story.admin.importCsv(
      'users',
      'user_name,email,managed_apple_account\nmei,mei@meridian.example,mei@school.example\n',
    )
    const device = await deviceOfMei()
    device.signIn('mei@school.example')
    await assign(book)
    await pass(4)
    expect(await joinOfMei()).toEqual({ state: 'joined', asked: null, result: null })
    expect(prompts(device)).toBe(0)
    expect(await stateOf(device, book)).toBe('installed: verified')
  })

  test('is asked on one device, the one that was seen last', async () => {
    const first = await deviceOfMei()
    const second = await deviceOfMei()
    first.goOffline()
    await story.pass({ seconds: 1 })
    await assign(app)
    await pass(4)
    expect([prompts(first), prompts(second)]).toEqual([0, 1])
  })

  test('leaves no address behind, in no table and no line of the log', async () => {
    const device = await deviceOfMei()
    device.person.behaves({ join_program: 'ignore' })
    await assign(app)
    await pass(2)
    expect(prompts(device)).toBe(1)
    const { rows } = await sql<{
      payload: string | null
      subject: object
    }>`SELECT payload, subject FROM commands
      WHERE purpose = 'invitation'`.execute(story.database.kysely)
    expect(rows).toEqual([{ payload: null, subject: { locationId: expect.any(Number), userId } }])
    const [join] = unwrap(
      await story.admin.api.GET('/api/v1/users/{id}', { params: { path: { id: userId } } }),
    ).joins
    const path = { id: userId, tokenId: join?.token.id ?? 0 }
    const { url } = unwrap(
      await story.admin.api.POST('/api/v1/users/{id}/joins/{tokenId}/invitation', { params: { path } }),
    )
    const code = new URL(url).searchParams.get('inviteCode') ?? new URL(url).searchParams.get('inviteId')
    expect(code).toBeTruthy()
    expect(story.logged.join('\n')).not.toContain(code)
  })
})

describe('a book', () => {
  test('that its person has waits for the sign-in, which is said', async () => {
    const device = await deviceOfMei()
    device.person.behaves({ sign_in: 'ignore' })
    await assign(book)
    await pass(4)
    expect(await stateOf(device, book)).toBe('prompting: asked_to_sign_in')
    expect(await why(device, book)).toBe('device waits store_signed_out: let_person_sign_in')
    device.person.answer('sign_in', 'accept')
    await pass(40)
    expect(await stateOf(device, book)).toBe('installed: verified')
  })

  test('does not come to a device with another account, which is said', async () => {
    const device = await deviceOfMei()
    await assign(app)
    await pass(8)
    device.signIn('somebody@else.example')
    await passDays(2)
    await assign(book)
    await pass(4)
    expect(await stateOf(device, book)).toBe('failed: license_not_found')
    expect(await why(device, book)).toBe('device ends store_other_account: use_joined_account')
  })

  test('is never taken back, and comes to the next device of its person too', async () => {
    const device = await deviceOfMei()
    await assign(book)
    await pass(6)
    device.leave()
    await pass(2)
    expect(device.books).toHaveLength(1)
    const next = await deviceOfMei()
    next.signIn(`${device.identity.serialNumber.toLowerCase()}@accounts.example`)
    await pass(4)
    expect(await stateOf(next, book)).toBe('installed: verified')
    expect(await story.admin.holders(book)).toHaveLength(1)
  })
})
