/** People become known to Apple before they are given licenses (U1), and join. */

import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import type { ResponseUser } from '@apportion/apple-wire/messages'
import { createAppsBooksClient } from '@apportion/apps-books/client'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { addPeople, knownAtApple, reserveFor } from '../support/people.ts'
import { type Story, startStory } from '../support/story.ts'

const uId = '300'
const adamId = '900001'

async function startPeopled(options: Parameters<typeof startStory>[0] = {}) {
  const story = await startStory({ ...options, apple: { clock: manualClock(Date.now()), ...options.apple } })
  const location = story.apple.world.addLocation({ uId, name: 'Utrecht', organizationName: 'Meridian' })
  location.own({ adamId, total: 500 })
  const { file } = location.mintToken()
  const tokenId = await story.admin.addToken(file)
  await story.settle()
  return { story, location, tokenId, file }
}

const holdersAtApple = (story: Story) =>
  [...story.apple.world.location(uId).assignments(adamId)].map((each) => each.clientUserId ?? '').toSorted()

/** Read as another program with the same token would. */
async function usersAtApple(story: Story, token: string): Promise<readonly ResponseUser[]> {
  const { serviceConfigUrl } = story.apple
  const client = createAppsBooksClient({
    serviceConfigUrl,
    token,
    allowPlainHttpLoopback: true,
    allowedHosts: [new URL(serviceConfigUrl).host],
  })
  const users: ResponseUser[] = []
  for await (const page of client.users().pages) users.push(...page.records)
  return users
}

const creations = (story: Story) => story.apple.world.countRequests({ path: '/users/create' })

const names = (count: number) => Array.from({ length: count }, (_, i) => ({ userName: `p${i}` }))

describe.each([
  ['with notifications', true],
  ['by polling alone', false],
])('people who want a license, %s', (_title, notifications) => {
  test('are registered in requests of up to Apple’s limit, invited, and only then given their licenses', async () => {
    const { story } = await startPeopled({ notifications })
    await using _ = story
    const ids = await addPeople(story, names(120))
    story.apple.world.forgetRequests()
    await reserveFor(story, { adamId, ids })
    await story.settle()
    expect(creations(story)).toBe(2)
    expect(holdersAtApple(story)).toEqual(ids.toSorted())
    const paths = story.apple.world.requests.map((each) => each.path)
    expect(paths.findIndex((path) => path.endsWith('/users/create'))).toBeLessThan(
      paths.findIndex((path) => path.endsWith('/assets/associate')),
    )
    const known = await knownAtApple(story)
    expect([...known.values()]).toEqual(ids.map(() => ({ status: 'Registered', invited: true, hash: null })))
  })

  test('join at once, without an invitation, where the directory knows their Managed Apple Accounts', async () => {
    const { story, location } = await startPeopled({ notifications })
    await using _ = story
    location.addManagedAppleAccount('mei@school.example')
    const ids = await addPeople(story, [{ userName: 'mei', managedAccount: 'mei@school.example' }])
    await reserveFor(story, { adamId, ids })
    await story.settle()
    const known = await knownAtApple(story)
    expect([...known.values()]).toEqual([{ status: 'Associated', invited: false, hash: expect.any(String) }])
    expect(holdersAtApple(story)).toEqual(ids)
  })

  test('are registered once when Apple’s answer is lost', async () => {
    const { story } = await startPeopled({ notifications })
    await using _ = story
    const ids = await addPeople(story, names(3))
    story.apple.world.faults.failNext({ fault: 'reset-after-commit', match: '/users/create' })
    await reserveFor(story, { adamId, ids })
    await story.settle()
    expect(creations(story)).toBe(1)
    expect(holdersAtApple(story)).toEqual(ids.toSorted())
  })

  test('are registered once when Apple does not know its own event any more', async () => {
    const { story } = await startPeopled({ notifications })
    await using _ = story
    const ids = await addPeople(story, names(3))
    story.apple.world.setKnobs({ notifications: { loss: 1 } })
    story.apple.world.faults.forgetEvents(1)
    await reserveFor(story, { adamId, ids })
    await story.pass({ seconds: 5 })
    await story.pass({ minutes: 5 })
    await story.settle()
    expect(creations(story)).toBe(1)
    expect(holdersAtApple(story)).toEqual(ids.toSorted())
  })
})

test('a person who accepts the invitation has joined as soon as Apple tells', async () => {
  const { story, location } = await startPeopled()
  await using _ = story
  const [id = ''] = await addPeople(story, [{ userName: 'ada', email: 'ada@meridian.example' }])
  await reserveFor(story, { adamId, ids: [id] })
  await story.settle()
  // Nothing but the notification can tell: Apple would refuse to be read.
  story.apple.world.faults.order({ fault: '503', match: '/users', times: 100 })
  location.acceptInvitation(id)
  await story.pass({ seconds: 10 })
  expect((await knownAtApple(story)).get(id)).toMatchObject({ status: 'Associated', invited: false })
})

test('no code of an invitation rests in the clear, in no table and no line of the log', async () => {
  const { story, location, file } = await startPeopled()
  await using _ = story
  const ids = await addPeople(story, names(2))
  await reserveFor(story, { adamId, ids })
  await story.settle()
  const [accepted = '', open = ''] = ids
  const codes = (await usersAtApple(story, file)).flatMap((user) => user.inviteCode ?? [])
  expect(codes.length).toBe(2)
  location.acceptInvitation(accepted)
  await story.pass({ minutes: 1 })
  expect((await knownAtApple(story)).get(open)).toMatchObject({ invited: true })
  const { rows } = await sql<{
    text: string
  }>`SELECT concat(n.type, n.body::text) AS text FROM notifications n
    UNION ALL SELECT to_jsonb(k)::text FROM apple_users k
    UNION ALL SELECT to_jsonb(o)::text FROM user_operations o`.execute(story.database.kysely)
  const written = [...rows.map((row) => row.text), ...story.logged]
  expect(written.some((text) => text.includes('USER_MANAGEMENT'))).toBe(true)
  for (const code of codes) expect(written.filter((text) => text.includes(code))).toEqual([])
})

/** What is written of refusals, by user name. */
async function problems(story: Story) {
  const { rows } = await sql<{ name: string; number: number; final: boolean }>`
    SELECT u.user_name AS name, r.problem_number AS number, r.final FROM registrations r JOIN users u ON u.id = r.user_id
    WHERE r.problem_at IS NOT NULL ORDER BY 1`.execute(story.database.kysely)
  return rows
}

const reserved = async (story: Story) => (await story.admin.asset(adamId)).counts.granting

/** The people, each with a device, become a group that the app is assigned to with user licenses. */
async function assignToPeople(story: Story, ids: readonly string[]): Promise<void> {
  const of = sql`FROM users WHERE client_user_id::text = ANY(${[...ids]}::text[])`
  await story.admin.importCsv('groups', 'name,kind\nStaff,user\n')
  await sql`INSERT INTO devices (serial_number, platform, user_id, created_at, updated_at)
    SELECT 'STAFF' || id, 'iPadOS', id, now(), now() ${of}`.execute(story.database.kysely)
  const groupId = await story.admin.groupId('Staff')
  await sql`INSERT INTO group_users (group_id, user_id, added_at) SELECT ${groupId}::int, id, now() ${of}`.execute(
    story.database.kysely,
  )
  const { id: assetId } = await story.admin.asset(adamId)
  const wanted = [
    { groupId, mode: 'include' as const, intent: 'required' as const, licenseType: 'user' as const },
  ]
  const plan = unwrap(await story.admin.api.POST('/api/v1/plans', { body: { assetId, wanted } }))
  await story.admin.apply(plan.id)
}

/** The person wants the license still, or again. */
const wantAgain = (story: Story, id: string) =>
  sql`INSERT INTO targets (location_id, asset_id, user_id, license_type, intent, assignment_id, entered_at)
    SELECT a.location_id, a.id, u.id, 'user', 'required', 0, now() FROM assets a CROSS JOIN users u
    WHERE a.adam_id = ${adamId} AND u.client_user_id::text = ${id} ON CONFLICT DO NOTHING`.execute(
    story.database.kysely,
  )

const change = (story: Story, userName: string, change: { email?: string; account?: string | null }) =>
  sql`UPDATE users SET email = coalesce(${change.email ?? null}, email),
    managed_apple_account = ${change.account ?? null} WHERE user_name = ${userName}`.execute(
    story.database.kysely,
  )

describe('somebody whom Apple refuses', () => {
  test('for an account of another organization does not hold up the others, and is tried again once it is corrected', async () => {
    const { story, location } = await startPeopled()
    await using _ = story
    location.addManagedAppleAccount('mei@school.example')
    const ids = await addPeople(story, [
      { userName: 'mei', managedAccount: 'mei@elsewhere.example' },
      { userName: 'noor' },
    ])
    await assignToPeople(story, ids)
    await story.settle()
    expect(holdersAtApple(story)).toEqual(ids.slice(1))
    expect(await problems(story)).toEqual([{ name: 'mei', number: 9635, final: true }])
    expect(await reserved(story)).toBe(0)
    const asked = creations(story)
    await story.pass({ minutes: 60 * 24 })
    expect(creations(story)).toBe(asked)
    await change(story, 'mei', { account: 'mei@school.example' })
    // Registering counts as no operation on licenses, so nothing seems open until the license is reserved.
    for (let i = 0; i < 3; i++) await story.pass({ seconds: 5 })
    await story.settle()
    expect(holdersAtApple(story)).toEqual(ids.toSorted())
    expect(await problems(story)).toEqual([])
  })

  test('for an account that another has waits with that reason', async () => {
    const { story, location } = await startPeopled()
    await using _ = story
    location.addUser({ clientUserId: 'former', managedAppleId: 'mei@school.example' })
    const ids = await addPeople(story, [{ userName: 'mei', managedAccount: 'mei@school.example' }])
    await reserveFor(story, { adamId, ids })
    await story.settle()
    expect(await problems(story)).toEqual([{ name: 'mei', number: 9641, final: true }])
    expect(holdersAtApple(story)).toEqual([])
  })

  test('because of a bad address does not hold up the others of the same request', async () => {
    const { story } = await startPeopled()
    await using _ = story
    const ids = await addPeople(story, [
      { userName: 'ada', email: 'ada@meridian.example' },
      { userName: 'bad', email: 'no address' },
      { userName: 'cas' },
    ])
    await assignToPeople(story, ids)
    await story.settle()
    expect(await problems(story)).toEqual([{ name: 'bad', number: 9717, final: true }])
    expect(holdersAtApple(story)).toEqual(ids.filter((_id, i) => i !== 1).toSorted())
  })
})

test('a person whom Apple knows already, although we had not seen it, is given the license', async () => {
  const { story, location } = await startPeopled({ notifications: false })
  await using _ = story
  const [id = ''] = await addPeople(story, [{ userName: 'ada' }])
  location.addUser({ clientUserId: id })
  await reserveFor(story, { adamId, ids: [id] })
  await story.settle()
  expect(creations(story)).toBe(1)
  expect(holdersAtApple(story)).toEqual([id])
  expect(await problems(story)).toEqual([])
})

test('a person who is invited joins at once when the directory learns the Managed Apple Account', async () => {
  const { story, location } = await startPeopled()
  await using _ = story
  location.addManagedAppleAccount('mei@school.example')
  const [id = ''] = await addPeople(story, [{ userName: 'mei' }])
  await reserveFor(story, { adamId, ids: [id] })
  await story.settle()
  await change(story, 'mei', { account: 'mei@school.example' })
  await wantAgain(story, id)
  await story.pass({ seconds: 5 })
  await story.pass({ seconds: 5 })
  expect((await knownAtApple(story)).get(id)).toMatchObject({ status: 'Associated', invited: false })
  expect(creations(story)).toBe(1)
})

test('somebody whom another program retires is registered anew while a license is wanted', async () => {
  const { story, location, tokenId } = await startPeopled()
  await using _ = story
  const [id = ''] = await addPeople(story, [{ userName: 'mei' }])
  await reserveFor(story, { adamId, ids: [id] })
  await story.settle()
  location.retireUser(id)
  await story.admin.sync(tokenId)
  await story.pass({ seconds: 5 })
  expect((await knownAtApple(story)).get(id)).toBeUndefined()
  await wantAgain(story, id)
  await story.settle()
  await story.pass({ seconds: 5 })
  expect(creations(story)).toBe(2)
  expect((await knownAtApple(story)).get(id)).toMatchObject({ status: 'Registered', invited: true })
})

test('limits that Apple lowers are met by smaller requests', async () => {
  const { story } = await startPeopled()
  await using _ = story
  const ids = await addPeople(story, names(7))
  story.apple.world.setKnobs({ limits: { maxUsers: 3 } })
  story.apple.world.forgetRequests()
  await reserveFor(story, { adamId, ids })
  await story.settle()
  expect(holdersAtApple(story)).toEqual(ids.toSorted())
  expect(story.apple.world.requests.filter((each) => each.errorNumber === 9714).length).toBe(1)
})

test('nobody is registered where another service has taken the location over', async () => {
  const { story, location } = await startPeopled()
  await using _ = story
  location.takeOver({ id: 'other', name: 'Other', metadata: '' })
  await story.pass({ minutes: 6 })
  const ids = await addPeople(story, names(1))
  await reserveFor(story, { adamId, ids })
  await story.pass({ minutes: 6 })
  expect(creations(story)).toBe(0)
})

/** The person as the API shows one, with how far she is at the only location. */
async function person(story: Story, userName: string) {
  const { items } = unwrap(await story.admin.api.GET('/api/v1/users', { params: { query: { q: userName } } }))
  const id = items[0]?.id ?? 0
  const user = unwrap(await story.admin.api.GET('/api/v1/users/{id}', { params: { path: { id } } }))
  return { id, joins: user.joins }
}

const inState = async (
  story: Story,
  joinState: 'registering' | 'waiting_to_join' | 'joined' | 'refused' | 'not_registered',
) =>
  unwrap(await story.admin.api.GET('/api/v1/users', { params: { query: { joinState } } })).items.map(
    (user) => user.userName,
  )

test('an administrator sees how far a person is, and may ask for the invitation, which is recorded', async () => {
  const { story, location, tokenId } = await startPeopled()
  await using _ = story
  const [id = ''] = await addPeople(story, [
    { userName: 'ada', email: 'ada@meridian.example' },
    { userName: 'cas' },
  ])
  await reserveFor(story, { adamId, ids: [id] })
  await story.settle()
  const invited = await person(story, 'ada')
  expect(invited.joins).toMatchObject([
    {
      token: { id: tokenId },
      state: 'waiting_to_join',
      invited: true,
      licenses: 1,
      email: 'ada@meridian.example',
      problem: null,
    },
  ])
  expect(await inState(story, 'waiting_to_join')).toEqual(['ada'])
  expect(await inState(story, 'not_registered')).toEqual(['cas'])
  const path = { id: invited.id, tokenId }
  const ask = () =>
    story.admin.api.POST('/api/v1/users/{id}/joins/{tokenId}/invitation', { params: { path } })
  const { url } = unwrap(await ask())
  expect(new URL(url).searchParams.get('inviteCode')).toMatch(/^[0-9a-f]{32}$/)
  const audit = unwrap(await story.admin.api.GET('/api/v1/audit', { params: { query: {} } }))
  expect(audit.items[0]).toMatchObject({
    action: 'user.invitation_shown',
    subject: { kind: 'user', name: 'ada' },
  })
  location.acceptInvitation(id)
  await story.pass({ seconds: 10 })
  expect((await person(story, 'ada')).joins).toMatchObject([{ state: 'joined', invited: false }])
  expect(await inState(story, 'joined')).toEqual(['ada'])
  expect((await ask()).error).toMatchObject({ code: 'invitation.none' })
})

test('an administrator sees why Apple refused somebody, and has it tried again', async () => {
  const { story, location, tokenId } = await startPeopled()
  await using _ = story
  const ids = await addPeople(story, [{ userName: 'mei', managedAccount: 'mei@school.example' }])
  await reserveFor(story, { adamId, ids })
  await story.settle()
  const refused = await person(story, 'mei')
  expect(refused.joins).toMatchObject([
    { state: 'refused', problem: { code: 'account_not_usable', errorNumber: 9635, again: null } },
  ])
  expect(await inState(story, 'refused')).toEqual(['mei'])
  // The account is made at Apple, which nobody tells us.
  location.addManagedAppleAccount('mei@school.example')
  const path = { id: refused.id, tokenId }
  const again = () => story.admin.api.POST('/api/v1/users/{id}/joins/{tokenId}/retry', { params: { path } })
  await again()
  await wantAgain(story, ids[0] ?? '')
  await story.pass({ seconds: 10 })
  await story.pass({ seconds: 10 })
  expect((await person(story, 'mei')).joins).toMatchObject([{ state: 'joined', problem: null }])
  expect((await again()).error).toMatchObject({ code: 'registration.not_refused' })
})

test('an assignment of user licenses to a group of people registers them, and gives each one license', async () => {
  const { story } = await startPeopled()
  await using _ = story
  const ids = await addPeople(story, [{ userName: 'ada' }, { userName: 'mei' }])
  await assignToPeople(story, ids)
  await story.settle()
  expect(holdersAtApple(story)).toEqual(ids.toSorted())
  expect((await person(story, 'mei')).joins).toMatchObject([{ state: 'waiting_to_join', licenses: 1 }])
})
