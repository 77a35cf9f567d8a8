import { readFile } from 'node:fs/promises'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Administrator } from '../support/administrator.ts'
import { until } from '../support/books.ts'
import { faultsOf } from './support/accessible.ts'
import { ada, type ConsoleUnderTest, open, signIn, startConsole } from './support/console.ts'

/** From nothing to a device under management, and out again, as a person does it; the device is a simulated one. */

let system: ConsoleUnderTest
let admin: Administrator
let page: Page
let complaints: readonly string[]
let device: SimulatedDevice
let deviceId: number

beforeAll(async () => {
  system = await startConsole({ devices: true })
  admin = await Administrator.setUp(system.server, ada)
  const location = system.apple.world.addLocation({
    uId: '300',
    name: 'Utrecht',
    organizationName: 'Meridian',
  })
  await admin.addToken(location.mintToken().file)
  ;({ page, complaints } = await system.visit())
  await signIn(page)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('D1 without a push certificate a link is refused, with what to do', async () => {
  await page.getByRole('link', { name: 'Enrollment' }).click()
  await page.getByRole('heading', { level: 1, name: 'Enrollment' }).waitFor()
  await page.getByText('No push certificate yet').waitFor()
  await page.getByText('No device is under management yet').waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Enrollment links' }).click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page
    .getByRole('alert')
    .getByText(/push certificate/)
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('D1 three steps lead to a push certificate: the request, Apple, the upload', async () => {
  await page.getByRole('button', { name: 'Get one' }).click()
  await page.getByRole('button', { name: 'Make it' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download the request' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('apportion-push.csr')
  const request = await readFile(await download.path(), 'utf8')
  const certificate = system.fleet.devices.push.authority.certify({ request })
  await choose('notes.pem', '-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n')
  await page.getByRole('button', { name: 'Take it into use' }).click()
  await page.getByRole('alert').waitFor()
  await choose('certificate.pem', certificate)
  await page.getByRole('button', { name: 'Take it into use' }).click()
  await page.getByText('The push certificate is in use.').waitFor()
  await page
    .locator('[data-push=good]')
    .getByText(/^3\d\d$/)
    .waitFor()
})

async function choose(name: string, text: string): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
}

test('D1 a link is shown once, and a device enrolls with it', async () => {
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByRole('combobox', { name: 'Whose the devices are' }).selectOption('Corporate')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('The link is shown this once').waitFor()
  const address = (await page.locator('[data-address]').textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: /Any device.*Open.*0 of 1/ }).waitFor()
  expect(await page.content()).not.toContain(address)
  device = await system.fleet.enroll({ kind: 'supervised' }, address)
  await open(page, '/enrollment?tab=links')
  await page.getByRole('row', { name: /Any device.*Used up.*1 of 1/ }).waitFor()
})

test('D1 the device is there by itself, under management, with what it was told', async () => {
  await open(page, '/devices')
  await page.getByRole('link', { name: device.identity.serialNumber }).click()
  await page.waitForURL(/\/devices\/\d+$/)
  deviceId = Number(/\d+$/.exec(page.url())?.[0])
  await page.getByRole('tab', { name: 'Management' }).click()
  await page.locator('[data-management=enrolled]').getByText('Under management').waitFor()
  await page.getByText('Recent commands').press('Enter')
  await page.locator('[data-command=done]').getByText('DeviceInformation').first().waitFor()
})

test('D1 “Wake now” wakes it', async () => {
  const before = await wokenAt()
  await page.getByRole('button', { name: 'Wake now' }).click()
  await page.getByText('The device is being woken.').waitFor()
  await until(async () => (await wokenAt()) !== before, 60, 'the push')
})

async function wokenAt(): Promise<string | null> {
  const { rows } = await sql<{ woken_at: Date | null }>`SELECT woken_at FROM enrollments
    WHERE device_id = ${deviceId} ORDER BY id DESC LIMIT 1`.execute(system.database.kysely)
  return rows[0]?.woken_at?.toISOString() ?? null
}

test('D1 the list names who has the device, how it stands, and until when its certificate is good', async () => {
  await admin.api.POST('/api/v1/users', { body: { userName: 'grace', name: 'Grace Hopper' } })
  const { serialNumber } = device.identity
  await admin.api.POST('/api/v1/devices', { body: { serialNumber, userName: 'grace' } })
  await open(page, '/enrollment')
  const row = page.getByRole('row', { name: new RegExp(`${serialNumber}.*Grace Hopper.*Managed`) })
  await row.getByText('At this server').waitFor()
  const { rows } = await sql<{ not_after: Date }>`SELECT not_after FROM identity_certificates
    WHERE state = 'pinned'`.execute(system.database.kysely)
  const inAmsterdam = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'Europe/Amsterdam' })
  await row.getByText(inAmsterdam.format(rows[0]?.not_after), { exact: true }).waitFor()
  await row.getByRole('link').press('Enter')
  await page.locator('[data-management=enrolled]').waitFor()
})

test('D1 the list is read page by page, filtered by state and searched by serial number', async () => {
  const { serialNumber } = device.identity
  await sql`INSERT INTO devices (serial_number, name, ownership, created_at, updated_at)
    SELECT 'ZZ' || lpad(i::text, 4, '0'), 'Old iPad ' || i, 'corporate', now(), now() FROM generate_series(1, 240) i`.execute(
    system.database.kysely,
  )
  await sql`INSERT INTO enrollments (channel, identifier, kind, device_id, ownership, state, authenticated_at, enrolled_at,
      left_at, left_cause, last_seen_at)
    SELECT 'mdm', 'U' || serial_number, 'device', id, 'corporate', 'left', now(), now(), now(), 'checked_out', now()
    FROM devices WHERE serial_number LIKE 'ZZ%' ORDER BY id`.execute(system.database.kysely)
  await open(page, '/enrollment')
  for (const loaded of ['100 rows', '200 rows', '241 rows']) {
    await page.getByText(loaded).waitFor()
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
  }
  await page.getByRole('row', { name: serialNumber }).waitFor()
  await page.getByRole('combobox', { name: 'State' }).selectOption('Left')
  await page.waitForURL(/state=left/)
  await page.getByRole('row', { name: /ZZ0240.*Left.*Profile removed on it/ }).waitFor()
  await page.getByRole('searchbox', { name: 'Start of the serial number' }).fill('zz023')
  await page.getByText('10 rows').waitFor()
  expect(await page.getByRole('row').nth(1).textContent()).toContain('ZZ0230')
  await page.getByRole('searchbox').fill('nowhere')
  await page.getByText('No device is like this').waitFor()
})

test('D1 a list that cannot be read says so, and is read again', async () => {
  const list = /\/api\/v1\/enrollments\?/
  await page.route(list, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'database.unavailable', status: 503, title: '', detail: '' }),
    }),
  )
  await page.goto('/enrollment?state=enrolled')
  const alert = page.getByRole('alert')
  await alert.waitFor()
  await page.unroute(list)
  await alert.getByRole('button').click()
  await page.getByRole('row', { name: device.identity.serialNumber }).waitFor()
})

test('D6 apps by declaration are switched on for the organization, with what that changes', async () => {
  const isOn = async () => (await admin.api.GET('/api/v1/settings/declarative-apps')).data?.enabled
  await open(page, '/enrollment')
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByText(/^A change holds for what begins from then on/).waitFor()
  const lever = page.getByRole('switch', { name: 'Apps by declaration' })
  expect([await lever.isChecked(), await isOn()]).toEqual([false, false])
  await lever.press('Space')
  await page.getByText('From now on apps come by declaration').waitFor()
  expect([await lever.isChecked(), await isOn()]).toEqual([true, true])
  await open(page, '/enrollment?tab=settings')
  await lever.press('Space')
  await page.getByText('From now on apps come by commands.').waitFor()
  expect([await lever.isChecked(), await isOn()]).toEqual([false, false])
})

test('these pages are for everybody, in light and dark and on a phone', async () => {
  const tabs = ['', '?tab=links', '?tab=settings', '?state=left', '?q=none'].map((tab) => `/enrollment${tab}`)
  expect(await faultsOf(page, [...tabs, `/devices/${deviceId}?tab=installs`])).toEqual([])
  expect(complaints).toEqual([])
}, 300_000)

test('D1 what is enrolled at NanoMDM is removed there, and not here', async () => {
  const enrollAt = (channel: string) =>
    sql`UPDATE enrollments SET channel = ${channel} WHERE device_id = ${deviceId}`.execute(
      system.database.kysely,
    )
  await enrollAt('nanomdm')
  await open(page, `/devices/${deviceId}?tab=installs`)
  await page.getByText('Enrolled at NanoMDM; remove it there').waitFor()
  await page.getByRole('button', { name: 'Wake now' }).waitFor()
  expect(await page.getByRole('button', { name: 'Remove from management' }).count()).toBe(0)
  await enrollAt('mdm')
})

test('D1 removing it asks for its name, and the device gives its profile up', async () => {
  await open(page, `/devices/${deviceId}?tab=installs`)
  await page.getByRole('button', { name: 'Remove from management' }).click()
  const dialog = page.getByRole('dialog')
  const name = device.identity.name
  await dialog.getByRole('textbox', { name: `Type ${name} to go on` }).fill('another')
  await dialog.getByRole('button', { name: 'Remove from management' }).click()
  await dialog.getByText('That is not the name.').waitFor()
  await dialog.getByRole('textbox').fill(name)
  await dialog.getByRole('button', { name: 'Remove from management' }).press('Enter')
  await page.locator('[data-management=left]').getByText('An administrator took it out.').waitFor()
  expect(await page.getByRole('button', { name: 'Wake now' }).count()).toBe(0)
  await until(async () => !device.isEnrolled, 30, 'the device to give its profile up')
  await open(page, `/enrollment?q=${device.identity.serialNumber.toLowerCase()}`)
  await page.getByRole('row', { name: /Grace Hopper.*Left.*Taken out here/ }).waitFor()
})

test('D1 a link that was revoked is of no use', async () => {
  await open(page, '/enrollment?tab=links')
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByRole('textbox', { name: 'Devices that may use it' }).fill('25')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const address = (await page.locator('[data-address]').textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: /0 of 25/ }).waitFor()
  await page.getByRole('button', { name: 'Revoke the link for Any device' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('row', { name: /Revoked.*0 of 25/ }).waitFor()
  await expect(system.fleet.enroll({ kind: 'supervised' }, address)).rejects.toMatchObject({
    name: 'EnrollmentFailed',
    step: 'fetch',
    message: expect.stringMatching(/ answers 410$/),
  })
})

test.each([
  [30, 'notice'],
  [14, 'warning'],
  [7, 'critical'],
  [1, 'critical'],
] as const)('D1 %i days before its end the certificate says so', async (days, severity) => {
  await sql`UPDATE push_certificates SET not_after = now() + ${days}::int * interval '1 day'`.execute(
    system.database.kysely,
  )
  await open(page, '/enrollment')
  const notice = page.locator(`[data-severity=${severity}]`)
  await notice.getByText(days === 1 ? 'It ends in 1 day' : `It ends in ${days} days`).waitFor()
})

test('D1 one that has ended is the first thing to read, and the overview leads to it', async () => {
  await sql`UPDATE push_certificates SET not_after = now() - interval '1 day'`.execute(system.database.kysely)
  await open(page, '/')
  await page.getByRole('link', { name: /The push certificate ended on/ }).click()
  await page.getByText('No device is woken any more. Renew it with the same Apple Account').waitFor()
  await page.getByRole('button', { name: 'Renew' }).click()
  await page.getByText(/^Choose “Renew” at the present certificate/).waitFor()
})
