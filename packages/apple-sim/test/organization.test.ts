import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { startAppleSim } from '../src/apple-sim.ts'
import { demoOrganization } from '../src/demo-organization.ts'
import { csvFiles, writeDirectory } from '../src/directory-csv.ts'
import { type InventedOrganization, inventOrganization } from '../src/invented-organization.ts'
import { organizationSize, PRESETS } from '../src/organization-size.ts'
import { enterOrganization } from '../src/organization-world.ts'
import { caller } from './support/scene.ts'

/** Everything that an organization says, without holding it. */
function fingerprint(organization: InventedOrganization): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify(organization.titles))
  for (const { assets, ...location } of organization.locations) {
    hash.update(JSON.stringify(location))
    for (const { holders, ...asset } of assets) hash.update(JSON.stringify([asset, [...holders()]]))
  }
  for (const { lines } of csvFiles(organization)) for (const line of lines()) hash.update(line)
  return hash.digest('hex')
}

describe('an invented organization', () => {
  test('is the same for the same seed, and another for another seed or size', () => {
    const school = fingerprint(inventOrganization({ preset: 'school', seed: 7 }))
    expect(fingerprint(inventOrganization({ preset: 'school', seed: 7 }))).toBe(school)
    expect(fingerprint(inventOrganization({ preset: 'school', seed: 8 }))).not.toBe(school)
    expect(fingerprint(inventOrganization({ preset: 'school', seed: 7, devices: 1999 }))).not.toBe(school)
    const company = { preset: 'company', devices: 3000, seed: 7 } as const
    expect(fingerprint(inventOrganization(company))).toBe(fingerprint(inventOrganization(company)))
  })

  const sizes: [string, Parameters<typeof inventOrganization>[0]][] = [
    ['the school', { preset: 'school' }],
    ['a small company', { preset: 'company', devices: 2000 }],
    ['one device without anything', { devices: 1, users: 0, titles: 1, licenses: 0 }],
    ['everybody has everything that fits', { devices: 30, users: 10, titles: 9, licenses: 90 }],
    ['more locations than places have names', { preset: 'company', devices: 500, locations: 23, seed: 3 }],
  ]
  for (const [name, wish] of sizes) {
    test(`${name}: has exactly the numbers asked for, and nobody holds a license twice`, () => {
      const organization = inventOrganization(wish)
      const { size, locations } = organization
      const devices = [...organization.devices()]
      expect([devices.length, [...organization.users()].length, organization.titles.length]).toEqual([
        size.devices,
        size.users,
        size.titles,
      ])
      expect(new Set(devices.map(({ serialNumber }) => serialNumber)).size).toBe(size.devices)
      expect(locations).toHaveLength(size.locations)
      expect(new Set(locations.map(({ uId }) => uId)).size).toBe(size.locations)
      let held = 0
      for (const { assets, devices: here, readers } of locations) {
        for (const asset of assets) {
          const holders = [...asset.holders()]
          expect(new Set(holders).size).toBe(asset.held)
          expect(holders.every((at) => at >= 0 && at < (asset.isBook ? readers : here.count))).toBe(true)
          if (asset.total !== 'unlimited') expect(asset.total).toBeGreaterThanOrEqual(asset.held)
          held += asset.held
        }
      }
      expect(held).toBe(size.licenses)
    })
  }

  test('licenses are skewed as they are in life: most are of a few titles, most titles have few', () => {
    const { locations, titles } = inventOrganization({ preset: 'school' })
    const held = locations.flatMap(({ assets }) => assets.map((asset) => asset.held)).sort((a, b) => b - a)
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
    expect(sum(held.slice(0, titles.length / 10)) / sum(held)).toBeGreaterThan(0.4)
    expect(held[Math.floor(held.length / 2)]).toBeLessThan((held[0] ?? 0) / 5)
  })

  test('what is not said keeps its proportion to the devices', () => {
    expect(organizationSize('company')).toEqual(PRESETS.company)
    expect(organizationSize('company', { devices: 5000, titles: 50 })).toEqual({
      devices: 5000,
      users: 4200,
      titles: 50,
      licenses: 85_000,
      locations: 6,
    })
  })

  const impossible: [Parameters<typeof organizationSize>[1], RegExp][] = [
    [{ devices: 0 }, /"devices" must be a whole number from 1 to 2000000, not 0/],
    [{ users: 1.5 }, /"users" must be a whole number from 0 .* not 1\.5/],
    [{ locations: 3000 }, /"locations" must be a whole number from 1 to 200, not 3000/],
    [{ devices: 2, locations: 3 }, /"locations" must be at most the number of devices, 2, not 3/],
    [{ devices: 10, titles: 3, licenses: 11 }, /"licenses" must be at most 10 for 10 devices and 3 titles/],
  ]
  for (const [wish, reason] of impossible) {
    test(`refuses ${JSON.stringify(wish)} and says why`, () => {
      expect(() => organizationSize('school', wish)).toThrow(reason)
    })
  }
})

test('a simulated Apple takes an organization in once, with licenses, readers and a token a location', async () => {
  await using apple = await startAppleSim({ knobs: { maxRequestPerSecond: Number.POSITIVE_INFINITY } })
  const organization = inventOrganization({ preset: 'company', devices: 400, seed: 5 })
  const locations = enterOrganization(apple.world, organization)
  enterOrganization(apple.world, organization)
  expect(apple.world.locations).toHaveLength(6)
  expect(locations.reduce((sum, { heldCount }) => sum + heldCount, 0)).toBe(organization.size.licenses)

  const [first] = locations
  const client = caller(apple, first?.tokens[0]?.file)
  const serialNumber = organization.serialNumber(0)
  const { assignments } = (await client.get(`/assignments?serialNumber=${serialNumber}`)).body
  expect(assignments.length).toBeGreaterThan(5)
  const readers = organization.locations[0]?.readers ?? 0
  const { users } = (await client.get('/users')).body
  expect(users).toHaveLength(readers)
  expect(new Set(users.map(({ status }) => status))).toEqual(new Set(['Registered', 'Associated']))
})

describe('the directory as CSV', () => {
  test('is written to a folder in the order of import, and says what the organization says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'directory-'))
    try {
      const organization = inventOrganization({ devices: 120, users: 60, seed: 2 })
      const paths = await writeDirectory(organization, folder)
      expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
        'users.csv',
        'devices.csv',
        'groups.csv',
      ])
      const rows = (await readFile(join(folder, 'devices.csv'), 'utf8')).trimEnd().split('\r\n')
      expect(rows).toHaveLength(121)
      expect(rows[1]?.split(',')[0]).toBe(organization.serialNumber(0))
      const emails = new Set([...organization.users()].map(({ email }) => email))
      const carriers = rows.slice(1).flatMap((row) => row.split(',').at(-1) || [])
      expect(carriers.length).toBeGreaterThan(10)
      for (const email of carriers) expect(emails).toContain(email)
      const serials = new Set([...organization.devices()].map((device) => device.serialNumber))
      for (const { kind, members } of organization.groups()) {
        for (const member of members) expect(kind === 'device' ? serials : emails).toContain(member)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('cuts what is too long for one import into numbered files, each with the header', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'directory-'))
    try {
      const count = 250_001
      const device = { name: 'n', modelName: 'm', os: 'iOS', osVersion: '26.2' } as const
      const directory = {
        users: () => [],
        groups: () => [],
        *devices() {
          for (let index = 0; index < count; index++) {
            yield { ...device, serialNumber: `S${index}`, ownership: 'corporate', supervised: true } as const
          }
        },
      }
      await writeDirectory(directory, folder)
      expect((await readdir(folder)).sort()).toEqual([
        'devices-1.csv',
        'devices-2.csv',
        'groups.csv',
        'users.csv',
      ])
      const second = await readFile(join(folder, 'devices-2.csv'), 'utf8')
      expect(second).toMatch(/^serial_number,.*\r\nS250000,n,m,iOS,26\.2,corporate,yes,\r\n$/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test('a million licenses take less than 40 bytes each, names of devices included', async () => {
  const script = fileURLToPath(new URL('./support/measure-memory.ts', import.meta.url))
  const flags = ['--expose-gc', script, '--devices=50000', '--titles=200']
  const { stdout } = await promisify(execFile)(process.execPath, flags)
  const { licenses, bytesALicense } = JSON.parse(stdout)
  expect(licenses).toBe(1_000_000)
  expect(bytesALicense).toBeLessThan(40)
})

test('the guide says how large each preset is', async () => {
  const guide = await readFile(new URL('../../../docs/guide/simulator.md', import.meta.url), 'utf8')
  const held = demoOrganization().locations.flatMap(({ assets }) =>
    assets.flatMap((asset) => asset.heldOutside),
  )
  const demo = { devices: 500, users: 120, titles: 40, licenses: held.length, locations: 2 }
  for (const [name, { devices, users, titles, licenses, locations }] of Object.entries({
    demo,
    ...PRESETS,
  })) {
    const numbers = [devices, users, titles, licenses, locations].map((value) => value.toLocaleString('en'))
    expect(guide).toContain(`| \`${name}\` | ${numbers.join(' | ')} |`)
  }
})
