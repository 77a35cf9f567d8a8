import { expect, test } from 'vitest'
import { startAppleSim } from '../src/apple-sim.ts'
import { demoOrganization } from '../src/demo-organization.ts'
import { populate } from '../src/demo-world.ts'
import { GLYPHS } from '../src/icon-glyphs.ts'

const meridian = demoOrganization()

test('the demo organization is the same for the same seed, and another for another', () => {
  expect(demoOrganization()).toEqual(meridian)
  expect(demoOrganization(1).devices).not.toEqual(meridian.devices)
})

test('it has 2 locations, 40 titles, 500 devices and 120 users', () => {
  const { locations, titles, devices, users } = meridian
  expect([locations.length, titles.length, devices.length, users.length]).toEqual([2, 40, 500, 120])
  expect(titles.filter((title) => title.kind === 'epubBook')).toHaveLength(2)
  expect(titles.filter((title) => title.custom)).toHaveLength(1)
  const unlimited = locations.flatMap(({ assets }) => assets.filter(({ total }) => total === 'unlimited'))
  expect(new Set(unlimited.map(({ adamId }) => adamId)).size).toBe(3)
  for (const title of titles) expect(GLYPHS).toHaveProperty([title.icon?.glyph ?? 'none'])
})

test('identities are unique, and no name or address belongs to anybody', () => {
  const { titles, devices, users } = meridian
  const unique = (values: readonly string[]) => expect(new Set(values).size).toBe(values.length)
  unique(titles.map(({ adamId }) => adamId))
  unique(titles.flatMap(({ bundleId }) => bundleId ?? []))
  unique(devices.map(({ serialNumber }) => serialNumber))
  unique(users.map(({ email }) => email))
  for (const { email } of users) expect(email).toMatch(/^[a-z]+\.[a-z]+@meridian\.example$/)
  for (const { serialNumber } of devices)
    expect(serialNumber).toMatch(/^[0-9A-HJ-NP-Z]{10}([0-9A-HJ-NP-Z]{2})?$/)
})

test('every member of a group and every user of a device exists', () => {
  const { deviceGroups, userGroups, devices, users } = meridian
  const serials = new Set(devices.map(({ serialNumber }) => serialNumber))
  const emails = new Set(users.map(({ email }) => email))
  for (const { members } of deviceGroups) {
    expect(members.length).toBeGreaterThan(0)
    for (const member of members) expect(serials).toContain(member)
  }
  for (const { members } of userGroups) for (const member of members) expect(emails).toContain(member)
  for (const { userEmail } of devices) if (userEmail !== undefined) expect(emails).toContain(userEmail)
})

test('one title is scarcer than the group that wants it', () => {
  const { scarce, deviceGroups, locations } = meridian
  const wanted = deviceGroups.find(({ name }) => name === scarce.deviceGroup)?.members.length ?? 0
  const owned = locations.flatMap(({ assets }) => assets.filter(({ adamId }) => adamId === scarce.adamId))
  expect(Number(owned[0]?.total)).toBeLessThan(wanted)
})

test('a simulated Apple takes it in once: licenses held outside, a token for each location', async () => {
  await using apple = await startAppleSim()
  const [school, office] = populate(apple.world, meridian)
  populate(apple.world, meridian)
  expect(apple.world.locations).toHaveLength(2)
  expect(school?.heldCount).toBeGreaterThan(50)
  expect(office?.heldCount).toBeGreaterThan(10)
  expect(school?.tokens.map(({ isValid, role }) => [isValid, role])).toEqual([[true, 'manage']])
})
