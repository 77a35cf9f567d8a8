/**
 * Simulated devices from enrollment to verified apps, while nearly everything goes wrong; the invariants are
 * checked at the end. `APPORTION_DEVICES=1000` takes a thousand of them, `APPORTION_SEED` replays a world.
 */
import { manualClock } from '@apportion/apple-sim/clock'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import { type DeviceKind, deviceKinds } from '@apportion/apple-sim/devices/device-identity'
import { sharedKeys } from '@apportion/apple-sim/devices/keys'
import { type Random, seededRandom } from '@apportion/apple-sim/random'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { expectSameBooks } from '../support/books.ts'
import { type Story, startStory } from '../support/story.ts'

const { APPORTION_SEED: seed = '1', APPORTION_DEVICES: count = '200' } = process.env

const apps = [
  { adamId: '900001', bundleId: 'example.reader', name: 'Reader', share: 2 },
  { adamId: '900002', bundleId: 'example.atlas', name: 'Atlas', share: 0.7 },
] as const

/** Kinds that take device licenses. */
const kinds = deviceKinds.filter((kind) => kind !== 'user_enrollment')

test(`seed ${seed}: ${count} devices come to their apps, and the invariants hold`, {
  timeout: 3_600_000,
}, async () => {
  const total = Number(count)
  const random = seededRandom(Number(seed))
  const clock = manualClock(Date.parse('2026-11-02T09:00:00Z'))
  await using story = await startStory({
    devices: { keys: sharedKeys(8), seed: Number(seed) },
    apple: { clock, seed: Number(seed) },
  })
  await begin(story, total)
  const devices = await enrollAll(story, { total, random })
  for (const { adamId } of apps)
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
  for (let turn = 0; turn < 24; turn += 1) {
    for (let acts = 0; acts < total / 25; acts += 1) act(devices[random.below(devices.length)], random)
    if (random.chance(0.5))
      story.fleet.devices.push.failNext({ status: 503, reason: 'ServiceUnavailable', times: 5 })
    if (random.chance(0.3))
      story.fleet.devices.push.failNext({ status: 429, reason: 'TooManyRequests', times: 5 })
    if (random.chance(0.4)) story.apple.world.faults.failNext({ fault: '503' })
    if (random.chance(0.2)) story.fleet.devices.push.sendAway()
    await story.pass({ seconds: 20 + random.below(120) })
    await expectNeverOver(story)
  }
  await recover(story, devices)
  await expectEverythingHasAReason(story, devices)
  expectNoInstallWithoutLicense(devices)
  await expectTruth(story, devices)
  await expectSameBooks(story.apple, story.admin, { uId: '300', adamIds: apps.map(({ adamId }) => adamId) })
})

async function begin({ apple, admin, fleet, settle }: Story, total: number): Promise<void> {
  const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
  for (const { share, ...title } of apps) {
    apple.world.addTitle({ ...title, kind: 'iosSoftware', publisher: 'Harbor' })
    location.own({ adamId: title.adamId, total: Math.round(total * share) })
  }
  await admin.addToken(location.mintToken().file)
  await settle()
  await fleet.certify()
}

/** From behind one address only so many get their identities in a minute. */
const inAMinute = 150

async function enrollAll(
  { fleet, pass }: Story,
  { total, random }: { readonly total: number; readonly random: Random },
): Promise<SimulatedDevice[]> {
  const address = await fleet.link({ ownership: 'corporate', uses: total })
  const devices: SimulatedDevice[] = []
  while (devices.length < total) {
    const wishes = Array.from({ length: Math.min(inAMinute, total - devices.length) }, () => ({
      kind: kindAt(random),
    }))
    for await (const { device, error } of fleet.devices.enrollFleet(wishes, () => `${address}/profile`)) {
      if (error !== undefined) throw error
      devices.push(device)
    }
    await pass({ seconds: 61 })
  }
  return devices
}

const kindAt = (random: Random): DeviceKind => kinds[random.below(kinds.length)] ?? 'supervised'

/** What devices and their people do. */
function act(device: SimulatedDevice | undefined, random: Random): void {
  if (device === undefined) return
  const acts = [
    () => device.goOffline(),
    () => device.goOnline(),
    () => device.goOnline(),
    () => device.loseCommands(1 + random.below(2)),
    () => device.failNextDownload(),
    () => device.person.always(random.chance(0.5) ? 'refuse' : 'ignore'),
    () => device.person.always('accept'),
    () => device.restart(),
    () => device.unlock(),
    () => device.rotateToken(),
    () => device.deleteApp(apps[random.below(apps.length)]?.bundleId ?? ''),
    () => device.signWith(random.chance(0.5) ? 'sha1' : 'sha256'),
    () => random.chance(0.2) && device.isEnrolled && device.leave(),
  ]
  try {
    acts[random.below(acts.length)]?.()
  } catch {
    // It was impossible: no such app, or the device has left.
  }
}

/** Everybody comes back and agrees, and a week goes by. */
async function recover(story: Story, devices: readonly SimulatedDevice[]): Promise<void> {
  for (const device of devices) {
    device.goOnline()
    device.unlock()
    device.person.always('accept')
  }
  for (let hour = 0; hour < 8; hour += 1) {
    await story.pass({ minutes: 20 })
    await story.settle()
  }
  for (let day = 0; day < 7; day += 1) {
    await story.pass({ minutes: 24 * 60 })
    for (let step = 0; step < 6; step += 1) await story.pass({ seconds: 40 })
    await story.settle()
  }
}

/** Invariant 1, at Apple and here. */
async function expectNeverOver({ database }: Story): Promise<void> {
  const { rows } = await sql`SELECT adam_id FROM assets WHERE held + reserved > total`.execute(
    database.kysely,
  )
  expect(rows).toEqual([])
}

/** Invariant 2: a command that comes without a license is answered with 12064, and none was. */
function expectNoInstallWithoutLicense(devices: readonly SimulatedDevice[]): void {
  const refused = devices.flatMap(({ heard, identity }) =>
    heard.filter(({ errors }) => errors.includes(12_064)).map(() => identity.serialNumber),
  )
  expect(refused).toEqual([])
}

/**
 * Invariant 6: what is wanted is there, or was begun within the hour, but for devices that left and could not say so; those
 * wait, by their words.
 */
async function expectEverythingHasAReason(
  { apple, database }: Story,
  devices: readonly SimulatedDevice[],
): Promise<void> {
  const hourAgo = new Date(apple.clock.now() - 3_600_000)
  const enrolled = devices.filter((device) => device.isEnrolled).map(({ identity }) => identity.serialNumber)
  const { rows } = await sql<{ here: boolean; said: string; row: object }>`
    SELECT d.serial_number = ANY(${enrolled}::text[]) AS here, i.state || ' ' || (i.cause ->> 'code') AS said,
      jsonb_build_object('device', d.serial_number, 'adamId', i.adam_id, 'state', i.state, 'cause', i.cause,
        'since', i.since, 'due', i.due_at, 'polls', i.polls, 'attempts', i.attempts, 'bundle', i.bundle_id,
        'command', (SELECT c.state FROM commands c WHERE c.enrollment_id = e.id AND c.id = i.command_id)) AS row
    FROM installs i JOIN devices d ON d.id = i.device_id
    JOIN enrollments e ON e.id = i.enrollment_id AND e.state = 'enrolled' WHERE i.wanted = 'installed'
      AND i.state <> 'installed' AND i.since < ${hourAgo}`.execute(database.kysely)
  expect(rows.filter(({ here }) => here).map(({ row }) => row)).toEqual([])
  const silent = [
    'commanded queued',
    'installing downloading',
    'failed not_finished',
    'prompting asked_to_agree',
  ]
  for (const { said } of rows.filter(({ here }) => !here))
    expect([...silent, 'installed verified']).toContain(said)
}

/** What stands here as installed is on the device. */
async function expectTruth(story: Story, devices: readonly SimulatedDevice[]): Promise<void> {
  const bySerial = new Map(devices.map((device) => [device.identity.serialNumber, device]))
  const { rows } = await sql<{ serial_number: string; bundle_id: string }>`
    SELECT d.serial_number, i.bundle_id FROM installs i JOIN devices d ON d.id = i.device_id
    WHERE i.state = 'installed'`.execute(story.database.kysely)
  const wrong = rows.filter(({ serial_number, bundle_id }) => {
    const device = bySerial.get(serial_number)
    return device?.isEnrolled === true && !device.app(bundle_id)?.managed
  })
  expect(wrong).toEqual([])
  expect(rows.length).toBeGreaterThan(0)
}
