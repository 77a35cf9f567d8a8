import type { ResponseUser } from '@apportion/apple-wire/messages'
import { expect, test } from 'vitest'
import { registration, scene } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const BOOK = '9'

/** A user with an email who is invited, and what a person can do in a browser. */
async function invitedScene() {
  const at = await scene()
  at.location.own({ adamId: BOOK, total: 5, productType: 'Book' })
  at.location.addUser({ clientUserId: 'u1', email: 'eva@meridian.example' })
  const users = async (): Promise<readonly ResponseUser[]> => (await at.get('/users')).body.users ?? []
  const inviteCode = async () => (await users()).find((user) => user.inviteCode)?.inviteCode ?? 'none'
  /** The address that a client makes of the template and sends by mail. */
  const address = async (code?: string) => {
    const { urls } = (await at.get('/service/config')).body
    return String(urls.invitationEmail).replace('%25inviteCode%25', code ?? (await inviteCode()))
  }
  const open = async (url: string) => {
    const response = await fetch(url)
    return { status: response.status, headers: response.headers, html: await response.text() }
  }
  const accept = async (appleAccount: string, code?: string) => {
    const body = new URLSearchParams({ inviteCode: code ?? (await inviteCode()), appleAccount })
    const response = await fetch(await address(), { method: 'POST', body })
    return { status: response.status, html: await response.text() }
  }
  return { ...at, users, inviteCode, address, open, accept }
}

test('C30 the address of the invitation opens a page that names the organization and asks for the account', async () => {
  await using at = await invitedScene()
  const { status, headers, html } = await at.open(await at.address())
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8'])
  expect(html).toContain('<html lang="en">')
  expect(html).toContain('<h1>HARBOR invites you to apps and books</h1>')
  expect(html).toContain('Harbor school')
  expect(html).toContain('eva@meridian.example')
  expect(html).toMatch(/<label for="account">/)
  expect(html).toMatch(/<input id="account" name="appleAccount" type="email"/)
})

test('C30 signing in on the page associates the user and is announced, and the invitation is used up', async () => {
  await using at = await invitedScene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url))
  const code = await at.inviteCode()
  const done = await at.accept('eva@icloud.example')
  expect([done.status, done.html]).toEqual([200, expect.stringContaining('eva@icloud.example')])
  await at.world.settle()
  expect(await at.users()).toMatchObject([{ clientUserId: 'u1', status: 'Associated' }])
  const [announced] = webhook.ofType('USER_ASSOCIATED')
  expect(announced?.notification.associatedUsers).toMatchObject([
    { clientUserId: 'u1', inviteCode: code, status: 'Associated' },
  ])
  expect((await at.open(await at.address(code))).status).toBe(404)
  expect((await at.accept('other@icloud.example', code)).status).toBe(404)
})

test('C30 an unknown code, no address and an account in use are told on the page, and change nothing', async () => {
  await using at = await invitedScene()
  at.location.addUser({ clientUserId: 'u2' })
  at.location.acceptInvitation('u2', 'taken@icloud.example')
  expect((await at.open(await at.address('wrong'))).status).toBe(404)
  const table: [string, number, RegExp][] = [
    ['no address', 422, /role="alert">Enter an email address/],
    ['', 422, /aria-invalid="true" aria-describedby="problem"/],
    ['taken@icloud.example', 409, /in use for another person/],
  ]
  for (const [account, status, text] of table) {
    const reply = await at.accept(account)
    expect([account, reply.status]).toEqual([account, status])
    expect(reply.html).toMatch(text)
  }
  expect((await at.users())[0]?.status).toBe('Registered')
  expect((await fetch(await at.address(), { method: 'DELETE' })).status).toBe(405)
  const large = await fetch(await at.address(), { method: 'POST', body: 'x'.repeat(20_000) })
  expect(large.status).toBe(413)
})

test('C30 what a person entered is shown as text, never as markup', async () => {
  await using at = await invitedScene()
  const { html } = await at.accept('"><script>alert(1)</script>')
  expect(html).not.toContain('<script>')
  expect(html).toContain('&quot;&gt;&lt;script&gt;')
})

test('C32 on the page too, the old account brings back the old row, and another one takes the books along', async () => {
  for (const [account, rows, holder] of [
    ['eva@icloud.example', ['Associated', 'Retired'], 0],
    ['new@icloud.example', ['Deleted', 'Associated'], 1],
  ] as const) {
    await using at = await invitedScene()
    await at.accept('eva@icloud.example')
    await at.carryOut('/assets/associate', { assets: [{ adamId: BOOK }], clientUserIds: ['u1'] })
    at.location.retireUser('u1')
    expect(at.location.counts(BOOK)).toMatchObject({ assigned: 0, retired: 1 })
    at.location.addUser({ clientUserId: 'u1', email: 'eva@meridian.example' })
    expect((await at.accept(account)).status).toBe(200)
    const users = await at.users()
    expect(users.map(({ status }) => status)).toEqual(rows)
    expect(at.location.counts(BOOK)).toMatchObject({ assigned: 1, retired: 0 })
    const [held] = (await at.get('/assignments?includeUserState=true')).body.assignments
    expect(held).toMatchObject({ userStatus: 'Associated', idHash: users[holder]?.idHash })
  }
})

test('C46 the invite code does not appear in the request log', async () => {
  await using at = await invitedScene()
  const code = await at.inviteCode()
  await at.open(await at.address())
  await at.accept('eva@icloud.example', code)
  const log = JSON.stringify(at.world.requests)
  expect(log).toContain('associateVPPUserWithITSAccount')
  expect(log).not.toContain(code)
})
