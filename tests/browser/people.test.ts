/** U1 in the console: who has joined, the invitation, and what Apple refused. */
import AxeBuilder from '@axe-core/playwright'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Administrator } from '../support/administrator.ts'
import { until } from '../support/books.ts'
import { addPeople, reserveFor } from '../support/people.ts'
import { ada, type ConsoleUnderTest, open, signIn, startConsole } from './support/console.ts'

let system: ConsoleUnderTest
let page: Page
let ids: readonly number[] = []

beforeAll(async () => {
  system = await startConsole()
  const admin = await Administrator.setUp(system.server, ada)
  const location = system.apple.world.addLocation({
    uId: '300',
    name: 'Utrecht',
    organizationName: 'Meridian',
  })
  location.own({ adamId: '900001', total: 50 })
  await admin.addToken(location.mintToken().file)
  await until(() => admin.isQuiet(), 60, 'the first sync')
  const people = await addPeople(system, [
    { userName: 'ada', email: 'ada@meridian.example' },
    { userName: 'mei', managedAccount: 'mei@elsewhere.example' },
  ])
  await reserveFor(system, { adamId: '900001', ids: people })
  await until(() => admin.isQuiet(), 60, 'the registrations')
  const { rows } = await sql<{ id: number }>`SELECT id FROM users ORDER BY user_name`.execute(
    system.database.kysely,
  )
  ids = rows.map((row) => row.id)
  page = (await system.visit({ reducedMotion: 'reduce' })).page
  await signIn(page)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('the page of an invited person shows the invitation only when it is asked for', async () => {
  await open(page, `/users/${ids[0]}`)
  await page.getByText('Waiting for the person to join').waitFor()
  expect(await page.content()).not.toContain('inviteCode')
  await page.getByRole('button', { name: 'Show the invitation' }).click()
  await page.getByText(/inviteCode=[0-9a-f]{32}/).waitFor()
  await page.getByRole('button', { name: 'Copy the address' }).waitFor()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})

test('the page of a person whom Apple refused says why and what to do', async () => {
  await open(page, `/users/${ids[1]}`)
  await page.getByText('Refused by Apple').waitFor()
  await page.getByText(/Apple cannot associate this Managed Apple Account.*9635/).waitFor()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})

test('the page of a person who was asked on a device says what became of it, also on a phone', async () => {
  await sql`WITH device AS (
      INSERT INTO devices (serial_number, name, platform, user_id, created_at, updated_at)
      VALUES ('C02ADA0001', 'iPad of Ada', 'iPadOS', ${ids[0]}, now(), now()) RETURNING id
    ), enrollment AS (
      INSERT INTO enrollments (channel, identifier, kind, device_id, ownership, state, authenticated_at, enrolled_at,
        last_seen_at)
      SELECT 'mdm', 'ADA-1', 'device', id, 'corporate', 'enrolled', now(), now(), now() FROM device RETURNING id
    )
    UPDATE device_invitations SET enrollment_id = enrollment.id, command_id = gen_random_uuid(), asked_at = now(),
      answered_at = now(), result = 'InvalidInvitationURL' FROM enrollment WHERE user_id = ${ids[0]}`.execute(
    system.database.kysely,
  )
  const viewport = { width: 360, height: 740 }
  for (const options of [{}, { viewport, colorScheme: 'dark' }] as const) {
    const { page: visit } = await system.visit({ reducedMotion: 'reduce', ...options })
    await signIn(visit)
    await open(visit, `/users/${ids[0]}`)
    await visit.getByText(/The device did not show it on .*: InvalidInvitationURL/).waitFor()
    await visit.getByRole('link', { name: 'iPad of Ada' }).first().waitFor()
    expect((await new AxeBuilder({ page: visit }).analyze()).violations).toEqual([])
    expect(await visit.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0)
  }
})
