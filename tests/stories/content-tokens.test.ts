import { Problem, unwrap } from '@apportion/api-client/client'
import { encodeContentToken } from '@apportion/apple-wire/content-token'
import { RELEASED } from '@apportion/apps-books/claim'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

let started: Story | undefined
beforeAll(async () => {
  started = await startStory()
})
afterAll(() => started?.[Symbol.asyncDispose]())

function story(): Story {
  if (started === undefined) throw new Error('The story did not start')
  return started
}

let locations = 0
function newLocation() {
  locations += 1
  return story().apple.world.addLocation({
    uId: String(5000 + locations),
    name: `Location ${locations}`,
    organizationName: 'Meridian College',
  })
}

/** The code and message of a refusal. */
async function refusal(attempt: Promise<unknown>): Promise<{ code: string; detail: string }> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, detail: error.detail }
    throw error
  }
  throw new Error('It was not refused')
}

async function tokenNow(id: number) {
  return unwrap(await story().admin.api.GET('/api/v1/tokens/{id}', { params: { path: { id } } }))
}

describe('T1 a file that is no usable content token is refused with the reason, and nothing is stored', () => {
  const inOneYear = new Date(Date.now() + 365 * 86_400_000)
  const cases: [string, () => string, string, RegExp][] = [
    ['an empty file', () => ' \n', 'token.empty', /empty/],
    ['text that is not Base64', () => 'this is no token!', 'token.not_base64', /Base64/],
    [
      'Base64 of something else than JSON',
      () => Buffer.from('no json').toString('base64'),
      'token.not_json',
      /does not hold/,
    ],
    [
      'JSON without the token',
      () => Buffer.from('{"orgName":"x"}').toString('base64'),
      'token.incomplete',
      /token/,
    ],
    [
      'a token past its date',
      () => encodeContentToken({ token: 'abc', expiresAt: new Date('2020-01-01'), organizationName: 'Old' }),
      'token.expired',
      /expired on 2020-01-01/,
    ],
    [
      'a token that Apple does not know',
      () => encodeContentToken({ token: 'abc', expiresAt: inOneYear, organizationName: 'Unknown' }),
      'token.invalid',
      /does not accept/,
    ],
    [
      'a token that was revoked at Apple',
      () => {
        const token = newLocation().mintToken()
        token.revoke()
        return token.file
      },
      'token.revoked',
      /revoked/,
    ],
    [
      'a token that may only read',
      () => newLocation().mintToken({ role: 'read' }).file,
      'token.read_only',
      /may only read/,
    ],
  ]
  for (const [title, file, code, detail] of cases) {
    test(title, async () => {
      const before = unwrap(await story().admin.api.GET('/api/v1/tokens')).items.length
      const refused = await refusal(story().admin.addToken(file()))
      expect(refused.code).toBe(code)
      expect(refused.detail).toMatch(detail)
      expect(unwrap(await story().admin.api.GET('/api/v1/tokens')).items.length).toBe(before)
    })
  }

  test('without consent to send identifiers to Apple', async () => {
    const body = {
      content: newLocation().mintToken().file,
      consent: false,
      automaticUpdates: false,
      takeOver: false,
    }
    const attempt = story().admin.api.POST('/api/v1/tokens', { body }).then(unwrap)
    expect((await refusal(attempt)).code).toBe('token.consent_missing')
  })

  test('a second token of a location that is here already names it and says to renew', async () => {
    const location = newLocation()
    await story().admin.addToken(location.mintToken().file, { name: 'North' })
    const refused = await refusal(story().admin.addToken(location.mintToken().file))
    expect(refused).toMatchObject({ code: 'token.already_known' })
    expect(refused.detail).toContain('"North"')
  })

  test('Apple cannot be reached', async () => {
    const { apple, admin } = story()
    const { file } = newLocation().mintToken()
    apple.world.faults.failNext({ fault: 'reset-before', times: 50, match: '/client/config' })
    expect((await refusal(admin.addToken(file))).code).toBe('apple.unreachable')
    apple.world.faults.clear()
  })
})

describe('T4 a location that another service manages', () => {
  test('is refused with the other’s name, and taken over on explicit consent only', async () => {
    const { admin, settle } = story()
    const location = newLocation()
    location.takeOver({ id: 'other-1', name: 'Other MDM', metadata: '' })
    const { file } = location.mintToken()
    const refused = await refusal(admin.addToken(file))
    expect(refused).toMatchObject({ code: 'token.managed_elsewhere' })
    expect(refused.detail).toContain('"Other MDM"')
    const id = await admin.addToken(file, { takeOver: true })
    await settle()
    expect(await tokenNow(id)).toMatchObject({ state: 'valid', managedBy: null })
  })

  test('and has let go since needs no taking over', async () => {
    const { admin, settle } = story()
    const location = newLocation()
    location.takeOver(RELEASED)
    const id = await admin.addToken(location.mintToken().file)
    await settle()
    expect(await tokenNow(id)).toMatchObject({ state: 'valid', managedBy: null })
  })

  test('T3 once another service takes it over, it is shown with its name and nothing more is written', async () => {
    const { apple, admin, settle } = story()
    const location = newLocation()
    location.own({ adamId: '810001', total: 5 })
    const id = await admin.addToken(location.mintToken().file)
    await admin.importCsv('groups', 'name,kind\nTaken,device\n')
    await admin.importCsv('devices', 'serial_number,groups\nTAKEN1,Taken\n')
    await settle()
    location.takeOver({ id: 'other-2', name: 'Other MDM', metadata: '' })
    await admin.sync(id)
    await settle()
    expect(await tokenNow(id)).toMatchObject({ state: 'managed_elsewhere', managedBy: { name: 'Other MDM' } })
    apple.world.forgetRequests()
    await admin.assign('810001', [{ group: 'Taken', intent: 'required' }])
    await story().pass({ seconds: 30 })
    expect(apple.world.countRequests({ path: '/assets/associate' })).toBe(0)

    const claim = { params: { path: { id } }, body: { takeOver: true as const } }
    unwrap(await admin.api.POST('/api/v1/tokens/{id}/claim', claim))
    await settle()
    expect(await tokenNow(id)).toMatchObject({ state: 'valid', managedBy: null })
    expect([...location.assignments('810001')].map((each) => each.serialNumber)).toEqual(['TAKEN1'])
  })
})

describe('T3 what becomes of a token', () => {
  test('one that expires within 30 days is expiring', async () => {
    const { admin, apple } = story()
    const expiresAt = new Date(apple.clock.now() + 20 * 86_400_000)
    const id = await admin.addToken(newLocation().mintToken({ expiresAt }).file)
    expect(await tokenNow(id)).toMatchObject({ state: 'expiring' })
  })

  test('one that Apple revoked is found by the next sync, and renewed in place with a newer one (T5)', async () => {
    const { admin, settle } = story()
    const location = newLocation()
    const first = location.mintToken()
    const id = await admin.addToken(first.file)
    await settle()
    first.revoke()
    await admin.sync(id)
    await settle()
    const revoked = await tokenNow(id)
    expect(revoked).toMatchObject({
      state: 'revoked',
      latestSync: { state: 'failed', problem: { code: 'token.revoked' } },
    })
    const renewal = (content: string) =>
      admin.api
        .PUT('/api/v1/tokens/{id}/content', { params: { path: { id } }, body: { content } })
        .then(unwrap)
    expect((await refusal(renewal(newLocation().mintToken().file))).code).toBe('token.different_location')
    expect(await renewal(location.mintToken().file)).toMatchObject({ id, state: 'valid' })
    await settle()
    expect((await tokenNow(id)).latestSync).toMatchObject({ state: 'done' })
  })
})
